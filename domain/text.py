"""What people may write, wherever they write it: anything that can be kept and shown.

No-break spaces and joined characters (emoji, Persian words) are text; control characters and halves of surrogate pairs are not:
Postgres cannot store them, or nothing shows them.
"""

import re

from domain.decider import Rejected

UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
LINE_BREAK = re.compile(r"[\t\n\r\x85\u2028\u2029]")


def line(text: str, limit: int, pointer: str, code: str = "text_invalid") -> str:
    """One line of text without blanks around it; rejected by `code` where it is too long or holds line breaks or control characters."""
    if LINE_BREAK.search(text.strip()):
        raise Rejected(code, "Line breaks are not allowed here.", pointer=pointer)
    return lines(text, limit, pointer, code)


def lines(text: str, limit: int | None, pointer: str, code: str = "text_invalid") -> str:
    """As `line`, with line breaks; without a limit where the caller has none to add."""
    stripped = text.strip()
    if limit is not None and len(stripped) > limit:
        raise Rejected(code, f"At most {limit} characters are allowed.", pointer=pointer)
    if UNPRINTABLE.search(stripped):
        raise Rejected(code, "Control characters are not allowed.", pointer=pointer)
    return stripped


def said(text: str, limit: int, pointer: str) -> str:
    """As `lines`, and something must be said."""
    found = lines(text, limit, pointer)
    if not found:
        raise Rejected("text_invalid", "This must not be blank.", pointer=pointer)
    return found
