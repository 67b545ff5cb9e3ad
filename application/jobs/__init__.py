"""What events owe is done here, one job at a time, through ports."""
