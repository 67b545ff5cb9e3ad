"""Read models of groups that buy together: the page, the members, what happened, and the search."""
