"""The page of a rep's progress, and the page on which a trainer overrules verdicts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from api.dependencies import Asking, Service, SessionId
from api.schemas_evidence import Short, Text
from api.web.progress_drawing import over_time
from api.web.rendering import Page, render, see
from coach.assessment import Verdict
from coach.errors import BadInput
from coach.progress import Level
from coach.progress.rhythm import weeks_running
from coach.session import Speaker, Status

router = APIRouter(route_class=Page, include_in_schema=False)

RECENT = 8  # sessions
SHOWN_DRILLS = 3
OFFERED = 5  # answers
TRAINERS = frozenset({"trainer", "admin"})


@router.get("/progress")
async def progress(request: Request, asking: Asking, service: Service) -> Response:
    found = await service.progress.progress(asking)
    recent, _ = await service.sessions(asking, RECENT)
    offered = await service.team.answers.own(asking, OFFERED) if service.team else []
    titles = {scenario.id: scenario.title for scenario in await service.scenarios(asking)}
    return render(
        request,
        "progress.html",
        found=found,
        told=[one for one in found.masteries if one.level is not Level.NEW],
        fresh=[one for one in found.masteries if one.level is Level.NEW],
        due=found.due[:SHOWN_DRILLS],
        later=[one for one in found.drills if not one.is_due],
        mastered=sum(one.level is Level.MASTERED for one in found.masteries),
        running=weeks_running(
            (one.created_at for one in found.practised), datetime.now(UTC).date()
        ),
        recent=recent,
        offered=offered,
        titles=titles,
        overall=over_time(found.overall),
        lines={one.check: over_time(one.over_time) for one in found.masteries},
    )


@router.get("/debrief/{session_id}/verdicts")
async def verdicts(
    request: Request, asking: Asking, service: Service, session_id: SessionId
) -> Response:
    """Every verdict of a session, reply by reply; trainers may overrule each."""
    session = await service.session(asking, session_id)
    rulings = await service.referee.rulings(asking, session_id)
    sellers = [
        turn
        for turn in session.turns
        if turn.speaker is Speaker.SELLER and turn.assessment and turn.assessment.scored
    ]
    return render(
        request,
        "verdicts.html",
        session=session,
        scenario=await service.scenario_of(session),
        sellers=sellers,
        texts={turn.index: turn.text for turn in session.turns},
        rulings={(one.turn, one.check): one for one in rulings},
        may_rule=bool(asking.roles & TRAINERS),
        ended=session.status is not Status.ACTIVE,
    )


@router.post("/debrief/{session_id}/verdicts")
async def rule(
    asking: Asking,
    service: Service,
    session_id: SessionId,
    turn: Annotated[int, Form(ge=0, le=1_000_000)],
    check: Annotated[Short, Form()],
    verdict: Annotated[Short, Form()] = "",
    reason: Annotated[Text, Form()] = "",
) -> Response:
    """Without a verdict an earlier overruling is withdrawn."""
    place = (session_id, turn, check)
    if verdict:
        await service.referee.overrule(asking, place, _verdict(verdict), reason)
    else:
        await service.referee.withdraw(asking, place)
    return see(f"/debrief/{session_id}/verdicts#turn-{turn}")


def _verdict(word: str) -> Verdict:
    try:
        return Verdict(word)
    except ValueError as error:
        raise BadInput(f"verdict is yes, no or not_observable, not {word[:40]!r}") from error
