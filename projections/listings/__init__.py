"""What people see of listings: pages, queues and counts, favourites, inquiries and the search."""
