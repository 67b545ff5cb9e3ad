"""What is looked up for carts and orders, and what a purchase would cost."""
