"""What sellers see of their stock, and buyers of what there is."""
