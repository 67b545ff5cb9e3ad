"""The words of letters: one file of texts per language, one look for all of them, in HTML and in plain text."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

import css_inline
import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from msgspec import Struct

from application.jobs.ports import Wording
from infrastructure.messaging.message import one_line

SMS_LENGTH = 459
"""Three messages joined into one, in the alphabet of GSM 03.38."""

FOLDER = Path(__file__).with_name("letters")


class Text(Struct, frozen=True, forbid_unknown_fields=True):
    """A letter as its file has it, every text a Jinja template."""

    subject: str
    heading: str
    lines: tuple[str, ...]
    reason: str
    button: str = ""
    quote: str = ""
    after: tuple[str, ...] = ()
    sms: str = ""


class WrittenLetters:
    """Facts are escaped in HTML; a text that names a fact nobody gave is an error, not a gap."""

    def __init__(self, language: str = "en") -> None:
        self._language = language
        words = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
        self.texts = msgspec.convert(words, dict[str, Text])
        loader = FileSystemLoader(FOLDER)
        self._html = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
        self._plain = Environment(loader=loader, autoescape=False, undefined=StrictUndefined, keep_trailing_newline=True)  # noqa: S701 - plain text has nothing to escape
        self._css = css_inline.CSSInliner(load_remote_stylesheets=False)

    def write(self, letter: str, facts: Mapping[str, str]) -> Wording:
        """`facts` have `name`, and `link` where the letter has a button."""
        subject = self._plain.from_string(self.texts[letter].subject).render(facts)
        return Wording(
            subject=one_line(subject, 200),
            text=self._rendered(self._plain, "letter.txt", letter, facts),
            html=self._css.inline(self._rendered(self._html, "letter.html", letter, facts)),
        )

    def text(self, letter: str, facts: Mapping[str, str]) -> str:
        return one_line(self._plain.from_string(self.texts[letter].sms).render(facts), SMS_LENGTH)

    def _rendered(self, jinja: Environment, layout: str, letter: str, facts: Mapping[str, str]) -> str:
        text = self.texts[letter]

        def fill(words: str) -> str:
            return jinja.from_string(words).render(facts)

        mark = Markup if jinja.autoescape else str  # what `fill` returns for HTML is escaped already
        return jinja.get_template(layout).render(
            language=self._language,
            name=facts["name"],
            link=facts.get("link", ""),
            subject=mark(fill(text.subject)),
            heading=mark(fill(text.heading)),
            lines=[mark(fill(line)) for line in text.lines],
            quote=mark(fill(text.quote)),
            button=mark(fill(text.button)),
            after=[mark(fill(line)) for line in text.after],
            reason=mark(fill(text.reason)),
        )
