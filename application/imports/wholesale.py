"""The wholesale file: a supplier's catalogue, one article a line, in the columns of the products file."""

from collections.abc import Iterator
from typing import BinaryIO

from application.imports import products
from application.imports.rows import Row
from domain.listings.goods.products import WHOLESALE


def read(file: BinaryIO) -> Iterator[Row]:
    """As the products file is read, of categories of wholesale goods."""
    return products.read(file, WHOLESALE)
