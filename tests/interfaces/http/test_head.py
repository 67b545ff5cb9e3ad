"""HEAD tells of what GET would answer, and brings nothing of it."""

from typing import Any

import pytest
from litestar.testing import TestClient

from tests.interfaces.http.conftest import FakeFeeds, by

Client = TestClient[Any]


@pytest.mark.parametrize("path", ["/v1/feeds/listings", "/health/ready", "/openapi.json", "/v1/nothing", "/v1/feeds/listings?colour=red"])
def test_it_answers_as_get_does_but_without_a_body(client: Client, path: str):
    got, asked = client.get(path, headers=by("admin")), client.head(path, headers=by("admin"))
    varying = {"correlation-id"}
    assert asked.status_code == got.status_code
    assert {k: v for k, v in asked.headers.items() if k not in varying} == {k: v for k, v in got.headers.items() if k not in varying}
    assert (len(got.content) > 0, asked.content) == (True, b"")


def test_a_stream_ends_with_its_headers(client: Client, feeds: FakeFeeds):
    feeds.tell("listings.ListingPublished")
    asked = client.head("/v1/feeds/listings", headers=by("admin", Accept="text/event-stream"))
    assert (asked.status_code, asked.content) == (200, b"")
    assert asked.headers["content-type"].startswith("text/event-stream")


def test_what_can_only_be_posted_has_no_head(client: Client):
    asked = client.head("/v1/listings", headers=by("ana"))
    assert (asked.status_code, asked.headers["allow"]) == (405, "OPTIONS, POST")
