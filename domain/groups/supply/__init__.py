"""What a locked group has to do with its supplier: the quote, the shipment and what is wrong with the goods."""
