"""What operators ask for, with the books of the workers changed in the append that says so."""
