"""HTML to text by its structure: headings, paragraphs, list items and table rows. Pure.

A stream of tags, not a tree: ten thousand nested ones cost no more than ten thousand others.
libxml2 parses it; the parser of the standard library takes hours over some broken pages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from lxml import etree

DROPPED = frozenset(
    """script style template noscript svg math iframe object embed canvas audio video button
    select textarea dialog nav""".split()  # noqa: SIM905  a word list reads better
)
BLOCKS = frozenset(
    """p div section article aside main header footer ul ol table thead tbody blockquote pre form
    figure figcaption address hr dl body fieldset details summary""".split()  # noqa: SIM905
)
CELLS = frozenset({"td", "th"})
_HEADING = re.compile(r"h[1-6]")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


class Markup:
    """``text``, ``title`` and ``meta`` (``name`` or ``property`` to ``content``) of a page."""

    def __init__(self, html: str) -> None:
        self.title = ""
        self.meta: dict[str, str] = {}
        self._blocks: list[str] = []
        self._line: list[str] = []
        self._row: list[str] | None = None
        self._dropped = 0  # how deep we are in what is dropped
        self._in_title = False
        parser = etree.HTMLParser(
            target=self, huge_tree=True, encoding="utf-8", remove_comments=True, remove_pis=True
        )
        parser.feed(html.encode("utf-8", "replace"))
        parser.close()

    @property
    def text(self) -> str:
        """Blocks a blank line apart; neighbouring list items and rows on lines of their own."""
        parts: list[str] = []
        for block in self._blocks:
            glued = parts and block[0] in _MARKS and parts[-1][0] == block[0]
            parts += ["\n" if glued else "\n\n"] if parts else []
            parts.append(block)
        return "".join(parts).translate(_UNMARKED).strip()

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Called by libxml2, which also closes what the page leaves open."""
        if self._dropped or tag in DROPPED or _hidden(attributes):
            self._dropped += 1
        elif tag == "meta":
            name = attributes.get("name") or attributes.get("property") or ""
            self.meta.setdefault(name.casefold(), attributes.get("content", "").strip())
        elif tag == "link" and attributes.get("rel", "").casefold() == "canonical":
            self.meta.setdefault("canonical", attributes.get("href", "").strip())
        else:
            self._opened(tag)

    def end(self, tag: str) -> None:
        if self._dropped:
            self._dropped -= 1
        elif tag == "title":
            self._in_title = False
        elif tag in CELLS:
            self._end_cell()
        elif tag in {"tr", "table"}:
            self._end_row()
        elif tag in BLOCKS or tag in {"li", "dd"} or _HEADING.fullmatch(tag):
            self._end_block()

    def data(self, data: str) -> None:
        if self._in_title:
            self.title += data
        elif not self._dropped:
            self._line.append(data)

    def close(self) -> None:
        self._end_row()

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
            self._blocks.append(_ROW + as_row(row))

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


_LISTED, _ROW = _MARKS = ("\ufdd0", "\ufdd1")  # no characters: they mark lines that go together
_UNMARKED = dict.fromkeys(map(ord, _MARKS))


def as_row(cells: list[str]) -> str:
    """One row of a table as a line; two cells are a name and its value."""
    if len(cells) == 2:
        return f"{cells[0].rstrip(':')}: {cells[1]}"
    return " | ".join(cells)


def _hidden(attributes: Mapping[str, str]) -> bool:
    return "hidden" in attributes or bool(_HIDDEN.search(attributes.get("style", "")))
