"""Commands of conversations that need the group to be looked up."""
