"""Traders who buy together: groups, their supply, and the passes that goods are handed out for."""
