"""Orders: what is in the cart, what it costs, and what becomes of it once it is bought."""
