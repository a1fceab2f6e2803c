"""What Slack takes at most, and how more is cut or split. Pure.

Lengths are counted after escaping, in UTF-16 units, which is never less than Slack counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

SECTION, HEADER, BUTTON, OPTION = 3000, 150, 75, 75
BLOCKS, HOME_BLOCKS, OPTIONS, CONTEXT = 50, 100, 100, 10
MESSAGE = 4000  # of ``text``, from where on Slack advises against it

Block = dict[str, Any]

BREAK = re.compile(r"\n\n|\n|(?<=[.!?…]) | ")


def length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, most: int) -> str:
    """``text`` in one line of at most ``most``, with … where something is missing."""
    line = " ".join(text.split()) or "…"
    if length(line) <= most:
        return line
    shorter = line[: most - 1]
    while length(shorter) > most - 1:
        shorter = shorter[:-1]
    return f"{shorter}…"


def pieces(text: str, most: int = SECTION) -> Iterator[str]:
    """``text`` in parts of at most ``most``: at paragraphs, else sentences, else words, else there.

    An escaped sign (``&amp;``) is never cut in two.
    """
    rest = text.strip()
    while length(rest) > most:
        head = rest[:most]
        while length(head) > most:
            head = head[:-1]
        place = _place(head)
        yield rest[:place].strip() or "…"
        rest = rest[place:].strip()
    if rest:
        yield rest


def _place(head: str) -> int:
    found = [match.end() for match in BREAK.finditer(head)]
    late = [place for place in found if place > len(head) // 2]
    if late:
        return late[-1]
    amp = head.rfind("&", max(0, len(head) - 5))
    return amp if amp > 0 and ";" not in head[amp:] else len(head)


def messages(blocks: Sequence[Block], most: int = BLOCKS) -> Iterator[list[Block]]:
    """``blocks`` for several messages, as many in each as Slack takes."""
    for first in range(0, len(blocks), most):
        yield list(blocks[first : first + most])
