"""HTML to text by its structure: headings, paragraphs, list items and table rows. Pure.

A stream, not a tree: ten thousand nested tags cost no more than ten thousand others.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

DROPPED = frozenset(
    """script style template noscript svg math iframe object embed canvas audio video button
    select textarea dialog nav""".split()  # noqa: SIM905  a word list reads better
)
HIDEABLE = frozenset({"div", "span", "section", "article", "aside", "main", "table", "ul", "ol"})
BLOCKS = frozenset(
    """p div section article aside main header footer ul ol table thead tbody blockquote pre form
    figure figcaption address hr dl body fieldset details summary""".split()  # noqa: SIM905
)
CELLS = frozenset({"td", "th"})
VOID = frozenset({"br", "hr", "img", "input", "meta", "link", "embed", "source", "wbr", "col"})
_HEADING = re.compile(r"h[1-6]")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


class Markup(HTMLParser):
    """``text``, ``title`` and ``meta`` (``name`` or ``property`` to ``content``) of a page."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.title = ""
        self.meta: dict[str, str] = {}
        self._blocks: list[str] = []
        self._line: list[str] = []
        self._row: list[str] | None = None
        self._dropping: tuple[str, int] | None = None  # the tag and how deep it is nested in itself
        self._in_title = False
        self.feed(html)
        self.close()
        self._end_row()

    @property
    def text(self) -> str:
        """Blocks a blank line apart; neighbouring list items and rows on lines of their own."""
        parts: list[str] = []
        for block in self._blocks:
            listed = block.startswith(_LISTED)
            glued = listed and parts and parts[-1].startswith(_LISTED)
            parts += ["\n" if glued else "\n\n"] if parts else []
            parts.append(block)
        return "".join(parts).replace(_LISTED, "").strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if self._dropping:
            dropped, depth = self._dropping
            self._dropping = (dropped, depth + (tag == dropped))
        elif tag not in VOID and (tag in DROPPED or _hidden(tag, given)):
            self._dropping = (tag, 1)
        elif tag == "meta":
            name = given.get("name") or given.get("property") or ""
            self.meta.setdefault(name.casefold(), given.get("content", "").strip())
        elif tag == "link" and given.get("rel", "").casefold() == "canonical":
            self.meta.setdefault("canonical", given.get("href", "").strip())
        else:
            self._opened(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID or (tag not in DROPPED and not self._dropping):
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._dropping:
            dropped, depth = self._dropping
            depth -= tag == dropped
            self._dropping = (dropped, depth) if depth else None
        elif tag == "title":
            self._in_title = False
        elif tag in CELLS:
            self._end_cell()
        elif tag in {"tr", "table"}:
            self._end_row()
        elif tag in BLOCKS or tag in {"li", "dd"} or _HEADING.fullmatch(tag):
            self._end_block()

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data
        elif not self._dropping:
            self._line.append(data)

    def parse_html_declaration(self, i: int) -> int:
        """``<![x[`` would raise; no section of that kind holds words of a page."""
        if self.rawdata.startswith("<![", i):
            return self.parse_bogus_comment(i)
        return super().parse_html_declaration(i)

    def _opened(self, tag: str) -> None:
        if tag == "title":
            self._in_title = True
        elif tag == "br":
            self._line.append("\n")
        elif tag == "tr":
            self._end_row()
            self._row = []
        elif tag in CELLS:
            self._end_cell()
        elif tag == "dd":
            said = " ".join("".join(self._line).split()).rstrip(":")
            self._line = [f"{said}: "] if said else []
        elif tag in BLOCKS or tag in {"li", "dt"} or _HEADING.fullmatch(tag):
            self._end_block()
            mark = "#" * int(tag[1]) + " " if _HEADING.fullmatch(tag) else ""
            self._line = [_LISTED + "- " if tag == "li" else mark]

    def _end_cell(self) -> None:
        if self._row is not None:
            self._row.append(self._taken().removeprefix(_LISTED).replace("\n", " "))

    def _end_row(self) -> None:
        if self._row is None:
            self._end_block()
            return
        self._end_cell()
        row, self._row = [cell for cell in self._row if cell], None
        if row:
            self._blocks.append(_LISTED + as_row(row))

    def _end_block(self) -> None:
        if self._row is not None:  # a paragraph inside a cell
            self._line.append("\n")
        elif said := self._taken():
            self._blocks.append(said)

    def _taken(self) -> str:
        lines = ("".join(self._line)).split("\n") if "\n" in self._line else ["".join(self._line)]
        self._line = []
        said = "\n".join(filter(None, (" ".join(line.split()) for line in lines)))
        return "" if not said.strip(f"{_LISTED}-# ") else said


_LISTED = "\ue000"  # marks a line of a list or a table until the text is put together


def as_row(cells: list[str]) -> str:
    """One row of a table as a line; two cells are a name and its value."""
    if len(cells) == 2:
        return f"{cells[0].rstrip(':')}: {cells[1]}"
    return " | ".join(cells)


def _hidden(tag: str, given: dict[str, str]) -> bool:
    shown = "hidden" not in given and not _HIDDEN.search(given.get("style", ""))
    return tag in HIDEABLE and not shown
