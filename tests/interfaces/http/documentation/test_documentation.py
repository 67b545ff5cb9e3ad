"""The document of all routes, for programs and as a page for people."""

import re
from typing import Any

from litestar.testing import TestClient

Client = TestClient[Any]


def test_the_page_shows_every_route_and_loads_nothing_from_elsewhere(client: Client):
    document = client.get("/openapi.json").json()
    page = client.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    missing = [path for path in document["paths"] if path not in page.text]
    assert missing == []
    assert re.findall(r'(?:src|href)="(?!#|/|data:)[^"]*"', page.text) == []


def test_whoever_comes_without_a_path_is_led_to_the_page(client: Client):
    assert client.get("/", follow_redirects=False).headers["location"] == "/docs"
