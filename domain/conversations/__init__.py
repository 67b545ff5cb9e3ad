"""What the people of a group say to each other."""
