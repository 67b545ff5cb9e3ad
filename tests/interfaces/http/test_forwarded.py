"""Whose address counts, with proxies between."""

from ipaddress import ip_network

import pytest

from interfaces.http.middleware.forwarded import origin

PROXIES = [ip_network("10.0.0.0/8"), ip_network("192.0.2.7"), ip_network("fd00::/8")]
ANA, EVE = "203.0.113.5", "198.51.100.66"


@pytest.mark.parametrize(
    ("peer", "said", "counted"),
    [
        (ANA, "", ANA),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", ANA, ANA),
        ("10.0.0.1", f"{ANA}, 10.9.9.9", ANA),
        ("10.0.0.1", f"{ANA}, 192.0.2.7, 10.9.9.9", ANA),
        ("fd00::1", "2001:db8::5", "2001:db8::5"),
        ("::ffff:10.0.0.1", f"::ffff:{ANA}", ANA),
        ("10.0.0.1", f"{ANA}:4711", ANA),
        ("10.0.0.1", '"[2001:db8::5]:4711"', "2001:db8::5"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
    ],
)
def test_behind_proxies_the_caller_counts(peer: str, said: str, counted: str):
    assert origin(peer, said.split(",") if said else (), PROXIES) == counted


@pytest.mark.parametrize(
    ("peer", "said", "counted"),
    [
        (EVE, ANA, EVE),
        (EVE, f"{ANA}, 10.0.0.1", EVE),
        ("10.0.0.1", f"{ANA}, {EVE}", EVE),
        ("10.0.0.1", f"{ANA}, 10.0.0.9, {EVE}, 10.0.0.2", EVE),
        ("10.0.0.1", f"{ANA}, unknown", "10.0.0.1"),
        ("10.0.0.1", f"{ANA}, unknown, 10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", f"{ANA},", "10.0.0.1"),
        ("", ANA, ""),
    ],
)
def test_nobody_gives_himself_another_address(peer: str, said: str, counted: str):
    assert origin(peer, said.split(","), PROXIES) == counted
