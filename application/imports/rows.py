"""What becomes of each row of an imported file: accepted as it is, accepted with repairs, or refused with the reason."""

from msgspec import Struct

from domain.goods import Variant
from domain.listings.attributes import Attributes
from domain.values import Money, Place


class FileRefused(Exception):
    """A file that is refused as a whole: file_empty, encoding_invalid, column_missing, column_unknown or column_repeated."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


class Repair(Struct, frozen=True):
    """One change made to what the file says; `code` is a stable slug, `now` is empty where the value was left out."""

    field: str
    code: str
    was: str
    now: str = ""


class ListingFields(Struct, frozen=True):
    """A listing as the file offers it, its attributes checked and complete."""

    category: str
    title: str
    description: str
    attributes: Attributes
    price: Money
    place: Place | None


class Accepted(Struct, frozen=True):
    """`row` counts records from 1, `line` is the line of the file on which it begins (the header is line 1).

    `key` is the same for the same listing in any later file, so it serves as the source of the command's id.
    """

    row: int
    line: int
    key: str
    listing: ListingFields
    repairs: tuple[Repair, ...] = ()

    @property
    def outcome(self) -> str:
        return "repaired" if self.repairs else "accepted"


class Refused(Struct, frozen=True):
    """A row that gives no listing; `code` is a stable slug, one per reason."""

    row: int
    line: int
    code: str
    detail: str

    @property
    def outcome(self) -> str:
        return "refused"


class Article(Struct, frozen=True):
    """A row that tells of one article: a variant of a product of its own, or of the one whose article `product` is.

    What is None is not told by the file, and stays as it is where the article is known. `stock` is what is on the shelf.
    """

    row: int
    line: int
    product: str
    category: str
    title: str
    description: str | None
    attributes: Attributes | None
    variant: Variant
    low_at: int | None
    stock: int | None
    repairs: tuple[Repair, ...] = ()

    @property
    def outcome(self) -> str:
        return "repaired" if self.repairs else "accepted"

    @property
    def leads(self) -> bool:
        """Whether it tells of the product itself too."""
        return self.product == self.variant.sku


Row = Accepted | Article | Refused
