"""What the owners of webhook endpoints ask for, with the endpoints' books changed in the append that says so."""
