"""The OpenAPI document is true: whatever follows it is answered as it says, and whatever breaks it is refused as it says."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.journeys.live import ROOT, live

GROUPS = {
    "people": ("users", "me", "sessions", "api-keys", "email-verifications", "password-resets", "conversations"),
    "goods": ("listings", "moderation", "favourites", "inquiries", "imports", "products", "stock", "search"),
    "shop": ("cart", "checkouts", "orders", "discount codes", "delivery slots", "recurring orders"),
    "carrying": ("deliveries", "couriers", "stock alerts", "reports"),
    "money": ("payments", "payouts", "webhooks", "invoices", "ledger", "subscriptions"),
    "buying together": ("groups", "quotes", "shipments", "passes", "suppliers"),
    "followers": ("feeds", "audit", "health", "consumers", "webhook endpoints"),
    "operations": ("operations",),
}
"""Tags that one installation is asked about in turn; operations have one for themselves, since they may close it for maintenance."""
SEARCHED = {"goods", "buying together"}
EXAMPLES = 15


def explore(url: str, group: str, folder: Path) -> subprocess.CompletedProcess[str]:
    program = "from schemathesis.cli import schemathesis; schemathesis()"
    tags = [argument for tag in GROUPS[group] for argument in ("--include-tag", tag)]
    command = [sys.executable, "-c", program, "--config-file", str(ROOT / "tests/journeys/schemathesis.toml")]
    command += ["run", f"{url}/openapi.json", "--max-examples", str(EXAMPLES), "--generation-deterministic", "--no-color", *tags]
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "TRADEWIND_CONTRACT_URL": url, "NO_PROXY": "127.0.0.1"}
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("group", GROUPS)
def test_the_document_is_kept_to(group: str, database: str, redis_url: str, tmp_path: Path, request: pytest.FixtureRequest):
    engines: dict[str, str] = {"redis": redis_url}
    if group in SEARCHED:
        engines["opensearch"] = request.getfixturevalue("opensearch_url")
    with live(database, **engines) as running:
        tags: dict[str, Any] = {each["name"]: each for each in httpx.get(f"{running.url}/openapi.json", trust_env=False).json()["tags"]}
        assert {tag for tags in GROUPS.values() for tag in tags} == tags.keys(), "every tag is explored in one of the groups"
        explored = explore(running.url, group, tmp_path)
        assert explored.returncode == 0, explored.stdout[-20_000:]
        assert "Failures" not in explored.stdout
