"""What is owed where money is asked for: at providers, on papers, for tiers."""
