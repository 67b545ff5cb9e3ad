"""What suppliers and organisers see of quotes and shipments."""
