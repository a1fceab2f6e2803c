"""Competitive facts that can't both be so. Pure.

What is out of date is history and contradicts nobody; a fact that names no competitor or no
criterion is about nothing that another could deny.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import combinations

from knowledge.checking.finding import Code, Finding, Severity
from knowledge.checking.quantities import differing
from knowledge.checking.topic import Topic, topic_of
from knowledge.evidence import Advantage, Evidence, Kind, Label

MOST_COMPARED = 50  # of one criterion, the newest; a table of thousands is no list of facts


def contradictions(items: Iterable[Evidence], today: date) -> Iterator[Finding]:
    """Pairs on one criterion that see another one ahead, or give other figures."""
    by_topic: defaultdict[Topic, list[Evidence]] = defaultdict(list)
    for item in items:
        is_comparable = item.competitor and item.criterion and not item.stale_on(today)
        if item.kind is Kind.COMPETITIVE_FACT and is_comparable:
            by_topic[topic_of(item)].append(item)
    for facts in by_topic.values():
        facts.sort(key=lambda item: item.id)
        facts.sort(key=lambda item: item.as_of or date.min, reverse=True)
        for newer, older in combinations(facts[:MOST_COMPARED], 2):
            if reason := _disagreement(newer, older):
                yield _finding(newer, older, *reason)


def _disagreement(newer: Evidence, older: Evidence) -> tuple[str, bool] | None:
    """What they disagree on, and whether it is beyond doubt."""
    seen = [item.advantage or Advantage.UNSTATED for item in (newer, older)]
    if Advantage.UNSTATED not in seen and seen[0] is not seen[1]:
        names = " and ".join(f"“{one.value}”" for one in seen)
        return f"who is ahead ({names})", set(seen) == {Advantage.US, Advantage.THEM}
    sides = [
        (ours, theirs)
        for ours, theirs in ((newer.us, older.us), (newer.them, older.them))
        if ours and theirs
    ]
    for ours, theirs in sides or [(newer.text, older.text)]:
        if found := differing(ours, theirs):
            return f"the figures ({_figures(*found[0])})", bool(sides)
    return None


def _figures(unit: str, ours: frozenset[float], theirs: frozenset[float]) -> str:
    def told(values: frozenset[float]) -> str:
        return ", ".join(f"{value:g}" for value in sorted(values))

    return f"{told(ours)} and {told(theirs)} {unit}".rstrip()


def _finding(newer: Evidence, older: Evidence, reason: str, sure: bool) -> Finding:
    are_facts = newer.label is Label.FACT and older.label is Label.FACT
    return Finding(
        Code.CONTRADICTION,
        Severity.ERROR if sure and are_facts else Severity.WARNING,
        f"on {newer.competitor}, {newer.criterion}, {newer.id} and {older.id} disagree about "
        f"{reason}; correct one, or end its validity",
        (newer.id, older.id),
    )
