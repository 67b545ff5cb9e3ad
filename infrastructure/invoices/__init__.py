"""Invoices and credit notes on paper: how they are set, and how their files are kept."""
