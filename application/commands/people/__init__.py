"""Commands of people that need something to be looked up."""
