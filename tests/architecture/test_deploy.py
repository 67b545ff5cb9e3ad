"""What is written for containers speaks of settings, roles and routes that exist."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from infrastructure.settings import load
from interfaces.cli.app import ROLES, app
from interfaces.cli.roles.openapi import described

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE: Mapping[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
OURS: Mapping[str, Any] = {name: each for name, each in COMPOSE["services"].items() if each["image"] == "tradewind"}
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
PACKAGES = ("domain", "application", "projections", "interfaces", "infrastructure")

GIVEN = {
    "OWNER_PASSWORD": "0f" * 24,
    "APPLICATION_PASSWORD": "f0" * 24,
    "TRADEWIND_SECRET_KEY": "ab" * 32,
    "TRADEWIND_KEY_ENCRYPTION_KEY": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
    "TRADEWIND_ADMIN_EMAIL": "admin@tradewind.example",
    "TRADEWIND_ADMIN_PASSWORD": "Vento-norte-7-nos",
}
"""What deploy/README.md puts into `.env`."""


class Asked(dict[str, str]):
    """An environment that remembers what was looked for in it."""

    def __init__(self, *given: Mapping[str, str]) -> None:
        super().__init__(*given)
        self.names: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        self.names.add(key)
        return super().get(key, default)


def known_settings() -> set[str]:
    asked = Asked({"TRADEWIND_EMBEDDED": "0", **GIVEN})
    load(asked)
    return asked.names


def filled_in(text: str) -> str:
    """As compose reads `${NAME:?complaint}` and `${NAME:-default}`."""
    return re.sub(r"\$\{(\w+):([?-])([^}]*)\}", lambda found: GIVEN[found[1]] if found[2] == "?" else found[3], text)


@pytest.mark.parametrize("name", OURS)
def test_a_service_runs_a_role_with_options_that_it_has(name: str):
    command: list[str] = OURS[name]["command"]
    assert command[0] in ROLES
    app.parse_args(command, exit_on_error=False, print_error=False)


@pytest.mark.parametrize("name", OURS)
def test_a_service_is_given_settings_that_exist_and_are_right(name: str):
    environment: dict[str, str] = OURS[name]["environment"]
    assert environment.keys() - known_settings() == set()
    settings = load({key: filled_in(value) for key, value in environment.items()})
    assert not settings.unset_engines
    assert [str(each) for each in settings.trusted_proxies] == [COMPOSE["networks"]["default"]["ipam"]["config"][0]["subnet"]]


def test_every_role_of_production_is_a_service_of_its_own():
    run = sorted(" ".join(each["command"]) for each in OURS.values())
    assert run == ["migrate", "project", "react", "serve --commands", "serve --queries", "work"]


def test_nothing_starts_before_the_migrations_have_run():
    waits = {name: each["depends_on"] for name, each in OURS.items()}
    assert waits.pop("migrate") == {"postgres": {"condition": "service_healthy"}}
    assert all(each == {"migrate": {"condition": "service_completed_successfully"}} for each in waits.values())


def test_only_migrate_is_the_owner_of_the_database():
    owners = [name for name, each in OURS.items() if "//owner:" in each["environment"]["DATABASE_URL"]]
    assert owners == ["migrate"]
    assert "IN ROLE tradewind_app" in (DEPLOY / "login.sh").read_text()


def test_servers_are_well_when_the_route_of_health_says_so():
    paths = {route.path for route in described().routes}
    for side in ("commands", "queries"):
        asked = re.search(r'urlopen\("http://127\.0\.0\.1:8000(/[^"]+)"', OURS[side]["healthcheck"]["test"][-1])
        assert asked
        assert asked[1] in paths


def test_what_must_be_given_is_told():
    needed = set(re.findall(r"\$\{(\w+):\?", (DEPLOY / "compose.yaml").read_text()))
    told = set(re.findall(r"^(\w+)=", (DEPLOY / "README.md").read_text(), re.MULTILINE))
    assert needed == told == set(GIVEN)


def test_the_image_holds_all_packages_and_sets_what_is_known():
    copied = set(re.findall(r"^COPY (\w+) \1$", DOCKERFILE, re.MULTILINE))
    let_in = set(re.findall(r"^!(\w+)$", (DEPLOY / "Dockerfile.dockerignore").read_text(), re.MULTILINE))
    assert copied == let_in == set(PACKAGES)
    assert set(re.findall(r"\b(TRADEWIND_\w+)=", DOCKERFILE)) <= known_settings()
    assert re.search(r"^USER 10001$", DOCKERFILE, re.MULTILINE)


def test_the_image_has_no_engines_and_everything_else_that_is_imported():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    embedded = {re.split(r"[=>]", each)[0].replace("-", "_") for each in extras["embedded"]}
    imported = {
        found[1]
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        for found in re.finditer(r"^(?:import|from) (\w+)", path.read_text(), re.MULTILINE)
    }
    assert embedded & imported == set()


def test_every_setting_stands_in_the_readme():
    readme = (ROOT / "README.md").read_text()
    assert [name for name in sorted(known_settings() - {"TRADEWIND_EMBEDDED"}) if f"`{name}`" not in readme] == []
