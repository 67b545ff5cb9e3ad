"""What people ask to be told."""
