"""Events that could not be reacted to are listed, tried again and skipped from a terminal."""

import base64
import os
import subprocess
import sys
from pathlib import Path

import psycopg

ROOT = Path(__file__).parents[3]
PARKED = """
    INSERT INTO parked_reactions (reader, position, event_id, stream, type, error)
    VALUES ('effects', %s, gen_random_uuid(), gen_random_uuid(), 'listings.ListingApproved', 'ValueError: no wording')
"""


def react(database: str, *arguments: str) -> str:
    settings = {
        "DATABASE_URL": database,
        "TRADEWIND_SECRET_KEY": "s" * 40,
        "TRADEWIND_KEY_ENCRYPTION_KEY": base64.b64encode(bytes(32)).decode(),
    }
    command = [sys.executable, "-m", "interfaces.cli", "react", *arguments]
    return subprocess.run(command, env=os.environ | settings, cwd=ROOT, text=True, capture_output=True, check=True).stdout


def test_parked_events_are_shown_with_their_reason_and_tried_again_or_skipped_by_hand(database: str):
    assert react(database, "parked") == "no event is parked\n"
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(PARKED, (7,))
        connection.execute(PARKED, (9,))
    shown = react(database, "parked").splitlines()
    assert [line.split()[:2] for line in shown[:2]] == [["7", "listings.ListingApproved"], ["9", "listings.ListingApproved"]]
    assert "ValueError: no wording" in shown[0]
    assert react(database, "retry", "7") == "done\n"
    assert react(database, "skip", "9") == "skipped\n"
    assert react(database, "skip", "9") == "no event is parked there\n"
    assert react(database, "parked") == "no event is parked\n"
