"""Passwords: how strong one must be, and how it is kept."""

import re
import secrets
from collections.abc import Sequence
from threading import Lock

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from domain.decider import Rejected

SHORTEST = 8
LONGEST = 256
GUESSABLE = 72
"""How many characters are judged: the time it takes grows with their square, and what starts strong stays strong."""

TRIVIAL = 2
"""Of zxcvbn's scores from 0 to 4, the first that is let through: more than 10^6 guesses."""


class Argon2Passwords:
    """argon2id (RFC 9106) with the parameters that OWASP's Password Storage Cheat Sheet names: 19 MiB, two passes, one lane."""

    def __init__(self, *, memory_kib: int = 19 * 1024, passes: int = 2) -> None:
        self._hasher = PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=1)
        self._dummy = self._hasher.hash(secrets.token_urlsafe())
        self._judging = Lock()  # zxcvbn keeps the words of its caller in a global

    def hash(self, password: str) -> str:
        return self._hasher.hash(password)

    def matches(self, password: str, hash: str | None) -> bool:
        try:
            return self._hasher.verify(hash or self._dummy, password) and hash is not None
        except (VerificationError, InvalidHashError):
            return False

    def outdated(self, hash: str) -> bool:
        return self._hasher.check_needs_rehash(hash)

    def require_strong(self, password: str, known: Sequence[str], pointer: str = "/password") -> None:
        if not SHORTEST <= len(password) <= LONGEST:
            raise Rejected("password_weak", f"{SHORTEST} to {LONGEST} characters.", pointer=pointer)
        kinds = {
            "an upper-case letter": str.isupper,
            "a lower-case letter": str.islower,
            "a digit": str.isdigit,
            "a symbol": lambda each: not each.isalnum(),
        }
        missing = [kind for kind, is_of in kinds.items() if not any(map(is_of, password))]
        if missing:
            raise Rejected("password_weak", f"Needs {', '.join(missing)}.", pointer=pointer)
        words = words_of(known)
        # zxcvbn alone finds «Ana-Sousa-1» strong, even told that Ana Sousa is its owner: it counts the dashes as unguessable.
        rest = re.sub("|".join(map(re.escape, words)) or "(?!)", lambda word: word[0][0], password[:GUESSABLE], flags=re.IGNORECASE)
        with self._judging:
            found = zxcvbn(rest, user_inputs=words)
        if found["score"] < TRIVIAL:
            warning = found["feedback"]["warning"] or "This is among the first that are tried."
            raise Rejected("password_weak", warning, pointer=pointer)


def words_of(known: Sequence[str]) -> list[str]:
    """Names and addresses as a whole, and the words of names and of local parts; the longest first, none under three letters."""
    texts = (text.partition("@")[0] for text in known)
    words = {word for text in texts for word in re.split(r"[\W_]+", text)}
    return sorted(filter(lambda word: len(word) > 2, words.union(known)), key=len, reverse=True)
