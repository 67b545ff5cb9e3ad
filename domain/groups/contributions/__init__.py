"""What members pay for their part of a group, and what of it goes back."""
