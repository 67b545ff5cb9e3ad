"""The few pages that the server itself shows to people: public groups, payments, passes, and what mailed links lead to."""
