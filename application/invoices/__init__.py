"""Invoices are made when an order is paid, credit notes when money goes back."""
