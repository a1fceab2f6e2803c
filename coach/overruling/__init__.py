"""A trainer's verdict in place of the coach's. Both are kept; the coach's no longer counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from coach.assessment import Assessment, Check, Verdict
from coach.session import Caller, Session


@dataclass(frozen=True)
class Overruling:
    """``machine`` is the verdict that ``verdict`` stands in place of."""

    session: str
    turn: int
    check: str
    verdict: Verdict
    machine: Verdict
    reason: str
    author: str
    at: datetime  # UTC


class OverrulingStore(Protocol):
    """Synchronous and thread-safe; each method is one transaction."""

    def overrule(self, caller: Caller, ruling: Overruling) -> None:
        """In place of an earlier one on the same verdict."""

    def withdraw_overruling(self, caller: Caller, session_id: str, turn: int, check: str) -> None:
        """NotFound where there is none."""

    def overrulings(self, caller: Caller, session_id: str | None = None) -> list[Overruling]:
        """Of all sessions of the caller, or of one; by session, turn and check."""


def as_ruled(session: Session, rulings: Iterable[Overruling]) -> Session:
    """The session as its trainer sees it: verdicts replaced, with who said so and why."""
    by_place = {(one.turn, one.check): one for one in rulings}
    if not by_place:
        return session
    turns = tuple(
        replace(turn, assessment=_ruled(turn.index, turn.assessment, by_place))
        if turn.assessment
        else turn
        for turn in session.turns
    )
    return replace(session, turns=turns)


def _ruled(
    turn: int, assessment: Assessment, rulings: dict[tuple[int, str], Overruling]
) -> Assessment:
    checks = tuple(
        _set(check, ruling) if (ruling := rulings.get((turn, check.id))) else check
        for check in assessment.checks
    )
    return replace(assessment, checks=checks)


def _set(check: Check, ruling: Overruling) -> Check:
    return replace(
        check,
        verdict=ruling.verdict,
        explanation=f"{ruling.author} overruled the coach: {ruling.reason}",
        excused=False,
    )
