"""Reads the text of a PDF as typst makes it: enough to see that a paper says what it is to say."""

import re
import zlib

OBJECT = re.compile(rb"(?:^|\n)(\d+) 0 obj\b(.*?)endobj", re.DOTALL)
FONT = re.compile(rb"/(f\d+) (\d+) 0 R")
STRING = rb"\((?:\\.|[^\\()]|\((?:\\.|[^\\()])*\))*\)"
"""Brackets within a string are written as they are where they come in pairs."""
SHOWN = re.compile(rb"/(f\d+) [\d.]+ Tf|(%b)|(\bET\b)" % STRING, re.DOTALL)
ESCAPED = re.compile(rb"\\(\d{3}|.)", re.DOTALL)
PLAIN = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def pages(pdf: bytes) -> list[str]:
    """The text of each page, every piece of it on a line; zero-width spaces are left out."""
    objects = {int(found[1]): found[2] for found in OBJECT.finditer(pdf)}
    return [page(body, objects).replace("\u200b", "") for body in objects.values() if b"/Type/Page/" in body]


def page(body: bytes, objects: dict[int, bytes]) -> str:
    fonts = {name: letters(objects, int(number)) for name, number in FONT.findall(objects[reference(body, b"Resources")])}
    shown, letter = "", fonts[b"f0"]
    for font, string, end in SHOWN.findall(stream(objects[reference(body, b"Contents")])):
        if font:
            letter = fonts[font]
        elif string:
            codes = ESCAPED.sub(
                lambda found: bytes([int(found[1], 8)]) if found[1].isdigit() else PLAIN.get(found[1], found[1]), string[1:-1]
            )
            shown += "".join(letter.get(int.from_bytes(codes[at : at + 2]), "") for at in range(0, len(codes), 2))
        elif end:
            shown += "\n"
    return shown


def unescaped(found: re.Match[bytes]) -> bytes:
    return bytes([int(found[1], 8)]) if found[1].isdigit() else PLAIN.get(found[1], found[1])


def letters(objects: dict[int, bytes], font: int) -> dict[int, str]:
    """What each glyph of a font stands for."""
    table = stream(objects[reference(objects[font], b"ToUnicode")])
    return {int(glyph, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for glyph, text in re.findall(rb"<(\w{4})> <(\w+)>", table)}


def reference(body: bytes, name: bytes) -> int:
    found = re.search(rb"/%b (\d+) 0 R" % name, body)
    assert found
    return int(found[1])


def stream(body: bytes) -> bytes:
    return zlib.decompressobj().decompress(body.split(b"stream\n", 1)[1])
