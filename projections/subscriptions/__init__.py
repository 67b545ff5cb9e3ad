"""What people take again and again, as they and the staff see it."""
