"""What operators do to workers' bookkeeping, in the transaction of the events that say so."""
