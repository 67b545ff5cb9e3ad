"""What people write about themselves: names, addresses of mail and post, numbers; one spelling to keep, one to compare."""

import re
import unicodedata

from domain.decider import Rejected
from domain.text import lines
from domain.values import Address

NAME_LIMIT = 100
ADDRESS_LIMIT = 10
EMAIL = re.compile(r"[^\s@<>\"(),:;\[\]\\\x00-\x20\x7f]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_](?:[\w-]{0,61}[^\W_])")
"""Addresses as people have them: no quoted local parts, no address literals, no host without a dot."""

PHONE = re.compile(r"(\+[1-9]\d{6,14})?", re.ASCII)


JOINER = re.compile("[\u200c\u200d]")
"""Zero-width (non-)joiners: they shape the letters around them in Persian, Urdu, Sinhala, Malayalam and others."""

VIRAMA = 9
"""The canonical combining class of the sign that takes a consonant's vowel away."""


def named(name: str) -> str:
    """A name on one line, in NFC; refused as `name_invalid` where nothing can be read or it is too long."""
    line = " ".join(unicodedata.normalize("NFC", name).split())
    shown = JOINER.sub(lambda found: "" if shaping(line, found.start()) else found[0], line)
    if not 1 <= len(line) <= NAME_LIMIT or not shown.isprintable():
        raise Rejected("name_invalid", f"1 to {NAME_LIMIT} readable characters.", pointer="/name")
    return line


def shaping(line: str, at: int) -> bool:
    """Whether a joiner has something to shape: it stands between letters, or ends what a virama began (as in RFC 5892, A.1 and A.2)."""
    before, after = line[:at][-1:], line[at + 1 :][:1]
    if before and unicodedata.combining(before) == VIRAMA:
        return True
    return all(each and unicodedata.category(each)[0] in "LM" for each in (before, after))


def normalised(email: str) -> str:
    """The address as it is kept and written to: trimmed, in NFC, its domain in lower case; else refused as `email_invalid`."""
    address = unicodedata.normalize("NFC", email.strip())
    if len(address) > 254 or not EMAIL.fullmatch(address):
        raise Rejected("email_invalid", "This is no e-mail address.", pointer="/email")
    local, _, host = address.rpartition("@")
    return f"{local}@{host.lower()}"


def comparable(email: str) -> str:
    """The form under which an address belongs to one user only: no two users differ in case alone."""
    return unicodedata.normalize("NFC", email.strip()).lower()


def reachable(phone: str) -> str:
    """A number in E.164, or none."""
    if not PHONE.fullmatch(phone):
        raise Rejected("phone_invalid", "Write the number with its country, such as +49 30 901820.", pointer="/phone")
    return phone


def readable(text: str, pointer: str) -> str:
    """Text without blanks around it; `text_invalid` where it holds control characters."""
    return lines(text, None, pointer)


def posted(addresses: tuple[Address, ...]) -> tuple[Address, ...]:
    if len(addresses) > ADDRESS_LIMIT:
        raise Rejected("too_many_addresses", f"At most {ADDRESS_LIMIT}.", pointer="/addresses")
    return tuple(tidy(address, f"/addresses/{index}") for index, address in enumerate(addresses))


def tidy(address: Address, pointer: str) -> Address:
    return Address(
        name=readable(address.name, f"{pointer}/name"),
        lines=tuple(readable(line, f"{pointer}/lines/{index}") for index, line in enumerate(address.lines)),
        locality=readable(address.locality, f"{pointer}/locality"),
        postal_code=readable(address.postal_code, f"{pointer}/postalCode"),
        country=readable(address.country, f"{pointer}/country"),
        region=readable(address.region, f"{pointer}/region"),
    )
