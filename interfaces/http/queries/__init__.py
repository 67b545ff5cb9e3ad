"""Everything that only asks: GET, answered from read models."""
