"""The words of letters: one file of texts per language, one look for all of them, in HTML and in plain text."""

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import css_inline
import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
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


class Look:
    """A layout and the texts in it. Each text is compiled once: that is most of what a letter costs otherwise."""

    def __init__(self, layout: str, jinja: Environment, mark: Callable[[str], str]) -> None:
        self._layout = jinja.get_template(layout)
        self._compiled: Callable[[str], Template] = cache(jinja.from_string)
        self._mark = mark

    def filled(self, text: str, facts: Mapping[str, str]) -> str:
        """What it returns for HTML is escaped already."""
        return self._mark(self._compiled(text).render(facts))

    def letter(self, language: str, text: Text, facts: Mapping[str, str]) -> str:
        return self._layout.render(
            language=language,
            name=facts["name"],
            link=facts.get("link", ""),
            subject=self.filled(text.subject, facts),
            heading=self.filled(text.heading, facts),
            lines=[self.filled(line, facts) for line in text.lines],
            quote=self.filled(text.quote, facts),
            button=self.filled(text.button, facts),
            after=[self.filled(line, facts) for line in text.after],
            reason=self.filled(text.reason, facts),
        )


class WrittenLetters:
    """Facts are escaped in HTML; a text that names a fact nobody gave is an error, not a gap."""

    def __init__(self, language: str = "en") -> None:
        self._language = language
        words = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
        self.texts = msgspec.convert(words, dict[str, Text])
        loader = FileSystemLoader(FOLDER)
        html = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
        plain = Environment(loader=loader, autoescape=False, undefined=StrictUndefined, keep_trailing_newline=True)  # noqa: S701 - plain text has nothing to escape
        self._html = Look("letter.html", html, Markup)
        self._plain = Look("letter.txt", plain, str)
        self._css = css_inline.CSSInliner(load_remote_stylesheets=False)

    def write(self, letter: str, facts: Mapping[str, str]) -> Wording:
        """`facts` have `name`, and `link` where the letter has a button."""
        text = self.texts[letter]
        return Wording(
            subject=one_line(self._plain.filled(text.subject, facts), 200),
            text=self._plain.letter(self._language, text, facts),
            html=self._css.inline(self._html.letter(self._language, text, facts)),
        )

    def text(self, letter: str, facts: Mapping[str, str]) -> str:
        return one_line(self._plain.filled(self.texts[letter].sms, facts), SMS_LENGTH)


@cache
def written_letters(language: str = "en") -> WrittenLetters:
    """One for the whole process, since its files never change."""
    return WrittenLetters(language)
