"""Read models of users: their profiles, their keys, and how many hold each role."""
