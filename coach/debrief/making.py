"""A debrief with all that takes the evidence to find."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from coach.debrief import Debrief, debrief_of
from coach.debrief.facts import facts_of
from coach.debrief.turning import WhatIf

if TYPE_CHECKING:
    from coach.debrief.summing import Corrections
    from coach.ports import Clock, Retriever
    from coach.scenario import Scenario
    from coach.session import Session, Status


log = logging.getLogger(__name__)
Found = tuple[dict[str, Any], ...]


class Debriefer:
    """Synchronous: call it on a thread; plays a dozen replies at most."""

    def __init__(self, what_if: WhatIf, retriever: Retriever, clock: Clock) -> None:
        self._what_if, self._retriever, self._clock = what_if, retriever, clock

    def make(
        self, session: Session, scenario: Scenario, status: Status, corrected: Corrections
    ) -> Debrief:
        what_if, facts = self._from_evidence(session, scenario, corrected)
        return debrief_of(session, scenario, status, corrected, what_if, facts)

    def _from_evidence(
        self, session: Session, scenario: Scenario, corrected: Corrections
    ) -> tuple[Found, Found]:
        """What if, and facts to say; without them the session is debriefed all the same."""
        try:
            what_if = self._what_if.of(session, scenario, corrected)
            return what_if, facts_of(session, what_if, self._retriever, self._clock().date())
        except Exception:  # the evidence can't be read now; verdicts and states are stored
            log.exception("nothing could be played for the debrief of session %s", session.id)
            return (), ()
