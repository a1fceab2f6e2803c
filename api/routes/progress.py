"""What the caller can do by now, and what to practise next."""

from __future__ import annotations

from fastapi import APIRouter

from api.dependencies import Asking, Service
from api.schemas_progress import Choice, Progress

router = APIRouter(prefix="/v1/me", tags=["progress"])


@router.get("/progress")
async def get_progress(asking: Asking, service: Service) -> Progress:
    """Mastery of each check over time, and drills by when they are due.

    Recomputed from stored verdicts: overruled, advisory and excused ones don't count, and what
    branches of a session share counts once.
    """
    return Progress.of(await service.progress.progress(asking))


@router.get("/next")
async def get_next(asking: Asking, service: Service) -> Choice:
    """One scenario, with the reason: a drill that is due, the weakest check, or something new."""
    return Choice.model_validate(await service.progress.next(asking))
