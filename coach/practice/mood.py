"""The buyer's mood during the talk: only where the trainer who wrote the scenario allows it."""

from __future__ import annotations

from coach.rewinding.comparing import Mood, mood_of
from coach.scenario import Scenario
from coach.session import Session, Status


def mood_shown(scenario: Scenario, session: Session) -> Mood | None:
    """None where it isn't to be seen; after the end the debrief shows it all."""
    if not scenario.show_mood and session.status is Status.ACTIVE:
        return None
    return mood_of(session.state)
