"""The JSON of workshops: what a trainer sends, and what board, votes, guide and report show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, Field, StrictInt

from api.schemas import Check
from api.schemas_evidence import Claim, Given, Short, Shown, Time
from coach.scenario import Difficulty
from coach.workshops import board, desk, guide, report, voting, workshop
from coach.workshops.workshop import ATTEMPTS, PASS_MARK, State, Wish, spaced


class WorkshopGiven(Given):
    title: Annotated[Short, Field(min_length=1)]
    scenarios: Annotated[list[Short], Field(min_length=1, max_length=50)]
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    pass_mark: Annotated[StrictInt, Field(ge=0, le=100)] = PASS_MARK
    attempts: Annotated[StrictInt, Field(ge=0, le=20)] = Field(
        default=ATTEMPTS, description="for each scenario; 0: as many as they like"
    )
    difficulty: Difficulty | None = None
    same_buyer: bool = Field(default=True, description="everybody meets the same buyer")
    guests: bool = Field(default=False, description="people without an account may join")
    names_hidden: bool = False
    cohort: list[Short] = Field(default=[], max_length=500)
    invited_only: bool = Field(default=False, description="nobody but the cohort may join")

    def wish(self) -> Wish:
        starts, ends = (at and at.astimezone(UTC) for at in (self.starts_at, self.ends_at))
        given = {**vars(self), "starts_at": starts, "ends_at": ends}
        return Wish(**{**given, "scenarios": tuple(self.scenarios), "cohort": tuple(self.cohort)})


class JoinGiven(Given):
    join_code: Annotated[Short, Field(min_length=1)]


class NamesGiven(Given):
    hidden: bool


class AttemptGiven(Given):
    scenario: Short


class RoundGiven(Given):
    scenario: Short
    act: Short = Field(default="open", description="what the buyer did; see `topics`")


class VoteGiven(Given):
    round: Short
    option: Annotated[StrictInt, Field(ge=1, le=100)]


class Workshop(Shown):
    """``join_code`` is shown to its trainer only."""

    id: str
    title: str
    join_code: str | None
    trainer: str
    state: State
    scenarios: list[str]
    starts_at: Time | None
    ends_at: Time | None
    pass_mark: int
    attempts: int
    difficulty: Difficulty | None
    same_buyer: bool
    guests: bool
    names_hidden: bool
    invited_only: bool
    created_at: Time

    @classmethod
    def of(cls, found: workshop.Workshop, state: State, *, runs: bool) -> Workshop:
        code = spaced(found.join_code) if runs else None
        more = {"join_code": code, "state": state, "same_buyer": found.seed is not None}
        return cls.model_validate({**vars(found), **more})


class Workshops(BaseModel):
    items: list[Workshop]
    next_cursor: str | None = None


class Attempt(Shown):
    session: str
    scenario: str
    status: str
    created_at: Time


class Attended(Workshop):
    """With the caller's own sessions in it."""

    name: str
    sessions: list[Attempt]

    @classmethod
    def of_lobby(cls, found: desk.Lobby) -> Attended:
        base = Workshop.of(found.workshop, found.state, runs=False).model_dump()
        runs = [Attempt.model_validate(one) for one in found.runs]
        return cls(**base, name=found.member.name, sessions=runs)


class Person(Shown):
    name: str
    is_guest: bool
    doing: Literal["invited", "here", "practising", "finished"]
    scenario: str
    replies: int
    outcome: str
    attempts: int
    best: dict[str, int]
    passed: int


class Heat(Shown):
    check: str
    question: str
    shares: list[float | None] = Field(description="of people, for each scenario of the workshop")
    share: float
    people: int
    missed: int


class Moment(Shown):
    scenario: str
    check: str
    question: str
    missed: int
    of: int
    objection: str
    said: str
    well: str
    why: str
    tip: str


class Board(BaseModel):
    workshop: Workshop
    here: int
    practising: int
    passed: int
    people: list[Person]
    outcomes: dict[str, int]
    heat: list[Heat] = Field(description="the most missed check first")
    moments: list[Moment] = Field(description="what most people missed first")

    @classmethod
    def of(cls, found: board.Board) -> Board:
        return cls(
            workshop=Workshop.of(found.workshop, found.state, runs=True),
            here=found.here,
            practising=found.practising,
            passed=found.passed,
            people=[Person.model_validate(one) for one in found.people],
            outcomes=dict(found.outcomes),
            heat=[Heat.model_validate(one) for one in found.heat],
            moments=[Moment.model_validate(one) for one in found.moments],
        )


class Topic(Shown):
    scenario: str
    act: str
    objection: str
    people: int


class Option(Shown):
    """``votes``, ``checks`` and ``claims`` with their evidence once the vote is revealed."""

    option: int
    objection: str
    text: str
    mine: bool
    votes: int
    checks: list[Check]
    claims: list[Claim]

    @classmethod
    def of(cls, shown: voting.Shown) -> Option:
        told = shown.turn.assessment if shown.turn else None
        return cls(
            option=shown.position,
            objection=shown.objection,
            text=shown.text,
            mine=shown.mine,
            votes=shown.votes,
            checks=[Check.model_validate(one) for one in told.checks] if told else [],
            claims=[Claim.model_validate(one) for one in told.claims] if told else [],
        )


class Round(BaseModel):
    id: str
    scenario: str
    act: str
    objection: str
    opened_at: Time
    revealed_at: Time | None
    voted: int
    choice: int | None
    options: list[Option]

    @classmethod
    def of(cls, found: voting.Ballot) -> Round:
        about = found.round
        return cls(
            id=about.id,
            scenario=about.scenario,
            act=about.act,
            objection=found.objection,
            opened_at=about.opened_at,
            revealed_at=about.revealed_at,
            voted=found.voted,
            choice=found.choice,
            options=[Option.of(one) for one in found.options],
        )


class Votes(BaseModel):
    """``topics`` are what the trainer may open a vote on; others find none."""

    items: list[Round]
    topics: list[Topic]
    next_cursor: str | None = None

    @classmethod
    def of(cls, found: Sequence[voting.Ballot], topics: Sequence[voting.Topic]) -> Votes:
        listed = [Topic.model_validate(one) for one in topics]
        return cls(items=[Round.of(one) for one in found], topics=listed)


class Point(Shown):
    moment: Moment
    minutes: int
    steps: list[str]


class Guide(BaseModel):
    items: list[Point]
    next_cursor: str | None = None

    @classmethod
    def of(cls, found: Sequence[guide.Point]) -> Guide:
        return cls(items=[Point.model_validate(one) for one in found])


class Row(Shown):
    name: str
    is_guest: bool
    attempts: int
    finished: int
    best: dict[str, int]
    passed: int
    first: float | None
    last: float | None


class Change(Shown):
    """Mean scores before and after over ``people``, with the 95% interval of the change."""

    people: int
    first: float | None
    last: float | None
    change: float | None
    low: float | None
    high: float | None
    caution: str


class NextWorkshop(Shown):
    title: str
    scenarios: list[str]
    why: str


class Report(BaseModel):
    workshop: Workshop
    came: int
    passed: int
    rows: list[Row]
    change: Change
    heat: list[Heat]
    moments: list[Moment]
    next: NextWorkshop | None

    @classmethod
    def of(cls, found: report.Report, state: State) -> Report:
        return cls(
            workshop=Workshop.of(found.workshop, state, runs=True),
            came=found.came,
            passed=found.passed,
            rows=[Row.model_validate(one) for one in found.rows],
            change=Change.model_validate(found.change),
            heat=[Heat.model_validate(one) for one in found.heat],
            moments=[Moment.model_validate(one) for one in found.moments],
            next=NextWorkshop.model_validate(found.next) if found.next else None,
        )
