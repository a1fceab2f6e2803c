"""Pages for going back: another try at a turn, two attempts side by side, a guess at what is
hidden."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from api.dependencies import Asking, Service, SessionId
from api.errors import problem_of
from api.routes.attempts import OtherId
from api.schemas_evidence import Text
from api.web.citing import cited_in, sources_of
from api.web.practice_page import Guessed, practice_page
from api.web.rendering import Page, render, see
from coach.errors import BadInput, Conflict
from coach.rewinding.comparing import Exchanged, SideBySide

router = APIRouter(route_class=Page, include_in_schema=False)


@dataclass(frozen=True)
class Row:
    """The exchanges of both sides that stand beside each other; None where one side is over."""

    turn: int
    exchanges: tuple[Exchanged | None, Exchanged | None]


@router.post("/practice/{session_id}/branch")
async def branch(
    asking: Asking,
    service: Service,
    session_id: SessionId,
    turn: Annotated[int, Form(ge=0, le=2**31 - 1)],
) -> Response:
    """Another try at a turn, as a session of its own."""
    made = await service.rewinding.branch(asking, session_id, turn)
    return see(f"/practice/{made.id}#latest")


@router.post("/practice/{session_id}/guess")
async def guess(
    request: Request,
    asking: Asking,
    service: Service,
    session_id: SessionId,
    guess: Annotated[Text, Form()] = "",
) -> Response:
    """A guess without JavaScript."""
    made, status = Guessed(guess), 200
    try:
        await service.diagnoses.guess(asking, session_id, guess)
        made = Guessed(guess, reveal=True)
    except (BadInput, Conflict) as error:
        told = problem_of(error)
        made, status = Guessed(guess, told["detail"]), told["status"]
    session = await service.session(asking, session_id)
    return await practice_page(request, asking, service, session, status, guessed=made)


@router.get("/practice/{session_id}/compare/{other}")
async def compare(
    request: Request, asking: Asking, service: Service, session_id: SessionId, other: OtherId
) -> Response:
    found = await service.rewinding.compare(asking, session_id, other)
    sessions = [side.session for side in found.sides]
    scenario = await service.scenario_of(sessions[0])
    cited = {cited for session in sessions for cited in cited_in(session)}
    return render(
        request,
        "compare.html",
        found=found,
        rows=rows_of(found),
        scenario=scenario,
        persona=scenario.persona(sessions[0].persona),
        sources=await sources_of(service, cited),
    )


def rows_of(found: SideBySide) -> list[Row]:
    one, two = (side.exchanges for side in found.sides)
    count = max(len(one), len(two))
    return [
        Row(
            found.parted_at + 2 * number,
            (
                one[number] if number < len(one) else None,
                two[number] if number < len(two) else None,
            ),
        )
        for number in range(count)
    ]
