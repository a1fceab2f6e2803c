"""What changed between two texts, line by line. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

AROUND = 3  # lines that stayed, shown for the context


@dataclass(frozen=True)
class Line:
    """``old`` and ``new`` are its numbers from 1; None in the text that lacks it."""

    kind: Literal["same", "gone", "new"]
    text: str
    old: int | None
    new: int | None


def changes(before: str, after: str) -> list[list[Line]]:
    """The places that differ, each with a few lines around it; none where nothing does."""
    old, new = before.splitlines(), after.splitlines()
    groups = SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(AROUND)
    return [[line for step in group for line in _lines(step, old, new)] for group in groups]


def _lines(
    step: tuple[str, int, int, int, int], old: Sequence[str], new: Sequence[str]
) -> Iterator[Line]:
    kind, first, last, start, end = step
    if kind == "equal":
        for n in range(last - first):
            yield Line("same", old[first + n], first + n + 1, start + n + 1)
        return
    for n in range(first, last):
        yield Line("gone", old[n], n + 1, None)
    for n in range(start, end):
        yield Line("new", new[n], None, n + 1)
