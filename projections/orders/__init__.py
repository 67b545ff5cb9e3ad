"""Read models of carts, orders and discount codes."""
