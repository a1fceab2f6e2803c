"""The buyer's mood during a talk, where the scenario allows it."""

from __future__ import annotations

from fastapi import APIRouter

from api.dependencies import Asking, Service, SessionId
from api.schemas_attempts import Mood
from coach.errors import Refused
from coach.practice.mood import mood_shown

router = APIRouter(prefix="/v1/sessions", tags=["sessions"])


@router.get("/{session_id}/mood")
async def mood(asking: Asking, service: Service, session_id: SessionId) -> Mood:
    """Trust, value seen and patience by now; 403 while a talk goes on whose scenario hides them."""
    session = await service.session(asking, session_id)
    found = mood_shown(await service.scenario_of(session), session)
    if found is None:
        raise Refused(
            "this scenario hides the buyer's mood until the end; "
            "a trainer shows it with `show_mood: true`"
        )
    return Mood.model_validate(found)
