"""Everything that changes something: POST, PUT, PATCH, DELETE; a folder per family."""

from interfaces.http.commands import listings, users

CONTROLLERS = (*users.CONTROLLERS, *listings.CONTROLLERS)
