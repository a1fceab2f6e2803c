"""What the knowledge base as a whole says: us against a competitor, and whether it is sound."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from coach.errors import NotFound
from coach.scenario import Scenario
from knowledge.check import Wanted, check
from knowledge.compare import Comparison, compare, competitors
from knowledge.evidence import Evidence, Filters, Kind
from knowledge.finding import Finding
from knowledge.topic import same_name

if TYPE_CHECKING:
    from coach.ports import Clock, Retriever

MOST_NAMED = 20
LONGEST_NAME = 80


@dataclass(frozen=True)
class Inspection:
    """All ``findings`` about ``checked`` items as of ``today``, errors first."""

    today: date
    checked: int
    findings: tuple[Finding, ...]


class Governance:
    """Synchronous and thread-safe; call it on a thread."""

    def __init__(self, retriever: Retriever, scenarios: Iterable[Scenario], clock: Clock) -> None:
        self._retriever, self._clock = retriever, clock
        self._wanted = wanted_by(scenarios)

    def compare(self, competitor: str, internal: bool = False) -> Comparison:
        """NotFound, naming those there are, where no competitive fact is about ``competitor``."""
        facts = self._all(Filters(kinds=(Kind.COMPETITIVE_FACT,)))
        return compared(facts, competitor, self._clock().date(), internal=internal)

    def check(self) -> Inspection:
        items = self._all(Filters())
        today = self._clock().date()
        return Inspection(today, len(items), tuple(check(items, today, self._wanted)))

    def _all(self, filters: Filters) -> list[Evidence]:
        return self._retriever.listing(filters, sys.maxsize, 0)


def compared(
    facts: Iterable[Evidence], competitor: str, today: date, *, internal: bool = False
) -> Comparison:
    """As ``knowledge.compare``, but a competitor that no fact is about is NotFound."""
    facts = list(facts)
    known = competitors(facts)
    wanted = same_name(competitor)
    if wanted not in map(same_name, known):
        more = f" and {len(known) - MOST_NAMED} more" if len(known) > MOST_NAMED else ""
        there_are = f"there are facts about {', '.join(known[:MOST_NAMED])}{more}"
        raise NotFound(
            f"there is no competitive fact about {competitor[:LONGEST_NAME]!r}; "
            + (there_are if known else "there is none about anybody: run `coach ingest PATH`")
        )
    return compare(facts, competitor, today, internal=internal)


def wanted_by(scenarios: Iterable[Scenario]) -> Wanted:
    """Evidence about the buyers and competitors that are practised on; who challenges a plan buys
    nothing."""
    scenarios = [scenario for scenario in scenarios if scenario.kind == "tactical"]
    people = [persona for scenario in scenarios for persona in scenario.personas]
    return Wanted(
        sectors=tuple(sorted({persona.sector for persona in people if persona.sector})),
        regions=tuple(sorted({persona.region for persona in people if persona.region})),
        competitors=tuple(sorted({one.competitor for one in scenarios if one.competitor})),
    )
