"""The practice page: the talk so far, the briefing, the guess, and other attempts at its turns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import Request, Response

from api.web.citing import cited_in, sources_of
from api.web.rendering import render
from coach.diagnosis.desk import MOST, cards_of
from coach.diagnosis.matching import hides
from coach.practice.hinting import Hint
from coach.practice.mood import mood_shown
from coach.rewinding.attempts import Attempt, Family
from coach.service import CoachService
from coach.session import Caller, Session, Status
from coach.workshops.workshop import Workshop


@dataclass(frozen=True)
class Crossing:
    """A turn that was tried more than once. ``number`` is this session's attempt, of ``of``; 0
    when that one was deleted. ``others`` are the attempts it can be compared with."""

    number: int
    of: int
    others: Sequence[Attempt]


@dataclass(frozen=True)
class Typed:
    """What the form came with, to be shown again: a reply, what is wrong with it, a hint."""

    draft: str = ""
    problem: str = ""
    hint: Hint | None = None


@dataclass(frozen=True)
class Guessed:
    """A guess that was just made; ``reveal`` shows what was hidden, if the session has ended."""

    text: str = ""
    problem: str = ""
    reveal: bool = False


async def practice_page(
    request: Request,
    asking: Caller,
    service: CoachService,
    session: Session,
    status: int = 200,
    typed: Typed | None = None,
    guessed: Guessed | None = None,
) -> Response:
    scenario = await service.scenario_of(session)
    typed, last = typed or Typed(), session.turns[-1].index
    revealed = guessed and guessed.reveal and session.status is not Status.ACTIVE
    return render(
        request,
        "practice.html",
        status,
        session=session,
        scenario=scenario,
        persona=scenario.persona(session.persona),
        sources=await sources_of(service, cited_in(session, typed.hint)),
        crossings=crossings_of(await service.rewinding.family(asking, session), session),
        mood=mood_shown(scenario, session),
        typed=typed,
        hint_level=max((h.level for h in session.hints if h.turn == last), default=0),
        hides=bool(hides(scenario, session.state)),
        guessed=guessed,
        most_guesses=MOST,
        cards=cards_of(scenario, session) if revealed else (),
        workshop=await workshop_of(service, asking, session.id),
    )


async def workshop_of(service: CoachService, asking: Caller, session_id: str) -> Workshop | None:
    """The one that the session is an attempt in, to lead back to."""
    return await service.workshops.of_session(asking, session_id) if service.workshops else None


def crossings_of(family: Family, session: Session) -> Mapping[int, Crossing]:
    """By turn of the session."""
    found = {}
    for turn, attempts in family.at_turns(session.id).items():
        owner = family.owner(session.id, turn)
        mine = next((one.number for one in attempts if one.session.id == owner), 0)
        others = [one for one in attempts if one.session.id != owner]
        found[turn] = Crossing(mine, max(one.number for one in attempts), others)
    return found
