"""One page to keep: what happened, what to keep and to change, facts to say, the hidden card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coach.assessment.said import cut
from coach.debrief.record import CheckSummary, Debrief
from coach.scenario import Persona, Scenario

MOST = 3
LONGEST = 230  # characters of anything on the page
_DECIDED = {
    "settled": "let go of {}",
    "told": "told you about {}",
    "reopened": "took up {} again",
    "agreed": "agreed to the next step",
    "parted": "took your no",
}


@dataclass(frozen=True)
class Advice:
    """What to keep, with the words that did it, or to change, with words to say instead."""

    about: str
    why: str
    words: str


@dataclass(frozen=True)
class Fact:
    quote: str
    source: str  # title, where it stands, and as of when


@dataclass(frozen=True)
class Handbook:
    """``score`` is "72 of 100" or "not scored"; every text is one line."""

    title: str
    buyer: str
    score: str
    happened: tuple[str, ...]
    keep: tuple[Advice, ...]
    change: tuple[Advice, ...]
    facts: tuple[Fact, ...]
    cards: tuple[str, ...]
    next_drill: str


def handbook_of(debrief: Debrief, scenario: Scenario, persona: Persona) -> Handbook:
    """The page for one debrief, however long the session was."""
    return Handbook(
        title=scenario.title,
        buyer=f"{persona.name}, {persona.role}, {persona.organisation}",
        score="not scored" if debrief.score is None else f"{debrief.score} of 100",
        happened=tuple(cut(line, LONGEST) for line in _happened(debrief, persona)),
        keep=tuple(_keep(debrief.checks)),
        change=tuple(_change(debrief)),
        facts=tuple(_fact(raw) for raw in debrief.facts[: MOST + 1]),
        cards=tuple(cut(c["card"], LONGEST) for c in debrief.buyer["concerns"] if c.get("hidden")),
        next_drill=cut(debrief.next_drill, LONGEST),
    )


def _happened(debrief: Debrief, persona: Persona) -> list[str]:
    """The end and why; a broken rule; what the buyer decided last."""
    name = persona.name.split()[0]
    told = [debrief.outcome_reason]
    if debrief.failed:
        told.append(f"Failed: {debrief.failed}")
    decided = [d for d in debrief.buyer.get("decisions", []) if d["kind"] in _DECIDED]
    for made in decided[-MOST:]:
        what = _DECIDED[made["kind"]].format(made["label"] or "it")
        told.append(f"Turn {made['turn']}: {name} {what}.")
    return told


def _keep(checks: Sequence[CheckSummary]) -> list[Advice]:
    good = sorted((c for c in checks if c.yes and c.best_quote), key=lambda c: (c.no, -c.yes))
    return [Advice(c.question, _kept(c), f"“{cut(c.best_quote, LONGEST)}”") for c in good[:MOST]]


def _kept(check: CheckSummary) -> str:
    return "" if check.no else cut(check.explanation, LONGEST)


def _change(debrief: Debrief) -> list[Advice]:
    """What cost most, with the words that would have fitted at that turn, else with the tip."""
    said = {w["turn"]: w["suggestion"] for w in debrief.what_if if "played" in w}
    missed = [c for c in debrief.checks if c.no and not c.advisory]
    missed.sort(key=lambda c: (not c.broken, c.yes - c.no, -c.no))
    found = []
    for check in missed[:MOST]:
        words = said.pop(check.missed_turn, "") or check.tip
        why = check.missed_why or check.explanation
        found.append(Advice(check.question, cut(why, LONGEST), cut(words, LONGEST + 150)))
    return found


def _fact(raw: Mapping[str, Any]) -> Fact:
    parts = [raw["source"] or raw["title"], raw["as_of"] and f"as of {raw['as_of']}"]
    return Fact(cut(raw["quote"], LONGEST), cut("; ".join(p for p in parts if p), 150))
