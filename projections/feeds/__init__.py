"""Feeds: what of the log is public, for consumers who follow along or catch up."""
