"""The people of a group talk: members, organiser, the supplier's people and moderators, and nobody else."""

from collections.abc import Generator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from tests.journeys.groups import gatherings
from tests.journeys.groups.bazaar import Bazaar, opened
from tests.journeys.town import Person

PHOTO = {"name": "The lorry", "mediaType": "image/jpeg", "url": "https://example.org/lorry.jpg"}


@pytest.fixture
def bazaar(database: str) -> Generator[Bazaar]:
    with opened(database) as found:
        yield found


@pytest.fixture
def chat(bazaar: Bazaar) -> str:
    """Of a group that Farai organises, Rudo has joined, and Tariro's mill supplies."""
    group = gatherings.opened(bazaar, bazaar.farai, UUID(bazaar.tariro.id), supplier_id=UUID(bazaar.supplier))
    gatherings.joined(bazaar.rudo, group, 2)
    return f"/v1/groups/{group}/messages"


def say(by: Person, chat: str, text: str, **more: object) -> str:
    return by.post(chat, {"text": text, **more}, 201)["id"]


def texts(by: Person, chat: str, query: str = "") -> list[str]:
    return [each["text"] for each in by.get(f"{chat}{query}")["items"]]


def test_the_people_of_a_group_talk_and_read_from_either_end(bazaar: Bazaar, chat: str):
    farai, rudo, tariro, mo = bazaar.farai, bazaar.rudo, bazaar.tariro, bazaar.mo
    for by, text in ((farai, "Welcome"), (rudo, "Hello"), (tariro, "We mill on Friday"), (mo, "Be kind")):
        say(by, chat, text)
    assert texts(rudo, chat) == ["Be kind", "We mill on Friday", "Hello", "Welcome"]
    first = tariro.get(f"{chat}?order=oldest&limit=3")
    assert [each["text"] for each in first["items"]] == ["Welcome", "Hello", "We mill on Friday"]
    assert texts(tariro, chat, f"?order=oldest&limit=3&cursor={first['next']}") == ["Be kind"]


def test_nobody_else_reads_or_writes(bazaar: Bazaar, chat: str):
    chipo = bazaar.chipo
    assert chipo.post(chat, {"text": "Let me in"}, 403) == ("not_yours", None)
    assert chipo.get(chat, 403) == ("not_yours", None)
    assert bazaar.stan.get(chat, 403) == ("not_yours", None)
    assert bazaar.guest().get(chat, 401) == ("unauthenticated", None)
    nowhere = f"/v1/groups/{uuid4()}/messages"
    assert bazaar.farai.post(nowhere, {"text": "Hello"}, 404) == ("group_not_found", None)
    assert bazaar.farai.get(nowhere, 404) == ("group_not_found", None)


def test_who_leaves_the_group_leaves_its_conversation(bazaar: Bazaar, chat: str):
    rudo = bazaar.rudo
    id = say(rudo, chat, "Hello")
    rudo.post(chat.replace("messages", "leave"), {})
    assert rudo.get(chat, 403) == ("not_yours", None)
    assert rudo.post(chat, {"text": "Still here"}, 403) == ("not_yours", None)
    rudo.post(f"{chat}/{id}/remove", {})
    assert texts(bazaar.farai, chat) == [""]


def test_attachments_are_references(bazaar: Bazaar, chat: str):
    listing = {"name": "The maize", "mediaType": "text/html", "listingId": bazaar.maize}
    id = say(bazaar.rudo, chat, "See", attachments=[PHOTO, listing])
    shown = bazaar.farai.get(f"{chat}/{id}")
    assert [each["name"] for each in shown["attachments"]] == ["The lorry", "The maize"]
    plain = {**PHOTO, "url": "http://example.org/lorry.jpg"}
    assert bazaar.rudo.post(chat, {"text": "See", "attachments": [plain]}, 422) == ("attachment_invalid", "/attachments/0/url")
    assert bazaar.rudo.post(chat, {"text": " "}, 422) == ("text_invalid", "/text")
    assert bazaar.rudo.post(chat, {"text": "a" * 2001}, 400) == ("invalid_body", "/text")


def test_a_message_is_edited_for_a_quarter_of_an_hour_and_taken_back_at_any_time(bazaar: Bazaar, chat: str):
    rudo = bazaar.rudo
    id = say(rudo, chat, "Helo")
    assert rudo.get(f"{chat}/{id}")["actions"] == ["edit", "remove"]
    rudo.post(f"{chat}/{id}/edit", {"text": "Hello"})
    shown = bazaar.farai.get(f"{chat}/{id}")
    assert (shown["text"], shown["editedAt"] is not None, shown["actions"]) == ("Hello", True, ["remove", "report"])
    assert bazaar.farai.post(f"{chat}/{id}/edit", {"text": "Mine"}, 403) == ("not_yours", None)
    bazaar.clock.ahead += timedelta(minutes=15)
    assert rudo.get(f"{chat}/{id}")["actions"] == ["remove"]
    assert rudo.post(f"{chat}/{id}/edit", {"text": "Late"}, 409) == ("message_too_old", None)
    rudo.post(f"{chat}/{id}/remove", {})
    assert rudo.post(f"{chat}/{id}/remove", {}, 409) == ("message_removed", None)
    gone = bazaar.farai.get(f"{chat}/{id}")
    assert (gone["text"], gone["gone"], gone["removedBy"], gone["actions"]) == ("", True, None, [])


def test_reported_messages_wait_for_moderators(bazaar: Bazaar, chat: str):
    rude, fine = say(bazaar.rudo, chat, "Send the money to me"), say(bazaar.rudo, chat, "Good morning")
    for id in (rude, fine):
        bazaar.farai.post(f"{chat}/{id}/report", {"reason": "Asks for money"})
    mo, queue = bazaar.mo, "/v1/moderation/messages"
    waiting = mo.get(queue)["items"]
    assert [(each["id"], each["text"], each["reports"][0]["reason"]) for each in waiting] == [
        (rude, "Send the money to me", "Asks for money"),
        (fine, "Good morning", "Asks for money"),
    ]
    assert waiting[0]["actions"] == ["remove", "report", "keep"]
    assert bazaar.farai.get(queue, 403) == ("role_missing", None)
    assert bazaar.farai.post(f"{chat}/{fine}/keep", status=403) == ("role_missing", None)
    mo.post(f"{chat}/{fine}/keep")
    assert mo.post(f"{chat}/{rude}/remove", {}, 422) == ("text_invalid", "/reason")
    mo.post(f"{chat}/{rude}/remove", {"reason": "Fraud"})
    assert mo.get(queue)["items"] == []
    assert [(each["gone"], each["removedBy"]) for each in bazaar.rudo.get(chat)["items"]] == [(False, None), (True, "moderator")]


def test_who_is_muted_reads_on(bazaar: Bazaar, chat: str):
    mutes = chat.replace("messages", "mutes")
    assert bazaar.rudo.post(mutes, {"memberId": bazaar.farai.id}, 403) == ("not_yours", None)
    bazaar.farai.post(mutes, {"memberId": bazaar.rudo.id})
    assert bazaar.rudo.post(chat, {"text": "Hello"}, 409) == ("muted", None)
    assert texts(bazaar.rudo, chat) == []
    bazaar.farai.delete(f"{mutes}/{bazaar.rudo.id}")
    say(bazaar.rudo, chat, "Hello")


def test_what_was_said_does_not_stand_on_the_log_in_clear(bazaar: Bazaar, chat: str):
    say(bazaar.rudo, chat, "My mother lives in Mutare")
    with bazaar.container.pool.connection() as connection:
        stored = [data.decode() for (data,) in connection.execute("SELECT data FROM events WHERE kind = 'message'").fetchall()]
    assert len(stored) == 1
    assert "Mutare" not in stored[0]


def test_the_same_message_again_under_its_key_is_one(bazaar: Bazaar, chat: str):
    key = str(uuid4())
    first, again = (bazaar.rudo.post(chat, {"text": "Once"}, 201, Idempotency_Key=key) for _ in range(2))
    assert first == again
    assert texts(bazaar.farai, chat) == ["Once"]
