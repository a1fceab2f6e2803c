"""Numbers and names that nobody has said: a model's inventions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from coach.suggestion.grounding import NAME, names
from coach.vetting.fault import Fault
from coach.vetting.words import counted

if TYPE_CHECKING:
    from coach.vetting.ground import Ground

#: People use these without counting.
_LOOSE = frozenset({"0", "1", "2"})
_NOBODY = frozenset(
    """january february march april may june july august september october november december
    english christmas easter internet god lord hm hmm oh ok okay right well yes no""".split()  # noqa: SIM905  a word list
)


def invented_number(text: str, ground: Ground) -> Fault | None:
    """A figure, in digits or in words, that stands neither in the line nor in what was said."""
    return Fault.NUMBER if counted(text) - ground.counted - _LOOSE else None


def invented_name(text: str, ground: Ground) -> Fault | None:
    """A name that is nobody's here."""
    unknown = {name.casefold() for name in names(text)} - _NOBODY
    return Fault.NAME if any(not _known(name, ground.names) for name in unknown) else None


def _known(name: str, known: frozenset[str]) -> bool:
    return name in known or all(part in known for part in re.split(r"[-/&.'’]", name) if part)


def named(text: str) -> frozenset[str]:
    """Every word of ``text``, folded, with and without a genitive."""
    words = {word.casefold() for word in NAME.findall(text)}
    return frozenset(words | {re.split(r"['’]", word)[0] for word in words})
