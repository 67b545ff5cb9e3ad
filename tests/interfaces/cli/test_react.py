"""Events that could not be reacted to are listed, tried again and skipped from a terminal, by an operator who is named in history."""

import psycopg

from tests.interfaces.cli.shell import Shell

PARKED = """
    INSERT INTO parked_reactions (reader, position, event_id, stream, type, error)
    VALUES ('effects', %s, gen_random_uuid(), gen_random_uuid(), 'listings.ListingApproved', 'ValueError: no wording')
"""


def test_parked_events_are_shown_with_their_reason_and_tried_again_or_skipped_by_hand(database: str):
    shell = Shell(database)
    assert shell.said("react", "parked") == "no event is parked\n"
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(PARKED, (7,))
        connection.execute(PARKED, (9,))
        shown = shell.said("react", "parked").splitlines()
        assert [line.split()[:2] for line in shown[:2]] == [["7", "listings.ListingApproved"], ["9", "listings.ListingApproved"]]
        assert "ValueError: no wording" in shown[0]
        assert shell.said("react", "retry", "7").startswith("asked for")
        assert connection.execute("SELECT position FROM parked_reactions WHERE retry_at IS NOT NULL").fetchall() == [(7,)]
        assert shell.said("react", "skip", "9", "It was a test.") == "skipped\n"
    refused = shell("react", "skip", "9", "Once more.")
    assert (refused.returncode, refused.stderr.split()[-2:]) == (1, ["Refused:", "not_parked"])
    assert [line.split()[0] for line in shell.said("react", "parked").splitlines()] == ["7", "1"]


def test_an_operator_whom_nobody_named_is_the_first_admin_or_asked_for(database: str):
    shell = Shell(database)
    del shell.settings["TRADEWIND_ADMIN_EMAIL"], shell.settings["TRADEWIND_ADMIN_PASSWORD"]
    refused = shell("react", "skip", "9", "It was a test.")
    assert refused.returncode == 1
    assert "TRADEWIND_ADMIN_EMAIL" in refused.stderr
