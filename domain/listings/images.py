"""The images of a listing: an ordered list of references, of which the first stands for it in lists."""

import re
from collections.abc import Sequence

from domain.decider import Rejected
from domain.text import line
from domain.values import Value

MOST = 500
"""Of one listing, whatever its seller's tier."""

ADDRESS_LIMIT = 2_000
ALT_LIMIT = 300
SIDE_LIMIT = 100_000
ADDRESS = re.compile(r"https://(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,63}(?::\d{1,5})?/[!-~]*", re.ASCII | re.IGNORECASE)


class Image(Value, frozen=True):
    """Where an image is found, what it shows (`alt`), and its size in pixels where that is known: both sides or none."""

    address: str
    alt: str = ""
    width: int | None = None
    height: int | None = None


def pictured(images: Sequence[Image], before: Sequence[Image], limit: int | None, wider: str = "") -> tuple[Image, ...]:
    """The images as they are kept.

    Whoever has more than his tier allows by now keeps them and may take some away. `wider` tells of a tier that allows so many.
    Rejects with `image_invalid`, `image_repeated` or `text_invalid` and a pointer into `/images`, and with `image_limit_reached`.
    """
    kept = tuple(_checked(each, f"/images/{number}") for number, each in enumerate(images))
    seen: set[str] = set()
    for number, each in enumerate(kept):
        if each.address in seen:
            raise Rejected("image_repeated", "Each image is shown once.", pointer=f"/images/{number}/address")
        seen.add(each.address)
    if len(kept) > MOST:
        raise Rejected("image_invalid", f"A listing has at most {MOST} images.", pointer="/images")
    if limit is not None and len(kept) > limit and not seen <= {each.address for each in before}:
        raise Rejected("image_limit_reached", f"Your tier allows {limit} images of each listing. {wider}".strip())
    return kept


def _checked(image: Image, pointer: str) -> Image:
    if len(image.address) > ADDRESS_LIMIT or not ADDRESS.fullmatch(image.address):
        raise Rejected("image_invalid", "An https address of a public host, with a path.", pointer=f"{pointer}/address")
    if (image.width is None) != (image.height is None):
        raise Rejected("image_invalid", "Width and height come together.", pointer=pointer)
    for side, pixels in (("width", image.width), ("height", image.height)):
        if pixels is not None and not 1 <= pixels <= SIDE_LIMIT:
            raise Rejected("image_invalid", f"From 1 to {SIDE_LIMIT} pixels.", pointer=f"{pointer}/{side}")
    return Image(image.address, line(image.alt, ALT_LIMIT, f"{pointer}/alt"), image.width, image.height)
