"""The browser that is fetched is the locked one, or none."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.journeys.pages import chromium as fetching
from tests.journeys.pages.chromium import KEPT, LOCK, BrowserFailed, Chromium, chromium


def test_it_is_of_the_locked_version(browser: Chromium):
    if not browser.program.is_relative_to(KEPT):
        pytest.skip("none could be fetched here, and one on the PATH serves")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=browser.program, args=["--no-sandbox"], env=dict(browser.environ))
        major = LOCK.read_text().rpartition("@")[2].partition(".")[0]
        assert launched.version.partition(".")[0] == major
        launched.close()


def test_one_with_another_sum_is_refused_and_nothing_of_it_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def served(_package: str, folder: Path) -> Path:
        archive = folder / "forged.tgz"
        archive.write_bytes(b"forged")
        return archive

    def nowhere(_name: str) -> None: ...

    monkeypatch.setattr(fetching, "_downloaded", served)
    monkeypatch.setattr(shutil, "which", nowhere)
    with pytest.raises(BrowserFailed, match=r"does not have the locked sum.*on the PATH"):
        chromium(tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == [".lock"]


def test_without_a_network_one_on_the_path_serves_and_without_that_it_is_said_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:1")
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BrowserFailed, match=r"Check the network, npm's registry"):
        chromium(tmp_path / "kept")
    program = tmp_path / "chromium"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    assert chromium(tmp_path / "kept").program == program
