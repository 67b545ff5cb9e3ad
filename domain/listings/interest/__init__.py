"""Who is interested in a listing: keeps it in mind, or asks its seller."""
