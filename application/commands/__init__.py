"""Commands before which something must be looked up, hashed or stored."""
