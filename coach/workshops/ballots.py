"""The verbs of votes: a trainer puts replies side by side, those who attend choose blindly."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from uuid import uuid4

from coach.errors import BadInput, Conflict, NotFound
from coach.workshops.keeping import Round, WorkshopStore
from coach.workshops.voting import LEAST, Ballot, Topic, ballot_of, options_of, topics_of

if TYPE_CHECKING:
    from coach.ports import Clock
    from coach.session import Caller
    from coach.workshops.floor import Floor
    from coach.workshops.workshop import Workshop

MOST_ROUNDS = 30


class Ballots:
    """``workshop`` was looked up for the caller before: who runs or attends it may ask."""

    def __init__(self, keeps: WorkshopStore, floor: Floor, clock: Clock) -> None:
        self._keeps, self._floor, self._clock = keeps, floor, clock

    async def topics(self, workshop: Workshop) -> tuple[Topic, ...]:
        """What could be voted on now."""
        return await asyncio.to_thread(lambda: topics_of(self._floor.readings(workshop)))

    async def open(self, workshop: Workshop, scenario: str, act: str) -> Round:
        """Conflict where fewer than two different replies were given."""
        return await asyncio.to_thread(self._open, workshop, scenario, act)

    def _open(self, workshop: Workshop, scenario: str, act: str) -> Round:
        if len(self._keeps.rounds(workshop)) >= MOST_ROUNDS:
            raise Conflict(f"{MOST_ROUNDS} votes are the most in one workshop")
        round_id = uuid4().hex
        options = options_of(self._floor.readings(workshop), scenario, act, round_id)
        if len(options) < LEAST:
            raise Conflict("fewer than two people answered that in different words so far")
        opened = Round(round_id, scenario, act, self._clock(), None, options, {})
        self._keeps.open_round(workshop, opened)
        return opened

    async def ballots(self, workshop: Workshop, caller: Caller) -> list[Ballot]:
        """Newest first, as the caller may see them."""
        return await asyncio.to_thread(self._ballots, workshop, caller)

    def _ballots(self, workshop: Workshop, caller: Caller) -> list[Ballot]:
        rounds = self._keeps.rounds(workshop)
        wanted = {option.session for one in rounds for option in one.options}
        sessions = self._keeps.played(workshop, wanted)
        return [ballot_of(one, sessions, caller.user) for one in rounds]

    async def vote(self, workshop: Workshop, caller: Caller, round_id: str, position: int) -> None:
        """For somebody else's reply; a later vote takes the place of an earlier one."""
        for one in await self.ballots(workshop, caller):
            if one.round.id == round_id:
                _check(one, position)
                await asyncio.to_thread(self._keeps.vote, workshop, round_id, caller.user, position)
                return
        raise NotFound(f"there is no vote {round_id[:60]!r} in this workshop")

    async def reveal(self, workshop: Workshop, round_id: str) -> None:
        """Shows how the vote went, with verdicts and evidence; nobody can vote any more."""
        await asyncio.to_thread(self._keeps.reveal, workshop, round_id, self._clock())


def _check(ballot: Ballot, position: int) -> None:
    shown = next((one for one in ballot.options if one.position == position), None)
    if shown is None:
        raise BadInput(f"option: this vote has no reply {position}")
    if shown.mine:
        raise BadInput("option: these are your own words; vote for somebody else's")
