"""A short scripted talk, played for real, to see what models are told in it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from coach.authoring.rewording import PROMPT as DRAFT_PROMPT
from coach.errors import BadInput
from coach.models import Models
from coach.prompting.overhearing import Given, Listener, asked_in
from coach.session import LOCAL, Status

if TYPE_CHECKING:
    from coach.scenario import Difficulty
    from coach.service import CoachService

#: Somebody who takes up what is said, asks, and goes for a small step.
SAID = (
    "I hear that, and I'd worry about it too. What happened the last time you trusted somebody?",
    "So it's less about us than about what it costs you if it goes wrong. Is that fair?",
    "Others in your place began with a pilot of 30 days. What would it have to show you?",
)

#: Makes a service that asks these models.
Opening = Callable[[Models], "CoachService"]


async def told_in(
    opening: Opening, name: str, scenario: str, difficulty: Difficulty | None, turn: int
) -> Given:
    """What prompt ``name`` is given after the seller's ``turn``-th message (from 1) in a talk.

    BadInput where the talk ends before that, or never asks it.
    """
    listener = Listener()
    service = opening(Models.alike(listener))
    try:
        if name == DRAFT_PROMPT:  # asked when a scenario is drafted, and in no talk
            chosen = await service.scenario(LOCAL, scenario)
            return dict(asked_in(chosen, ()))[name]
        session = await service.start(LOCAL, scenario, difficulty=difficulty, seed=7)
        for said in SAID[:turn]:
            listener.heard.clear()
            async for _ in await service.take_turn(LOCAL, session.id, said):
                pass
        if (await service.session(LOCAL, session.id)).status is Status.ACTIVE:
            await service.hint(LOCAL, session.id, 3)
    finally:
        with suppress(TimeoutError):
            await service.close()
    heard = dict(listener.heard)
    if name not in heard:
        raise BadInput(f"{name} isn't asked at that moment; try another --turn or --scenario")
    return heard[name]
