"""The role `react`: what events owe is written down, in the order of the log and once."""
