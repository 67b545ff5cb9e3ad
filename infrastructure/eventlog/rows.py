"""The statements for rows written beside the log, one per kind of row, with the row's fields as named values."""

from collections.abc import Mapping
from typing import LiteralString

from application.ports import Row
from application.rows import Release, Reserve

RowStatements = Mapping[type[Row], LiteralString]

ROWS: RowStatements = {
    Reserve: "INSERT INTO reservations (space, value, owner) VALUES (%(space)s, %(value)s, %(owner)s)",
    Release: "DELETE FROM reservations WHERE space = %(space)s AND value = %(value)s AND owner = %(owner)s",
}
