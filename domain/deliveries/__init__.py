"""How goods reach their buyers: zones and slots to choose from, deliveries, and the couriers who make them."""
