"""A file of boats to be imported: the real one where it lies beside the project, else one of the same form."""

import csv
import io
import random
from pathlib import Path

REAL = Path(__file__).parents[4] / "shared" / "data" / "boats.csv"
HEADER = (
    "Price",
    "Boat Type",
    "Manufacturer",
    "Type",
    "Year Built",
    "Length",
    "Width",
    "Material",
    "Location",
    "Number of views last 7 days",
)
TYPES = ("Motor Yacht", "Center console boat", "Sport Boat", "Cabin Boat", "Trawler", "Flybridge")
MAKERS = ("Bavaria power boats", "Sunseeker power boats", "Quicksilver power boats", "Beneteau power boats", "Terhi power boats")
MATERIALS = ("GRP", "Plastic", "Aluminium", "Wood", "")
PLACES = ("Germany » Kiel", "Switzerland » Lake Geneva » Vésenaz", "Italy » Genova", "Netherlands » Lelystad", "France » Cannes")
ALL = 9_888


def content(rows: int = ALL) -> tuple[bytes, str]:
    """So many rows as a CSV file, and where they are from."""
    if REAL.exists():
        lines = REAL.read_bytes().splitlines(keepends=True)
        return (b"".join(lines if rows >= ALL else lines[: rows + 1]), "the real boats file")
    return made(rows), "boats made for this run"


def made(rows: int) -> bytes:
    chance = random.Random(1)  # noqa: S311 - the same boats every time
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(HEADER)
    for number in range(rows):
        length = round(chance.uniform(4, 25), 2)
        lines.writerow(
            [
                f"{chance.choice(('EUR', 'CHF', 'DKK'))} {chance.randrange(3_000, 900_000)}",
                chance.choice(TYPES),
                chance.choice(MAKERS),
                f"Used boat,{number}",
                chance.randrange(1970, 2021),
                length,
                round(length / 3, 2),
                chance.choice(MATERIALS),
                chance.choice(PLACES),
                number,
            ]
        )
    return text.getvalue().encode()
