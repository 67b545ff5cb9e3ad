import json
import logging
from collections.abc import Callable, Generator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import structlog

from infrastructure.logging import configure
from infrastructure.settings import load

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(tmp_path: Path) -> Generator[Lines]:
    """Logging as in production, and what it wrote since."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    output = StringIO()
    configure(load({"TRADEWIND_DATA_DIR": str(tmp_path), "TRADEWIND_LOG": "json"}), stream=output)
    yield lambda: [json.loads(line) for line in output.getvalue().splitlines()]
    root.handlers[:], root.level = before
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


def test_a_line_is_json_with_time_level_and_logger(lines: Lines):
    structlog.get_logger("orders").info("order placed", order="o1")
    (line,) = lines()
    assert line.pop("timestamp").endswith("Z")
    assert line == {"event": "order placed", "order": "o1", "level": "info", "logger": "orders"}


def test_correlation_and_command_id_are_on_every_line_also_those_of_libraries(lines: Lines):
    with structlog.contextvars.bound_contextvars(correlation_id="c1", command_id="k1"):
        structlog.get_logger().info("ours")
        logging.getLogger("library").warning("theirs: %s", 7)
    assert [(line["event"], line["correlation_id"], line["command_id"]) for line in lines()] == [
        ("ours", "c1", "k1"),
        ("theirs: 7", "c1", "k1"),
    ]


@pytest.mark.parametrize(
    "key",
    ["password", "new_password", "refreshToken", "token", "secret_key", "Authorization", "cookie", "api_key", "email", "e_mail", "phone"],
)
def test_a_key_that_names_something_private_hides_its_value(lines: Lines, key: str):
    structlog.get_logger().info("seen", **{key: "hunter2"})
    structlog.get_logger().info("deeper", body={"items": [{key: "hunter2"}]})
    assert "hunter2" not in json.dumps(lines())


@pytest.mark.parametrize(
    "text",
    [
        "GET / Authorization: Bearer abcdefghijkl",
        "cannot connect to postgresql://app:abcdefghijkl@db/tradewind",
        "bad token eyJhbGciOiJIUzI1NiJ9.abcdefghijkl.sig",
        "no mailbox abcdefghijkl@shop.example",
    ],
)
def test_a_secret_inside_a_text_is_hidden(lines: Lines, text: str):
    structlog.get_logger().info(text)
    logging.getLogger("library").error("it said: %s", text)
    assert "abcdefghijkl" not in json.dumps(lines())


def test_a_secret_inside_a_traceback_is_hidden(lines: Lines):
    try:
        connect_in_vain()
    except ConnectionError:
        structlog.get_logger().exception("failed")
    (line,) = lines()
    assert "ConnectionError" in line["exception"]
    assert "hunter2" not in line["exception"]


def connect_in_vain():
    raise ConnectionError("postgresql://app:hunter2@db/tradewind")


def test_harmless_values_stay(lines: Lines):
    structlog.get_logger().info("seen", position=7, stream="s", types=["a", "b"], nested={"count": 1})
    (line,) = lines()
    assert (line["position"], line["stream"], line["types"], line["nested"]) == (7, "s", ["a", "b"], {"count": 1})


def test_warnings_of_python_become_lines(lines: Lines):
    logging.getLogger("py.warnings").warning("deprecated")
    assert lines()[0]["level"] == "warning"


def test_below_the_level_nothing_is_written(lines: Lines):
    structlog.get_logger().debug("detail")
    assert lines() == []


def test_a_stream_that_was_closed_costs_the_line_and_not_the_thread(lines: Lines, tmp_path: Path):
    assert lines() == []
    closed = StringIO()
    configure(load({"TRADEWIND_DATA_DIR": str(tmp_path), "TRADEWIND_LOG": "json"}), stream=closed)
    closed.close()
    assert structlog.get_logger("lane").warning("projections wait") is None
