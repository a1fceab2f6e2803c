"""What a rubric's rules find in a reply: a move, a need that was met, a rumour's words repeated."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from coach.assessment.reply import Reply
from coach.moves import Move, MoveKind
from coach.perception import Perception
from knowledge.chunking import sentences

NEED = "need:"


def seen(rules: Sequence[str], reply: Reply) -> tuple[str, Move] | None:
    """The first of ``rules`` that the reply does, and the words that do it."""
    for rule in rules:
        if move := _found(rule, reply):
            return rule, move
    return None


def _found(rule: str, reply: Reply) -> Move | None:
    if rule.startswith(NEED):
        return reply.heard.needs.get(rule.removeprefix(NEED))
    if rule in MYTH_RULES:
        return MYTH_RULES[rule](reply)
    return reply.heard.first(MoveKind(rule))


# --- a false story: once, and not as the last word ---


def _told(heard: Perception) -> list[Move]:
    return sorted((m for m in heard.moves if m.kind is MoveKind.MYTH), key=lambda m: m.span)


def _once(reply: Reply) -> Move | None:
    told = _told(reply.heard)
    return told[0] if len(told) == 1 else None


def _again(reply: Reply) -> Move | None:
    told = _told(reply.heard)
    return told[1] if len(told) > 1 else None


def _ending(reply: Reply) -> tuple[Move | None, list[tuple[int, int]]]:
    """The last time the story was told, and the statements after it."""
    told = _told(reply.heard)
    if not told:
        return None, []
    after = [s for s in sentences(reply.text) if s[0] >= told[-1].span[1]]
    asked = {m.span for m in reply.heard.moves if m.kind in _QUESTIONS}
    return told[-1], [span for span in after if span not in asked]


_QUESTIONS = (MoveKind.EXPLORE, MoveKind.ASK, MoveKind.CHECK)


def _last(reply: Reply) -> Move | None:
    told, after = _ending(reply)
    return None if after else told


def _then_fact(reply: Reply) -> Move | None:
    told, after = _ending(reply)
    if told is None or not after:
        return None
    start, end = after[-1]
    return Move(MoveKind.CLAIM, (start, end), reply.text[start:end])


MYTH_RULES: dict[str, Callable[[Reply], Move | None]] = {
    "myth:once": _once,
    "myth:again": _again,
    "myth:last": _last,
    "myth:then-fact": _then_fact,
}
