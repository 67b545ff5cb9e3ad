"""Jobs that tell the people of groups what concerns them."""
