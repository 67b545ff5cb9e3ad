"""What passes as a password, and how one is kept."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from domain.decider import Rejected
from infrastructure.security.passwords import Argon2Passwords
from tests.fakes.passwords import QUICK

ANA = ("Ana Sousa", "ana.sousa@example.org")
passwords = QUICK


@pytest.mark.parametrize("password", ["Vento-norte-7-nos", "Ção-Vela-9-ão", "Tr0ub4dor&3-und-mehr", "Vento-norte-7-" * 18])
def test_what_is_hard_to_guess_passes(password: str):
    passwords.require_strong(password, ANA)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("Vn-7", "8 to 256"),
        ("aA1!" * 65, "8 to 256"),
        ("vento-norte-7", "upper-case"),
        ("VENTO-NORTE-7", "lower-case"),
        ("Vento-norte-x", "digit"),
        ("Ventonorte77x", "symbol"),
        ("Password1!", "first|common|easy|guess|like|similar|Repeats|Sequences|names"),
        ("P@ssw0rd", "first|common|easy|guess|like|similar|Repeats|Sequences|names"),
        ("Abcdef1!", "first|common|easy|guess|like|similar|Repeats|Sequences|names"),
        ("Ana-Sousa-1", "first|common|easy|guess|like|similar|Repeats|Sequences|names"),
        ("Ana.Sousa1", "first|common|easy|guess|like|similar|Repeats|Sequences|names"),
        ("Ana.Sousa@example.org1", "first|common|easy|guess|like|similar|Repeats|Sequences|names"),
    ],
)
def test_what_is_soon_guessed_is_refused(password: str, why: str):
    with pytest.raises(Rejected, match=why) as refused:
        passwords.require_strong(password, ANA, "/newPassword")
    assert (refused.value.code, refused.value.pointer) == ("password_weak", "/newPassword")


def test_what_one_person_is_known_by_does_not_weaken_anothers_password():
    def judged(name: str) -> bool:
        try:
            passwords.require_strong("Zanzibar-Quokka-1", (name,))
        except Rejected:
            return False
        return True

    names = ["Zanzibar Quokka", "Ana Sousa"] * 20
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(judged, names)) == [False, True] * 20


def test_a_hash_tells_its_own_password_only():
    hash = passwords.hash("Vento-norte-7-nos")
    assert hash.startswith("$argon2id$")
    assert passwords.matches("Vento-norte-7-nos", hash)
    assert not passwords.matches("vento-norte-7-nos", hash)
    assert not passwords.matches("Vento-norte-7-nos", None)
    assert not passwords.matches("Vento-norte-7-nos", "no hash")


def test_a_hash_of_other_parameters_is_outdated():
    hash = passwords.hash("Vento-norte-7-nos")
    assert not passwords.outdated(hash)
    assert Argon2Passwords(memory_kib=128, passes=1).outdated(hash)
    assert Argon2Passwords(memory_kib=128, passes=1).matches("Vento-norte-7-nos", hash)
