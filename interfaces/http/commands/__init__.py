"""Everything that changes something: POST, PUT, PATCH, DELETE; a folder per family."""

from interfaces.http.commands import listings, stock, users

CONTROLLERS = (*users.CONTROLLERS, *listings.CONTROLLERS, *stock.CONTROLLERS)
