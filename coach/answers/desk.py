"""The verbs about shared answers: reps offer, trainers decide, all are shown what was approved."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import uuid4

from coach.answers.answer import AnswerStore, SharedAnswer, Standing
from coach.answers.likeness import Likeness
from coach.answers.offering import Offer, answer_in, refuse_broken, short, signature, worded
from coach.claims import Claim, ClaimChecker, ClaimStatus
from coach.errors import BadInput, Conflict, NotFound
from coach.session import Caller

if TYPE_CHECKING:
    from coach.authoring.shelf import Shelf
    from coach.ports import Clock, Embedder, Store

#: What a trainer may let pass, and is told; a contradiction is refused.
DOUBTFUL = (ClaimStatus.UNSUPPORTED, ClaimStatus.OVERSTATED, ClaimStatus.STALE)
OPEN = (Standing.OFFERED, Standing.APPROVED)


class AnswerDesk:
    """An approved answer is coaching material: never evidence, never proof for a claim."""

    def __init__(
        self,
        answers: AnswerStore,
        store: Store,
        shelf: Shelf,
        checker: ClaimChecker,
        embedder: Embedder,
        clock: Clock,
    ) -> None:
        self._answers, self._store, self._shelf = answers, store, shelf
        self._checker, self._likeness, self._clock = checker, Likeness(embedder), clock

    # --- reps ---

    async def offer(self, caller: Caller, offer: Offer) -> SharedAnswer:
        """NotFound for another's session, BadInput for what is no answer to a buyer."""
        return await asyncio.to_thread(self._offer, caller, offer)

    def _offer(self, caller: Caller, offer: Offer) -> SharedAnswer:
        session = self._store.load(caller, offer.session)
        scenario = self._shelf.played(session)
        turn, objection = answer_in(session, offer.turn)
        refuse_broken(turn, scenario)
        before = self._answers.of_turn(caller.tenant, session.id, turn.index)
        answer = SharedAnswer(
            id=before.id if before else uuid4().hex,
            author=caller.user,
            signature=signature(caller, offer.signature),
            session=session.id,
            turn=turn.index,
            scenario=scenario.id,
            kind=scenario.objection,
            objection=objection,
            said=turn.text,
            wording=worded(turn.text),
            note=short(offer.note, "note"),
            status=Standing.OFFERED,
            reason="",
            decided_by="",
            warnings=(),
            created_at=self._clock(),
            decided_at=None,
        )
        if before is None:
            self._answers.add(caller.tenant, answer)
        elif before.status is Standing.WITHDRAWN:
            self._answers.change(caller.tenant, answer, before.status)
        else:
            why = f": {before.reason}" if before.reason else ""
            raise Conflict(f"this answer was offered before and is {before.status.value}{why}")
        return answer

    async def withdraw(self, caller: Caller, answer_id: str) -> SharedAnswer:
        """By its author or a trainer; nobody is shown it any more."""
        return await asyncio.to_thread(self._withdraw, caller, answer_id)

    def _withdraw(self, caller: Caller, answer_id: str) -> SharedAnswer:
        answer = self._visible(caller, answer_id)
        if caller.user != answer.author:
            caller.must_be("trainer")
        return self._decided(caller, answer, OPEN, status=Standing.WITHDRAWN)

    async def fitting(
        self, caller: Caller, objection: str, kind: str | None
    ) -> tuple[SharedAnswer, ...]:
        """Approved answers to such objections; ``kind`` is None where its type isn't sure."""
        return await asyncio.to_thread(self._fitting, caller.tenant, objection, kind)

    def _fitting(self, tenant: str, objection: str, kind: str | None) -> tuple[SharedAnswer, ...]:
        return self._likeness.best(self._answers.approved(tenant), objection, kind)

    # --- lists ---

    async def page(
        self, caller: Caller, status: Standing | None, limit: int, cursor: str | None = None
    ) -> tuple[list[SharedAnswer], str | None]:
        """Newest first: for trainers all, for others what is approved, or else their own."""
        sees_all = "trainer" in caller.roles or status is Standing.APPROVED
        author = None if sees_all else caller.user
        return await asyncio.to_thread(
            self._answers.of, caller.tenant, status, author, limit, cursor
        )

    async def own(self, caller: Caller, limit: int) -> list[SharedAnswer]:
        """What the caller offered, newest first, whatever became of it."""
        return (
            await asyncio.to_thread(self._answers.of, caller.tenant, None, caller.user, limit, None)
        )[0]

    async def answer(self, caller: Caller, answer_id: str) -> SharedAnswer:
        return await asyncio.to_thread(self._visible, caller, answer_id)

    def _visible(self, caller: Caller, answer_id: str) -> SharedAnswer:
        answer = self._answers.load(caller.tenant, answer_id)
        is_theirs = answer.author == caller.user or "trainer" in caller.roles
        if not is_theirs and answer.status is not Standing.APPROVED:
            raise NotFound(f"there is no answer {answer_id[:60]!r}")
        return answer

    # --- trainers ---

    async def edit(self, caller: Caller, answer_id: str, wording: str) -> SharedAnswer:
        """Other words for it; one that was approved is to be approved anew."""
        caller.must_be("trainer")
        return await asyncio.to_thread(self._edit, caller, answer_id, wording)

    def _edit(self, caller: Caller, answer_id: str, wording: str) -> SharedAnswer:
        answer = replace(self._visible(caller, answer_id), wording=worded(wording))
        return self._decided(caller, answer, OPEN, status=Standing.OFFERED, warnings=())

    async def approve(self, caller: Caller, answer_id: str) -> SharedAnswer:
        """BadInput where our evidence says otherwise; what it doesn't carry is a warning."""
        caller.must_be("trainer")
        return await asyncio.to_thread(self._approve, caller, answer_id)

    def _approve(self, caller: Caller, answer_id: str) -> SharedAnswer:
        answer = self._visible(caller, answer_id)
        claims = self._checker.check(answer.wording)
        if wrong := [claim for claim in claims if claim.status is ClaimStatus.CONTRADICTED]:
            raise BadInput(
                "this can't be approved as it is worded: "
                + "; ".join(f"“{claim.text}” is {_told(claim)}" for claim in wrong),
                [{"loc": ["wording", *claim.span], "msg": _told(claim)} for claim in wrong],
            )
        warnings = tuple(
            f"“{claim.text}” is {_told(claim)}" for claim in claims if claim.status in DOUBTFUL
        )
        return self._decided(
            caller, answer, (Standing.OFFERED,), status=Standing.APPROVED, warnings=warnings
        )

    async def decline(self, caller: Caller, answer_id: str, reason: str) -> SharedAnswer:
        """``reason`` is for its author."""
        caller.must_be("trainer")
        if not reason.strip():
            raise BadInput("reason: tell the author why, in a sentence")
        return await asyncio.to_thread(self._decline, caller, answer_id, short(reason, "reason"))

    def _decline(self, caller: Caller, answer_id: str, reason: str) -> SharedAnswer:
        answer = self._visible(caller, answer_id)
        return self._decided(
            caller, answer, (Standing.OFFERED,), status=Standing.DECLINED, reason=reason
        )

    def _decided(
        self, caller: Caller, answer: SharedAnswer, when: Sequence[Standing], **changes: object
    ) -> SharedAnswer:
        if answer.status not in when:
            raise Conflict(f"this answer is {answer.status.value}; nothing was changed")
        decided = {"reason": "", "decided_by": caller.user, "decided_at": self._clock()}
        changed = replace(answer, **{**decided, **changes})  # type: ignore[arg-type]  # by name
        self._answers.change(caller.tenant, changed, answer.status)
        return changed


def _told(claim: Claim) -> str:
    status = claim.status.value
    return f"{status}: {claim.note}" if claim.note else status
