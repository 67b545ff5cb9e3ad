"""The advisory locks of the database, in one place: no two kinds may share the number that stands first in theirs."""

from enum import IntEnum, unique


@unique
class Lock(IntEnum):
    """The first of a lock's two integers; locks of one integer are the floors of appends, and of streams both are a hash."""

    READER = 30
    """Who follows the log and writes down what is owed; the second is a hash of the reader's name."""
    TABLES = 7401
    """Who makes the tables of read models; the second is 0."""
    PROJECTION = 7402
    """Who works on a read model; the second is its own number."""
    BUILDING = 7403
    """Who builds a read model anew; the second is its own number."""
    MENDING = 7404
    """Who makes rows of a read model from zero; the second is its own number."""
    SEALER = 7405
    """Who closes blocks of the log; the second is 1."""
    MIGRATION = 0x54524144
    """Who brings the schema up to date; the second is 1."""
