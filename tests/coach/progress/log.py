"""A rep's log, written by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from coach.assessment import Verdict
from coach.progress import Seen
from coach.progress.practised import JudgedCheck, JudgedTurn, Practised
from coach.scenario import Difficulty
from coach.session import LOCAL, Caller, Status

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
YES, NO, NONE = Verdict.YES, Verdict.NO, Verdict.NOT_OBSERVABLE


def day(number: float) -> datetime:
    """So many days before now."""
    return NOW - timedelta(days=number)


def seen(kept: str, first_day: float = 30, check: str = "asks", **more: Any) -> list[Seen]:
    """One session a day, ``y`` kept and ``n`` missed: "nny"."""
    fields: dict[str, Any] = {"turn": 1, "scenario": "interest", **more}
    return [
        Seen(
            check,
            "Did it ask?",
            letter == "y",
            "I said so",
            day(first_day - n),
            f"{check}{first_day}-{n}",
            **fields,
        )
        for n, letter in enumerate(kept)
    ]


def practised(session: str = "s1", **changes: Any) -> Practised:
    fields: dict[str, Any] = {
        "id": session,
        "owner": Caller(LOCAL.user, LOCAL.tenant),
        "scenario": "interest",
        "scenario_version": 1,
        "scenario_fingerprint": "",
        "persona": "",
        "difficulty": Difficulty.NORMAL,
        "seed": 7,
        "status": Status.ENDED,
        "created_at": day(1),
        "turn_count": 5,
    }
    return Practised(**{**fields, **changes})


def judged(index: int, *checks: tuple[str, Verdict], excused: Sequence[str] = ()) -> JudgedTurn:
    return JudgedTurn(
        index,
        day(1) + timedelta(minutes=index),
        tuple(
            JudgedCheck(name, f"{name}?", verdict, "words" * (verdict is not NONE), name in excused)
            for name, verdict in checks
        ),
    )
