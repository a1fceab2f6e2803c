"""What the knowledge base as a whole says: us against a competitor, and whether it is sound."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock
from typing import TYPE_CHECKING, Any

from coach.errors import NotFound
from coach.scenario import Concern, Scenario
from coach.suggestion import Lack, Situation
from coach.suggestion.objections import wordings
from knowledge.checking.check import check
from knowledge.checking.compare import Comparison, compare, competitors
from knowledge.checking.coverage import Practised, SectorRow, Wanted, by_sector
from knowledge.checking.finding import Finding
from knowledge.checking.topic import same_name
from knowledge.evidence import Evidence, Filters, Kind

if TYPE_CHECKING:
    from coach.ports import Clock, Retriever
    from coach.suggestion.advisor import Advisor

MOST_NAMED = 20
MOST_REMEMBERED = 200
LONGEST_NAME = 80
EACH_NEED = 2  # sentences of each need that say what an answer would bring


@dataclass(frozen=True)
class Inspection:
    """All ``findings`` about ``checked`` items as of ``today``, errors first.

    ``sectors`` and ``scenarios`` are what is covered; ``competitors`` those with facts.
    """

    today: date
    checked: int
    findings: tuple[Finding, ...]
    sectors: tuple[SectorRow, ...] = ()
    scenarios: tuple[Practised, ...] = ()
    competitors: tuple[str, ...] = ()


def forget_oldest(remembered: dict[Any, Any], most: int) -> None:
    """So that one more fits."""
    while len(remembered) >= most:
        remembered.pop(next(iter(remembered)))


class Governance:
    """Synchronous and thread-safe; call it on a thread. ``scenarios`` are those of a tenant."""

    def __init__(
        self,
        retriever: Retriever,
        scenarios: Callable[[str], Sequence[Scenario]],
        clock: Clock,
        advisor: Advisor,
    ) -> None:
        self._retriever, self._clock, self._advisor = retriever, clock, advisor
        self._scenarios = scenarios
        self._inspecting = Lock()
        self._items: list[Evidence] = []
        self._today = date.min
        self._practised: dict[str, Practised] = {}  # by the scenario's fingerprint
        self._found: dict[tuple[str, ...], Inspection] = {}  # by those of a tenant

    def compare(self, competitor: str, internal: bool = False) -> Comparison:
        """NotFound, naming those there are, where no competitive fact is about ``competitor``."""
        facts = self._all(Filters(kinds=(Kind.COMPETITIVE_FACT,)))
        return compared(facts, competitor, self._clock().date(), internal=internal)

    def check(self, tenant: str) -> Inspection:
        """Worked out once a day for the same items and scenarios."""
        items, today = self._all(Filters()), self._clock().date()
        scenarios = self._scenarios(tenant)
        played = tuple(scenario.fingerprint for scenario in scenarios)
        with self._inspecting:
            # Unchanged items are the same objects: a hundred thousand are compared in no time.
            if today != self._today or items != self._items:
                self._items, self._today = items, today
                self._practised.clear()
                self._found.clear()
            if played not in self._found:
                forget_oldest(self._found, MOST_REMEMBERED)
                self._found[played] = self._inspected(items, scenarios, today)
            return self._found[played]

    def _inspected(
        self, items: list[Evidence], scenarios: Sequence[Scenario], today: date
    ) -> Inspection:
        practised = tuple(self._with_concerns(one) for one in scenarios)
        wanted = replace(wanted_by(scenarios), scenarios=practised)
        return Inspection(
            today,
            len(items),
            tuple(check(items, today, wanted)),
            tuple(by_sector(items, today, wanted)),
            practised,
            tuple(competitors(items)),
        )

    def _with_concerns(self, scenario: Scenario) -> Practised:
        """With the concerns to which a seller could quote nothing."""
        if (known := self._practised.get(scenario.fingerprint)) is None:
            unanswered = (
                c.short for c in scenario.concerns_where(True) if not self._is_answered(scenario, c)
            )
            known = replace(practised(scenario), unanswered=tuple(unanswered))
            forget_oldest(self._practised, MOST_REMEMBERED)
            self._practised[scenario.fingerprint] = known
        return known

    def _is_answered(self, scenario: Scenario, concern: Concern) -> bool:
        about = Situation(competitor=scenario.competitor)
        wanted = tuple(text for need in concern.needs for text in need.about[:EACH_NEED])
        advice = self._advisor.advise(
            concern.topic, about, 1, scenario.objection, wanted, scenario.places
        )
        return all(missing.lack is not Lack.PROOF for missing in advice.missing)

    def _all(self, filters: Filters) -> list[Evidence]:
        return self._retriever.listing(filters, sys.maxsize, 0)


def compared(
    facts: Iterable[Evidence], competitor: str, today: date, *, internal: bool = False
) -> Comparison:
    """As ``knowledge.checking.compare``, but a competitor that no fact is about is NotFound."""
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


def practised(scenario: Scenario) -> Practised:
    """What the scenario's objection calls for."""
    wording = wordings().get(scenario.objection)
    rumour = scenario.rumour
    return Practised(
        scenario.id,
        scenario.title,
        wording.kinds if wording else (),
        scenario.competitor,
        (rumour.evidence, rumour.truth) if rumour else None,
    )


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
