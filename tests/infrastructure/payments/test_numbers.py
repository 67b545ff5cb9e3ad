from pathlib import Path

from infrastructure.payments.sandbox.numbers import CARDS

ROOT = Path(__file__).parents[3]


def test_every_test_number_is_documented():
    told = (ROOT / "docs" / "payments.md").read_text()
    rows = [line.split("|")[1].strip() for line in told.splitlines() if line.startswith("| 4")]
    assert rows == list(CARDS)
