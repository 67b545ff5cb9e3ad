"""What has to be looked up before groups are opened, and before somebody acts for a supplier."""
