"""What lacked evidence, out of advice that was given and of what a buyer raised."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from coach.buyer import Standing
from coach.gaps import Example, Gap, Met, Sighting
from coach.scenario import Concern, Persona, Scenario
from coach.session import Session, Turn
from coach.suggestion import Advice, Lack, Missing, Situation

if TYPE_CHECKING:
    from coach.ports import Clock, Embedder
    from coach.suggestion.advisor import Advisor

ON_TOPIC = 0.35  # likeness of words to a concern from which they are about it
HOLDS_FOR = timedelta(minutes=1)  # what a concern lacks is asked again after that
_SLOT = re.compile(r"\{\w+\}")
EACH_NEED = 2  # sentences of each need that say what an answer would bring


@dataclass(frozen=True)
class _Lacked:
    objection: str
    missing: tuple[Missing, ...]
    at: datetime


class GapCounter:
    """Synchronous and thread-safe; call it on a thread, unless said otherwise."""

    def __init__(
        self, advisor: Advisor, embedder: Embedder, scenarios: Iterable[Scenario], clock: Clock
    ) -> None:
        self._advisor, self._embedder, self._clock = advisor, embedder, clock
        self._scenarios = {scenario.id: scenario for scenario in scenarios}
        self._known: dict[tuple[str, str, str], _Lacked] = {}
        self._asking = Lock()
        self._sayings = lru_cache(maxsize=200)(self._embedded_sayings)

    def of_live(self, objection: str, advice: Advice, occasion: str = "") -> list[Sighting]:
        """What ``advice`` on a customer's words had to do without."""
        if not advice.missing:
            return []
        topic = self._topic_of(objection, advice.objection.scenario)
        example = Example(objection, Met.LIVE)
        return _sightings(
            advice.objection.type, advice.missing, example, self._clock(), topic, occasion
        )

    def of_hint(self, session: Session, advice: Advice) -> list[Sighting]:
        """What a hint at the buyer's last words had to do without."""
        example = Example(session.turns[-1].text, Met.PRACTICE)
        topic = f"{session.scenario}/{session.state.focus}"
        return _sightings(
            advice.objection.type, advice.missing, example, self._clock(), topic, session.family
        )

    def of_turn(self, session: Session, scenario: Scenario, turn: Turn) -> list[Sighting]:
        """What the concern on the buyer's mind lacks; asked of the index once a minute."""
        concern = _concern_in(scenario, turn)
        if concern is None:
            return []
        lacked = self._lacked(scenario, concern, scenario.persona(session.persona))
        example = Example(turn.text, Met.PRACTICE)
        topic = f"{scenario.id}/{concern.id}"
        return _sightings(lacked.objection, lacked.missing, example, turn.at, topic, session.family)

    def lacks_nothing(self, session: Session, scenario: Scenario, turn: Turn) -> bool:
        """True when there is nothing to count for this turn; quick, for any thread."""
        concern = _concern_in(scenario, turn)
        if concern is None:
            return True
        known = self._known.get(_key(scenario, concern, scenario.persona(session.persona)))
        return known is not None and self._holds(known) and not known.missing

    def is_covered(self, gap: Gap) -> bool:
        """Whether there is evidence now: the concern or the latest live words find it."""
        asked = []
        scenario, concern = self.concern_of(gap)
        situation = Situation(sector=gap.sector, competitor=gap.competitor)
        if gap.practice and scenario and concern:
            asked.append((concern.topic, scenario.objection, _wanted(concern), scenario.places))
        if live := next((one for one in gap.examples if one.met is Met.LIVE), None):
            asked.append((live.words, gap.objection, (), ()))
        return bool(asked) and not any(
            gap.lack in _lacks(self._advisor.advise(words, situation, 1, kind, wanted, places))
            for words, kind, wanted, places in asked
        )

    def concern_of(self, gap: Gap) -> tuple[Scenario | None, Concern | None]:
        """The scenario and concern that ``gap.topic`` names, as far as there are such."""
        scenario_id, _, concern_id = gap.topic.partition("/")
        scenario = self._scenarios.get(scenario_id)
        concerns = scenario.concerns if scenario else ()
        return scenario, next((c for c in concerns if c.id == concern_id), None)

    def _lacked(self, scenario: Scenario, concern: Concern, who: Persona) -> _Lacked:
        key = _key(scenario, concern, who)
        with self._asking:  # one at a time: turns come first
            known = self._known.get(key)
            if known is None or not self._holds(known):
                situation = Situation(who.sector, who.region, scenario.competitor, who.size)
                kind, wanted = scenario.objection, _wanted(concern)
                advice = self._advisor.advise(
                    concern.topic, situation, 1, kind, wanted, scenario.places
                )
                known = _Lacked(advice.objection.type, advice.missing, self._clock())
                self._known[key] = known
        return known

    def _holds(self, known: _Lacked) -> bool:
        return self._clock() - known.at < HOLDS_FOR

    def _topic_of(self, words: str, scenario_id: str | None) -> str:
        """The concern of the scenario that the words are about, or "" when none is near."""
        scenario = self._scenarios.get(scenario_id or "")
        if scenario is None:
            return ""
        said, rows = self._sayings(scenario.id)
        likeness = rows @ self._embedder.embed([words])[0]
        best = int(np.argmax(likeness))
        return f"{scenario.id}/{said[best]}" if float(likeness[best]) >= ON_TOPIC else ""

    def _embedded_sayings(self, scenario_id: str) -> tuple[list[str], NDArray[np.float32]]:
        """How buyers put each concern: ids of concerns, and a row for each saying."""
        said = [
            (concern.id, _SLOT.sub("", words))
            for concern in self._scenarios[scenario_id].concerns_where(True)
            for words in (concern.topic, *concern.say)
        ]
        return [key for key, _ in said], self._embedder.embed([words for _, words in said])


def _concern_in(scenario: Scenario, turn: Turn) -> Concern | None:
    """What is on the table after a buyer's turn, unless it was never said aloud."""
    if turn.state is None:
        return None
    focus = turn.state.focus
    concern = next((c for c in scenario.concerns_where(True) if c.id == focus), None)
    is_hidden = turn.state.concerns[focus].standing is Standing.HIDDEN
    return None if is_hidden else concern


def _key(scenario: Scenario, concern: Concern, who: Persona) -> tuple[str, str, str]:
    return scenario.fingerprint, concern.id, who.id


def _wanted(concern: Concern) -> tuple[str, ...]:
    return tuple(text for need in concern.needs for text in need.about[:EACH_NEED])


def _lacks(advice: Advice) -> set[Lack]:
    return {missing.lack for missing in advice.missing}


def _sightings(
    objection: str,
    missing: Sequence[Missing],
    example: Example,
    at: datetime,
    topic: str,
    occasion: str,
) -> list[Sighting]:
    return [
        Sighting(
            one.lack,
            objection,
            example,
            at,
            topic,
            competitor=one.about if one.lack is Lack.COMPARISON else None,
            sector=one.about if one.lack is Lack.REFERENCE else None,
            occasion=occasion,
        )
        for one in missing
    ]
