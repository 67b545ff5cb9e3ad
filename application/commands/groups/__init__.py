"""What has to be looked up before groups are opened."""
