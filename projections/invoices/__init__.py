"""Read models of invoices and credit notes, and of what people want to stand on them."""
