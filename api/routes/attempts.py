"""Going back in a session: branches, comparison, and the guess at what the buyer hides."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response

from api.dependencies import Asking, Service, SessionId, session_id
from api.once import KEYED, once
from api.schemas import Session
from api.schemas_attempts import (
    Attempt,
    Branches,
    BranchRequest,
    Diagnosis,
    DiagnosisRequest,
    SideBySide,
)

router = APIRouter(prefix="/v1/sessions", tags=["sessions"])


def other_id(other: Annotated[str, Path()]) -> str:
    return session_id(other)


OtherId = Annotated[str, Depends(other_id)]


@router.post("/{session_id}/branch", status_code=201, response_model=Session, openapi_extra=KEYED)
async def branch(
    request: Request,
    asking: Asking,
    service: Service,
    session_id: SessionId,
    given: BranchRequest,
    response: Response,
) -> Any:
    """A new session that shares the turns before ``turn``; this one stays as it was."""

    async def make() -> Session:
        made = await service.rewinding.branch(asking, session_id, given.turn)
        response.headers["Location"] = f"/v1/sessions/{made.id}"
        return Session.of(made)

    return await once(request, response, asking, service, make)


@router.get("/{session_id}/branches")
async def branches(asking: Asking, service: Service, session_id: SessionId) -> Branches:
    """All attempts that began as one talk with this one, this one included."""
    session = await service.session(asking, session_id)
    family = await service.rewinding.family(asking, session)
    return Branches(items=[Attempt.of(one) for one in family.attempts()])


@router.get("/{session_id}/compare/{other}")
async def compare(
    asking: Asking, service: Service, session_id: SessionId, other: OtherId
) -> SideBySide:
    """Two attempts side by side from the turn at which they part."""
    return SideBySide.of(await service.rewinding.compare(asking, session_id, other))


@router.post("/{session_id}/diagnosis", response_model=Diagnosis, openapi_extra=KEYED)
async def diagnosis(
    request: Request,
    asking: Asking,
    service: Service,
    session_id: SessionId,
    given: DiagnosisRequest,
    response: Response,
) -> Any:
    """How close a guess is to what the buyer hides; what it was is told once the session ended."""

    async def make() -> Diagnosis:
        return Diagnosis.of(await service.diagnoses.guess(asking, session_id, given.text))

    return await once(request, response, asking, service, make)
