"""Sets invoices and credit notes as PDF: the same bytes for the same paper, wherever and whenever that is done."""

from datetime import UTC, datetime
from pathlib import Path
from threading import local
from typing import Any, Literal

import msgspec
import typst

from domain.invoices.events import Paper
from infrastructure.invoices.wording import wording

TEMPLATE = Path(__file__).with_name("paper.typ")
STANDARD: Literal["a-2b"] = "a-2b"
"""PDF/A: what is needed to read the file is in it, for as long as it must be kept."""


class Printer:
    """Its fonts are those that typst brings along. Threads may share it: each has a compiler of its own."""

    def __init__(self) -> None:
        self._template = TEMPLATE.read_bytes()
        self._fonts = typst.Fonts(include_system_fonts=False)
        self._own = local()

    def __call__(self, paper: Paper) -> bytes:
        """A PDF file, dated by the paper's day of issue; where it has letters that no font has, an ordinary one with boxes for them."""
        on = paper.issued_on
        dated = datetime(on.year, on.month, on.day, tzinfo=UTC)
        try:
            return self.set(paper, format="pdf", timestamp=dated, pdf_standards=STANDARD)
        except typst.TypstError as error:
            if "could not be displayed" not in error.message:
                raise
            return self.set(paper, format="pdf", timestamp=dated)

    def set(self, paper: Paper, **how: Any) -> Any:
        """The paper in any of the formats of typst."""
        if not hasattr(self._own, "compiler"):
            self._own.compiler = typst.Compiler(font_paths=self._fonts, ignore_system_fonts=True)
        said = msgspec.json.encode(wording(paper)).decode()
        return self._own.compiler.compile(self._template, sys_inputs={"paper": said}, **how)
