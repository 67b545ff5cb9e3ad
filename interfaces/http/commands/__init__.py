"""Everything that changes something: POST, PUT, PATCH, DELETE."""
