"""What a trainer may talk about when the workshop pauses or ends: made of what was missed. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coach.workshops.board import Moment

MOST = 3
MINUTES = 8  # for each thing to talk about


@dataclass(frozen=True)
class Point:
    """One thing to talk about; ``steps`` are what to do, in order, each a sentence."""

    moment: Moment
    minutes: int
    steps: tuple[str, ...]


def guide_of(moments: Sequence[Moment]) -> tuple[Point, ...]:
    """The most missed first; a check that was missed in two scenarios is talked about once."""
    chosen: dict[str, Moment] = {}
    for one in moments:
        chosen.setdefault(one.check, one)
    return tuple(Point(one, MINUTES, tuple(_steps(one))) for one in list(chosen.values())[:MOST])


def _steps(one: Moment) -> list[str]:
    steps = []
    if one.objection:
        steps.append(f"Read the customer’s words aloud: “{one.objection}”")
    steps.append("Ask what the customer needs to hear now, and why. Let two or three answer.")
    if one.said:
        steps.append(f"Show what somebody said, without a name: “{one.said}”")
    steps.append(f"Ask of it: {one.question} {one.why}".strip())
    if one.well:
        steps.append(f"Show words that did it: “{one.well}”")
    elif one.tip:
        steps.append(f"Nobody did it yet. A way in: {one.tip}")
    steps.append("In pairs: one is the customer, the other answers again. Then change over.")
    return steps
