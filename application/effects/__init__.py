"""What events owe the outside world, declared per family: pure, without I/O."""
