"""What history costs that can be trusted."""
