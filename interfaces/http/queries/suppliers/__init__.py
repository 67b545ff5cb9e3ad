"""Suppliers, as everyone sees the verified ones, and members and staff the rest."""

from interfaces.http.queries.suppliers.catalogue import CatalogueQueries
from interfaces.http.queries.suppliers.files import SupplierFileQueries
from interfaces.http.queries.suppliers.metrics import MetricsQueries
from interfaces.http.queries.suppliers.suppliers import OwnSupplierQueries, SupplierQueries

CONTROLLERS = (SupplierQueries, SupplierFileQueries, CatalogueQueries, MetricsQueries, OwnSupplierQueries)
