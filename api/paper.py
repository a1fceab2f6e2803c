"""A4 pages: the only file that touches fpdf. The font ships, so that names print as written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from api.transcript import plain

if TYPE_CHECKING:
    from fpdf import FPDF

FONTS = Path(__file__).parent / "fonts"
MARGIN = 15.0  # millimetres
INK, MUTED, ACCENT, RULE = (20, 32, 28), (82, 96, 91), (11, 101, 83), (217, 223, 219)
NO_GLYPH = "\N{WHITE SQUARE}"  # for signs that the font doesn't have, such as emoji


class Paper:
    """Text from top to bottom; ``size`` is that of plain text in points."""

    def __init__(self, title: str, size: float = 10.0) -> None:
        from fpdf import FPDF  # noqa: PLC0415  # slow to import, and rarely needed
        from fpdf.fonts import TTFFont  # noqa: PLC0415

        self.size = size
        self._measured: float | None = None  # millimetres so far, while only measuring
        self._pdf: FPDF = FPDF(format="A4")
        self._pdf.set_title(plain(title))
        self._pdf.set_lang("en")
        self._pdf.add_font("dejavu", "", FONTS / "DejaVuSans.ttf")
        self._pdf.add_font("dejavu", "B", FONTS / "DejaVuSans-Bold.ttf")
        font = self._pdf.fonts["dejavu"]
        self._known = frozenset(font.cmap if isinstance(font, TTFFont) else ())
        self._pdf.set_margins(MARGIN, MARGIN)
        self._pdf.set_auto_page_break(True, MARGIN)
        self._pdf.add_page()

    @property
    def pages(self) -> int:
        return int(self._pdf.pages_count)

    def fits(self, draw: Callable[[], None]) -> bool:
        """Whether what ``draw`` prints has room on one page in the present size."""
        self._measured = 0.0
        draw()
        height, self._measured = self._measured, None
        return height <= self._pdf.eph

    def heading(self, text: str) -> None:
        self.gap(0.16)
        self.line(text, bold=True, scale=1.15, colour=ACCENT)
        self.gap(0.03)

    def line(
        self,
        text: str,
        *,
        bold: bool = False,
        scale: float = 1.0,
        colour: tuple[int, int, int] = INK,
    ) -> None:
        """A paragraph, as wide as the margins allow."""
        size = self.size * scale
        self._pdf.set_font("dejavu", "B" if bold else "", size)
        self._pdf.set_text_color(*colour)
        words, height = self._printable(text), size * 0.46
        if self._measured is None:
            self._pdf.multi_cell(0, height, words, align="L", new_x="LMARGIN", new_y="NEXT")
        else:
            self._measured += self._height(words, height)

    def _height(self, words: str, of_line: float) -> float:
        lines = self._pdf.multi_cell(0, of_line, words, align="L", dry_run=True, output="LINES")
        return of_line * len(lines) if isinstance(lines, list) else of_line

    def small(self, text: str) -> None:
        self.line(text, scale=0.86, colour=MUTED)

    def gap(self, share: float = 0.1) -> None:
        if self._measured is None:
            self._pdf.ln(self.size * share)
        else:
            self._measured += self.size * share

    def rule(self) -> None:
        """A thin line between what stands above and below."""
        if self._measured is not None:
            self.gap(0.2)
            return
        self._pdf.set_draw_color(*RULE)
        y = self._pdf.get_y() + self.size * 0.1
        self._pdf.line(self._pdf.l_margin, y, self._pdf.w - self._pdf.r_margin, y)
        self._pdf.set_y(y + self.size * 0.1)

    @contextmanager
    def indented(self, by: float = 4.0) -> Iterator[None]:
        """What is printed inside stands ``by`` millimetres further right."""
        self._pdf.set_left_margin(MARGIN + by)
        self._pdf.set_x(MARGIN + by)
        yield
        self._pdf.set_left_margin(MARGIN)
        self._pdf.set_x(MARGIN)

    def bytes(self) -> bytes:
        return bytes(self._pdf.output())

    def _printable(self, text: str) -> str:
        kept = (ch if ord(ch) in self._known or ch in "\n\t" else NO_GLYPH for ch in plain(text))
        return "".join(kept)
