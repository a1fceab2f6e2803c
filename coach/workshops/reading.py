"""One session as a workshop sees it: how far it is, what was kept and what was missed. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from coach.assessment import Verdict
from coach.buyer import ending_of
from coach.debrief.record import CheckSummary
from coach.debrief.summing import Corrections, score_of, scored, sellers_of, summary
from coach.rubric import When
from coach.scenario import Act, Scenario
from coach.session import Session, Speaker, Status
from coach.workshops.keeping import Rulings


@dataclass(frozen=True)
class Told:
    """One check in one session, of which there was occasion. ``objection`` are the buyer's words
    before the reply that missed it first, ``said`` the words that missed it, ``well`` the best
    that kept it; each may be empty."""

    check: str
    question: str
    yes: int
    no: int
    objection: str = ""
    said: str = ""
    well: str = ""
    why: str = ""
    tip: str = ""

    @property
    def is_missed(self) -> bool:
        return self.no > self.yes


@dataclass(frozen=True)
class Reply:
    """A seller's turn with what the buyer did and said before it."""

    session: str
    user: str
    turn: int
    act: str
    objection: str
    text: str
    kept: int
    missed: int


@dataclass(frozen=True)
class Reading:
    """``score`` is that of the debrief; None while it runs, or where nothing was scored."""

    session: str
    user: str
    scenario: str
    status: Status
    created_at: datetime
    last_at: datetime
    score: int | None
    success: bool
    broken: bool
    checks: tuple[Told, ...]
    replies: tuple[Reply, ...]

    @property
    def is_over(self) -> bool:
        return self.status is not Status.ACTIVE

    def passes(self, mark: int) -> bool:
        return self.score is not None and self.score >= mark and not self.broken


def read(
    session: Session, scenario: Scenario, rulings: Rulings, advisory: Collection[str]
) -> Reading:
    """``session`` with all its turns."""
    corrected = Corrections(rulings, frozenset(advisory))
    summaries = [summary(item, session, corrected) for item in scenario.checks]
    is_over = session.status is not Status.ACTIVE
    broken = any(one.broken for one in summaries) if is_over else False
    ending = ending_of(Act(session.turns[-1].act or Act.OPEN.value), session.state)
    open_yet = () if is_over else {i.id for i in scenario.checks if i.when is When.BY_END}
    counts = is_over and scored(sellers_of(session))
    return Reading(
        session=session.id,
        user=session.owner.user,
        scenario=session.scenario,
        status=session.status,
        created_at=session.created_at,
        last_at=session.turns[-1].at,
        score=score_of(summaries) if counts else None,
        success=is_over and ending.success and not broken,
        broken=broken,
        checks=tuple(
            _told(one, session)
            for one in summaries
            if one.yes + one.no and not one.advisory and (one.yes or one.id not in open_yet)
        ),
        replies=tuple(_replies(session)),
    )


def _told(one: CheckSummary, session: Session) -> Told:
    return Told(
        check=one.id,
        question=one.question,
        yes=one.yes,
        no=one.no,
        objection=_before(session, one.missed_turn),
        said=one.missed_quote or _text(session, one.missed_turn),
        well=one.best_quote,
        why=one.missed_why,
        tip=one.tip,
    )


def _text(session: Session, turn: int | None) -> str:
    return next((one.text for one in session.turns if one.index == turn), "")


def _before(session: Session, turn: int | None) -> str:
    return "" if turn is None else _text(session, turn - 1)


def _replies(session: Session) -> list[Reply]:
    found = []
    for before, said in zip(session.turns, session.turns[1:], strict=False):
        if said.speaker is Speaker.SELLER:
            checks = said.assessment.checks if said.assessment else ()
            found.append(
                Reply(
                    session.id,
                    session.owner.user,
                    said.index,
                    before.act or Act.OPEN.value,
                    before.text,
                    said.text,
                    sum(check.verdict is Verdict.YES for check in checks),
                    sum(check.verdict is Verdict.NO for check in checks),
                )
            )
    return found
