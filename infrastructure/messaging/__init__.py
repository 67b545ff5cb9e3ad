"""Mail: the words of letters, the message they become, and the ways it leaves."""
