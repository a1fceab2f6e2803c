"""The verbs of a trainer who overrules a verdict, and of who reads such rulings."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from coach.assessment import Check, Verdict
from coach.debrief.summing import Corrections
from coach.errors import BadInput, NotFound
from coach.overruling import Overruling
from coach.session import Caller, Session, Status

if TYPE_CHECKING:
    from coach.ports import Clock, Store

LONGEST_REASON = 500  # characters

#: Makes and stores the debrief of an ended session anew.
Redebrief = Callable[[Caller, Session], Awaitable[object]]


class Referee:
    """A session that is neither the caller's nor of whom they train doesn't exist for them."""

    def __init__(self, store: Store, clock: Clock, redebrief: Redebrief) -> None:
        self._store, self._clock, self._redebrief = store, clock, redebrief

    async def overrule(
        self, caller: Caller, place: tuple[str, int, str], verdict: Verdict, reason: str
    ) -> Overruling:
        """``place`` is session, turn and check. The debrief is made anew if there is one."""
        trainers_only(caller)
        session_id, turn, check_id = place
        session = await asyncio.to_thread(self._store.look, caller, session_id)
        check = _verdict_at(session, turn, check_id)
        if check.verdict is verdict and not check.excused:
            raise BadInput(
                f"the coach said {verdict.value.replace('_', ' ')} too; "
                "withdraw an earlier overruling to go back to that"
            )
        ruling = Overruling(
            session_id,
            turn,
            check_id,
            verdict,
            check.verdict,
            _checked_reason(reason),
            caller.user,
            self._clock(),
        )
        await asyncio.to_thread(self._store.overrule, caller, ruling)
        await self._again(caller, session)
        return ruling

    async def withdraw(self, caller: Caller, place: tuple[str, int, str]) -> None:
        """The coach's verdict counts again; NotFound where it was not overruled."""
        trainers_only(caller)
        session = await asyncio.to_thread(self._store.look, caller, place[0])
        await asyncio.to_thread(self._store.withdraw_overruling, caller, *place)
        await self._again(caller, session)

    async def rulings(self, caller: Caller, session_id: str) -> Sequence[Overruling]:
        """In a session, by turn; who practised sees them too."""
        await asyncio.to_thread(self._store.look, caller, session_id, 1)
        return await asyncio.to_thread(self._store.overrulings, caller, session_id)

    async def corrections(self, caller: Caller, session_id: str) -> Corrections:
        """What people decided about the session's verdicts, for its debrief."""
        return await asyncio.to_thread(self._corrections, caller, session_id)

    def _corrections(self, caller: Caller, session_id: str) -> Corrections:
        rulings = self._store.overrulings(caller, session_id)
        agreements = self._store.agreements(caller.tenant)
        return Corrections(
            {(one.turn, one.check): one.verdict for one in rulings},
            frozenset(one.check for one in agreements if one.is_advisory),
        )

    async def _again(self, caller: Caller, session: Session) -> None:
        if session.status is not Status.ACTIVE:
            await self._redebrief(caller, session)


def trainers_only(caller: Caller) -> None:
    caller.must_be("trainer", "admin")


def _verdict_at(session: Session, turn: int, check_id: str) -> Check:
    for one in session.turns:
        for check in one.assessment.checks if one.assessment else ():
            if (one.index, check.id) == (turn, check_id):
                return check
    raise NotFound(f"there is no verdict on {check_id[:60]!r} at turn {turn} of this session")


def _checked_reason(reason: str) -> str:
    reason = " ".join(reason.split())
    if not reason:
        raise BadInput("reason is empty; say in a sentence why the coach is wrong")
    if len(reason) > LONGEST_REASON:
        raise BadInput(f"reason has {len(reason):,} characters; {LONGEST_REASON} is the most")
    return reason
