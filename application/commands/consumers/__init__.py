"""What the owners of consumer groups ask for, with the groups' books changed in the append that says so."""
