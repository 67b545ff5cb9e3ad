"""The few pages that the server itself shows to people: behind mailed links, and the local mailbox."""
