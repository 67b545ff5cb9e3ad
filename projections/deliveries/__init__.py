"""Read models of zones, slots, deliveries and couriers."""
