"""Where nothing may be sent, in whatever form it is written."""

import socket
from collections.abc import Sequence
from threading import Event

import pytest

from domain.decider import Rejected
from infrastructure.webhooks.addresses import Hurried, PublicAddresses, forbidden, resolved

OURS = [
    "0.0.0.0",  # noqa: S104 - an address, and no binding
    "10.1.2.3",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.8.9.1",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.0.192",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "64:ff9b:1::a00:1",
    "100::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2001:0:4136:e378:8000:63bf:80ff:fffe",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("address", OURS)
def test_no_network_of_ours_and_none_of_our_landlord_is_public(address: str):
    assert forbidden(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "1.1.1.1", "2606:4700:4700::1111", "64:ff9b::101:101", "::ffff:1.1.1.1"])
def test_all_others_are(address: str):
    assert not forbidden(address)


def found(*addresses: str) -> PublicAddresses:
    return PublicAddresses(lambda _host, _port: addresses)


def refusal(addresses: PublicAddresses, url: str) -> tuple[str, str | None]:
    with pytest.raises(Rejected) as rejected:
        addresses.check(url)
    return rejected.value.code, rejected.value.pointer


def test_a_public_host_is_taken_by_https_alone():
    found("93.184.215.14").check("https://hooks.example/")
    assert refusal(found("93.184.215.14"), "http://hooks.example/") == ("url_insecure", "/url")


def test_a_private_one_is_refused():
    assert refusal(found("93.184.215.14", "10.0.0.1"), "https://hooks.example/") == ("address_refused", "/url")


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "localhost"]
)
def test_there_is_no_other_way_to_write_it(host: str):
    assert refusal(PublicAddresses(resolved), f"https://{host}/") == ("address_refused", "/url")


def test_a_host_that_is_none_is_refused_and_one_not_found_at_this_moment_is_not():
    def fails(code: int) -> PublicAddresses:
        def resolve(_host: str, _port: int) -> Sequence[str]:
            raise socket.gaierror(code, "no")

        return PublicAddresses(resolve)

    assert refusal(fails(socket.EAI_NONAME), "https://hooks.example/") == ("host_unknown", "/url")
    assert refusal(PublicAddresses(resolved), f"https://{'x' * 70}.example/") == ("host_unknown", "/url")
    fails(socket.EAI_AGAIN).check("https://hooks.example/")


def test_whoever_waits_for_an_answer_does_not_wait_for_slow_names():
    found = Event()

    def slow(_host: str, _port: int) -> Sequence[str]:
        found.wait()
        return ["10.0.0.1"]

    hurried = Hurried(slow, seconds=0.05)
    PublicAddresses(hurried).check("https://hooks.example/")
    found.set()
    assert refusal(PublicAddresses(Hurried(slow)), "https://hooks.example/") == ("address_refused", "/url")


def test_a_setting_lets_everything_pass_for_tests():
    PublicAddresses(resolved, anywhere=True).check("http://127.0.0.1:8080/")
