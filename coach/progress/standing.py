"""How well a scenario goes by now, from what is known of its checks. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from coach.progress import Level, Mastery
from coach.progress.practised import Practised
from coach.scenario import Scenario


class Stage(StrEnum):
    NEW = "new"  # never begun
    GOING = "going"
    MASTERED = "mastered"


@dataclass(frozen=True)
class Standing:
    """``kept`` is the mean share of this scenario's checks that were seen, 0 to 1; None where
    none was seen in any scenario. ``mastered`` of ``checks`` are mastered."""

    sessions: int
    last: datetime | None
    kept: float | None
    mastered: int
    checks: int

    @property
    def stage(self) -> Stage:
        if not self.sessions:
            return Stage.NEW
        return Stage.MASTERED if 2 * self.mastered > self.checks else Stage.GOING


def standing_of(
    scenario: Scenario, masteries: Sequence[Mastery], practised: Sequence[Practised]
) -> Standing:
    """A check that the rep met elsewhere counts here, too: it is the same skill."""
    own = {item.id for item in scenario.rubric}
    known = [one for one in masteries if one.check in own]
    began = [one.created_at for one in practised if one.scenario == scenario.id]
    return Standing(
        len(began),
        max(began, default=None),
        sum(one.share for one in known) / len(known) if known else None,
        sum(one.level is Level.MASTERED for one in known),
        len(own),
    )
