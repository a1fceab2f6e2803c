"""Ids of a turn's events, by which a dropped stream goes on where it broke.

``<index of the seller's turn>.<number>.<stage>``; that of words adds how many characters of the
reply were told so far and a checksum of them: so a stream can be resumed from any process, or
from what is stored, however the words were cut into events then.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from zlib import crc32

from coach.events import (
    AssessmentReady,
    ReplyCompleted,
    ReplyDelta,
    ReplyReset,
    TurnCompleted,
    TurnCreated,
    TurnEvent,
)

STAGES = ("turn", "words", "reply", "note", "done")
_WORDS = STAGES.index("words")
_ID = re.compile(r"(\d{1,9})\.\d{1,9}\.(turn|words|reply|note|done)(?:\.(\d{1,9})\.([0-9a-f]{8}))?")
RESUMED = "The words so far were withdrawn; the whole reply follows."


def _stage(event: TurnEvent) -> str:
    match event:
        case TurnCreated():
            return "turn"
        case ReplyDelta() | ReplyReset():
            return "words"
        case ReplyCompleted():
            return "reply"
        case AssessmentReady():
            return "note"
        case TurnCompleted():
            return "done"
        case _:
            return "error"


def _sum(text: str) -> str:
    return f"{crc32(_bytes(text)):08x}"


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


@dataclass(frozen=True)
class Seen:
    """How far a listener came."""

    index: int
    stage: int
    chars: int = 0
    sum: str = _sum("")

    @staticmethod
    def of(mark: str | None) -> Seen | None:
        """None for what is no id of ours: then all is told again."""
        found = _ID.fullmatch(mark or "")
        if found is None:
            return None
        stage = STAGES.index(found[2])
        if (stage == _WORDS) != (found[3] is not None):
            return None
        return Seen(int(found[1]), stage, int(found[3] or 0), found[4] or _sum(""))


def is_all_seen(mark: str | None, index: int) -> bool:
    """Whether nothing of the turn comes after the event of that id."""
    seen = Seen.of(mark)
    return seen is not None and (seen.index, seen.stage) == (index, len(STAGES) - 1)


async def unseen(
    events: AsyncIterator[TurnEvent], mark: str | None
) -> AsyncIterator[tuple[str, TurnEvent]]:
    """What of a turn's ``events`` comes after the event of that id, each with its own id.

    A listener whose words are not how this reply begins is told to withdraw them.
    """
    seen, index, number, words = Seen.of(mark), 0, -1, Words()
    async for event in events:
        number += 1
        if isinstance(event, TurnCreated):
            index = event.turn.index
            seen = seen if seen and seen.index == index else None
        elif isinstance(event, ReplyDelta):
            words.add(event.text, keep=seen is not None)
        elif isinstance(event, ReplyReset):
            words = Words()
        due = [event] if seen is None else _due(seen, event, words.text)
        if seen and isinstance(event, ReplyDelta) and seen.stage <= _WORDS:
            seen = seen if words.chars < seen.chars else None  # found: from here on all is told
        for one in due:
            yield _mark(index, number, one, words), one


@dataclass
class Words:
    """Those of the reply so far; the ``text`` only while a listener's place is looked for."""

    chars: int = 0
    sum: int = 0
    text: str = ""

    def add(self, piece: str, *, keep: bool) -> None:
        self.chars += len(piece)
        self.sum = crc32(_bytes(piece), self.sum)
        self.text = self.text + piece if keep else ""


def _mark(index: int, number: int, event: TurnEvent, words: Words) -> str:
    mark = f"{index}.{number}.{_stage(event)}"
    if isinstance(event, ReplyDelta):
        return f"{mark}.{words.chars}.{words.sum:08x}"
    return f"{mark}.0.{_sum('')}" if isinstance(event, ReplyReset) else mark


def _due(seen: Seen, event: TurnEvent, told: str) -> list[TurnEvent]:
    """What of one event a listener is told; ``told`` are all the words so far, its own too."""
    stage = _stage(event)
    if stage == "error":
        return [event]
    place = STAGES.index(stage)
    if place == _WORDS:
        return _words_due(seen, told) if isinstance(event, ReplyDelta) else []
    if seen.stage == _WORDS < place and stage == "reply" and seen.chars > len(told):
        return [ReplyReset(RESUMED), ReplyDelta(told), event]
    return [event] if place > seen.stage else []


def _words_due(seen: Seen, told: str) -> list[TurnEvent]:
    """Nothing while it can't be known whether ``told`` begins as what was ``seen``."""
    if seen.stage != _WORDS:
        return [ReplyDelta(told)] if seen.stage < _WORDS else []
    if len(told) < seen.chars:
        return []
    if _sum(told[: seen.chars]) != seen.sum:
        return [ReplyReset(RESUMED), ReplyDelta(told)]
    rest = told[seen.chars :]
    return [ReplyDelta(rest)] if rest else []


def error_mark(last: str) -> str:
    """The id of an error that ends a stream whose last id was that."""
    index, number = [*last.split("."), "0", "0"][:2]
    return f"{index or 0}.{int(number) + 1}.error"
