"""What each prompt is given, from the code that asks: nothing is copied that could drift.

A model that only listens takes the place of a real one; whoever asks it falls back to the
embedded engine, as with any model that fails.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from coach.assessment import Assessment
from coach.assessment.modelled import judged_by
from coach.assessment.reply import Reply
from coach.authoring.rewording import reworded
from coach.buyer import Next
from coach.errors import ModelFailed
from coach.models import Receipt
from coach.perception import Perception
from coach.practice.opening import Wish, opened
from coach.scenario import Act, Difficulty, Scenario
from coach.session import LOCAL, Engine, Session
from coach.suggestion import Advice, Situation
from coach.suggestion.drafting import drafted
from coach.suggestion.objections import ObjectionGuess
from coach.voice import EMBEDDED, Moment, speak
from knowledge.evidence import Evidence, Kind, Passage

Given = Mapping[str, Any]

SAID = "What would have to be true for you to take a first small step with us?"
SEED = 7
_AT = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
_PROOF = Evidence(
    id="case-sample",
    kind=Kind.CASE_STUDY,
    title="A sample case",
    text="A clinic of 40 people lost 12% of its calls before and 4% afterwards.",
    source="a sample",
)


@dataclass
class Listener:
    """Implements ``ports.Model``: keeps what it is asked, and never answers."""

    name: str = "a listener"
    heard: list[tuple[str, Given]] = field(default_factory=list)

    async def stream(
        self, prompt: str, variables: Given, receipt: Receipt | None = None
    ) -> AsyncGenerator[str, None]:
        self._keep(prompt, variables)
        yield ""

    async def structured(
        self, prompt: str, variables: Given, schema: Given, receipt: Receipt | None = None
    ) -> Given:
        self._keep(prompt, variables)
        return {}

    def condition(self) -> str:
        return "ok"

    def _keep(self, prompt: str, variables: Given) -> None:
        self.heard.append((prompt, dict(variables)))
        raise ModelFailed("nobody answers: this was only listened to")


def asked_in(scenario: Scenario, acts: Sequence[Act] = tuple(Act)) -> list[tuple[str, Given]]:
    """What every prompt is given somewhere in ``scenario``, once for each act of the buyer."""
    return asyncio.run(_asked_in(scenario, acts))


async def _asked_in(scenario: Scenario, acts: Sequence[Act]) -> list[tuple[str, Given]]:
    listener = Listener()
    session = begun(scenario, scenario.difficulty)
    for act in acts:
        async for _ in speak(_moment(scenario, session, act), listener):
            pass
    reply = Reply(SAID, Perception(()), (), Act.OPEN, session.turns[0].text, Act.EXPLAIN, True)
    asking = (
        judged_by(listener, scenario, reply, Assessment(True)),
        drafted(listener, scenario.vendor, session.turns[0].text, Situation("healthcare"),
                _advice(), 3, lambda _: (), None),
        reworded(listener, _fields(scenario)),
    )  # fmt: skip
    for question in asking:
        try:
            await question
        except ModelFailed:
            continue
    return listener.heard


def begun(scenario: Scenario, difficulty: Difficulty) -> Session:
    engine = Engine(EMBEDDED, EMBEDDED, EMBEDDED)
    return opened(LOCAL, scenario, Wish(difficulty, None, SEED), engine, _AT)


def _moment(scenario: Scenario, session: Session, act: Act) -> Moment:
    first = scenario.concerns[0]
    need = first.needs[0].id if first.needs else None
    fact = scenario.facts[0].id if scenario.facts else None
    planned = Next(act, "a sample", concern=first.id, need=need, fact=fact)
    return Moment(
        scenario, scenario.persona(session.persona), session.state, planned, session.seed,
        history=session.turns, said=SAID,
    )  # fmt: skip


def _advice() -> Advice:
    passage = Passage(_PROOF, _PROOF.text, (0, len(_PROOF.text)), 1.0)
    return Advice(ObjectionGuess("trust", "trust-unknown", 0.9), (), (passage,))


def _fields(scenario: Scenario) -> dict[str, Any]:
    concern = {"topic": scenario.concerns[0].topic, "needs": [{"about": [_PROOF.text]}]}
    concern |= {"say": ["They are ahead of you."], "explain": ["My team likes them."]}
    return {"vendor": scenario.vendor, "concerns": [concern]}
