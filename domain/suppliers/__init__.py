"""Suppliers: companies that sell wholesale goods to groups, once staff have verified who they are."""
