"""The statements for rows written beside the log, one per kind of row, with the row's fields as named values."""

from collections.abc import Mapping
from typing import LiteralString

from application.ports import Row
from application.rows import HoldArticles, Release, Reserve

RowStatements = Mapping[type[Row], LiteralString]

HOLD: LiteralString = """
    WITH freed AS (DELETE FROM reservations WHERE space = 'sku' AND owner = %(listing_id)s AND value <> ALL(%(articles)s::bytea[]))
    INSERT INTO reservations (space, value, owner)
    SELECT 'sku', article, %(listing_id)s FROM unnest(%(articles)s::bytea[]) AS article
    WHERE NOT EXISTS (SELECT FROM reservations WHERE space = 'sku' AND value = article AND owner = %(listing_id)s)
"""

ROWS: RowStatements = {
    Reserve: "INSERT INTO reservations (space, value, owner) VALUES (%(space)s, %(value)s, %(owner)s)",
    HoldArticles: HOLD,
    Release: "DELETE FROM reservations WHERE space = %(space)s AND value = %(value)s AND owner = %(owner)s",
}
