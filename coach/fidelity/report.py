"""A run as a record: what was played, what must hold, and the figures behind it. JSON-ready."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from coach.buyer import Ending
from coach.fidelity.faults import FaultKind
from coach.fidelity.floors import floors_of
from coach.fidelity.outcome import Outcome, Tally, tallied, wilson
from coach.fidelity.tournament import Plan

MOST_EXAMPLES = 100  # faults that are named one by one
MOST_REASONS = 12


@dataclass(frozen=True)
class Made:
    """How a run was made: ``command`` repeats it; ``seconds`` it took in ``processes``."""

    command: str
    engine: str
    embedding: str
    version: str
    evidence_read_as_of: str
    seconds: float
    processes: int


def report_of(plan: Plan, outcomes: Sequence[Outcome], made: Made) -> dict[str, Any]:
    """The whole report, as it is written and as the page is drawn from."""
    turns = sum(o.turns for o in outcomes)
    return {
        "made": asdict(made),
        "played": {
            "sessions": len(outcomes),
            "turns": turns,
            "seeds": plan.seeds,
            "seeds_are": "shared out among personas" if plan.spread else "per persona",
            "scenarios": [s.id for s in plan.scenarios],
            "versions": {s.id: s.version for s in plan.scenarios},
            "personas": {s.id: [p.id for p in s.personas] for s in plan.scenarios},
            "difficulties": [d.value for d in plan.difficulties],
            "sellers": list(plan.sellers),
            "worded_by_model": sum(o.worded for o in outcomes),
        },
        "floors": [asdict(floor) for floor in floors_of(outcomes)],
        "by_seller": _rows(outcomes, ("seller", "difficulty")),
        "by_scenario": _rows(outcomes, ("seller", "difficulty", "scenario")),
        "by_persona": _rows(outcomes, ("seller", "difficulty", "scenario", "persona")),
        "endings": _endings(outcomes),
        "faults": _faults(outcomes),
    }


def _rows(outcomes: Sequence[Outcome], fields: tuple[str, ...]) -> list[dict[str, Any]]:
    """One row per combination of ``fields`` of the games."""
    tallies = tallied(outcomes, lambda o: tuple(str(getattr(o.game, name)) for name in fields))
    return [dict(zip(fields, key, strict=True)) | _figures(t) for key, t in tallies.items()]


def _figures(tally: Tally) -> dict[str, Any]:
    low, high = wilson(tally.won, tally.sessions)
    return {
        "sessions": tally.sessions,
        "won": tally.won,
        "win_rate": round(tally.share, 4),
        "win_rate_from": round(low, 4),
        "win_rate_to": round(high, 4),
        "turns_to_win": median(tally.to_win) if tally.to_win else None,
        "fewest_turns_to_win": min(tally.to_win, default=None),
        "most_turns_to_win": max(tally.to_win, default=None),
        **{end.value: tally.ends[end] for end in Ending},
        "turns": round(tally.turns / tally.sessions, 2),
        **{kind.value: tally.faults[kind] for kind in FaultKind},
        "repeated_share": round(tally.faults[FaultKind.REPEATED_LINE] / max(tally.sentences, 1), 5),
    }


def _endings(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """Per seller and difficulty, why sessions ended, the most frequent first."""
    found: dict[tuple[str, str], Counter[tuple[str, str]]] = {}
    for outcome in outcomes:
        key = (outcome.game.seller, outcome.game.difficulty.value)
        found.setdefault(key, Counter())[outcome.end.value, outcome.reason] += 1
    return [
        {"seller": seller, "difficulty": level, "end": end, "reason": reason, "sessions": times}
        for (seller, level), reasons in found.items()
        for (end, reason), times in reasons.most_common(MOST_REASONS)
    ]


def _faults(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """The first faults with the game they happened in; repetitions come last."""
    told = [
        {**asdict(o.game), "kind": f.kind.value, "turn": f.turn, "words": f.words}
        for o in outcomes
        for f in o.faults
    ]
    return sorted(told, key=lambda f: f["kind"] == FaultKind.REPEATED_LINE)[:MOST_EXAMPLES]
