"""Pages for installations without a mail server, an SMS gateway or a payment provider: what would have gone there."""
