"""What people take again and again: orders that repeat by a rule."""
