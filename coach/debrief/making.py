"""A debrief with all that takes the evidence to find."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coach.debrief import Debrief, debrief_of
from coach.debrief.facts import facts_of
from coach.debrief.turning import WhatIf

if TYPE_CHECKING:
    from coach.debrief.summing import Corrections
    from coach.ports import Clock, Retriever
    from coach.scenario import Scenario
    from coach.session import Session, Status


class Debriefer:
    """Synchronous: call it on a thread; plays a dozen replies at most."""

    def __init__(self, what_if: WhatIf, retriever: Retriever, clock: Clock) -> None:
        self._what_if, self._retriever, self._clock = what_if, retriever, clock

    def make(
        self, session: Session, scenario: Scenario, status: Status, corrected: Corrections
    ) -> Debrief:
        what_if = self._what_if.of(session, scenario, corrected)
        today = self._clock().date()
        facts = facts_of(session, what_if, self._retriever, today)
        return debrief_of(session, scenario, status, corrected, what_if, facts)
