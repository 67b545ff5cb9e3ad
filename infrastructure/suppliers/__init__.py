"""What suppliers need of the outside."""
