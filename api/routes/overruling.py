"""Verdicts that a trainer sets in place of the coach's."""

from __future__ import annotations

from fastapi import APIRouter

from api.dependencies import Asking, CheckId, Service, SessionId
from api.schemas_progress import NewOverruling, Overruling, Overrulings, TurnIndex

router = APIRouter(prefix="/v1/sessions/{session_id}", tags=["sessions"])
PLACE = "/turns/{index}/checks/{check_id}/overrule"


@router.get("/overrulings")
async def list_overrulings(asking: Asking, service: Service, session_id: SessionId) -> Overrulings:
    found = await service.referee.rulings(asking, session_id)
    return Overrulings(items=[Overruling.of(one) for one in found])


@router.post(PLACE)
async def overrule(
    asking: Asking,
    service: Service,
    session_id: SessionId,
    index: TurnIndex,
    check_id: CheckId,
    given: NewOverruling,
) -> Overruling:
    """Counts instead of the coach's from now on: in the debrief, its score, and progress.

    Trainers only. Sent again it replaces the earlier one; the coach's verdict is kept beside it.
    """
    place = (session_id, index, check_id)
    ruling = await service.referee.overrule(asking, place, given.verdict, given.reason)
    return Overruling.of(ruling)


@router.delete(PLACE, status_code=204)
async def withdraw(
    asking: Asking, service: Service, session_id: SessionId, index: TurnIndex, check_id: CheckId
) -> None:
    """The coach's verdict counts again."""
    await service.referee.withdraw(asking, (session_id, index, check_id))
