"""What letters and texts about the shop tell: looked up when they are written, not when they fell due."""
