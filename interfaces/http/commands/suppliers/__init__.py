"""What suppliers do, and what staff decide about them."""

from interfaces.http.commands.suppliers.catalogue import CatalogueCommands
from interfaces.http.commands.suppliers.members import SupplierMemberCommands
from interfaces.http.commands.suppliers.ratings import RatingCommands
from interfaces.http.commands.suppliers.suppliers import SupplierCommands
from interfaces.http.commands.suppliers.verification import VerificationCommands

CONTROLLERS = (SupplierCommands, VerificationCommands, SupplierMemberCommands, CatalogueCommands, RatingCommands)
