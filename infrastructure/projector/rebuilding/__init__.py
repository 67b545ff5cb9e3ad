"""Read models built anew beside the served ones, to take their place or to be compared with them."""
