"""The JSON of goals, their numbers and both beside practice."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import AllowInfNan, BaseModel, Field

from api.schemas_evidence import Given, Short, Shown, Time, optional
from coach.errors import BadInput
from coach.indicators import board, goal
from coach.indicators.goal import Counting, Direction, Horizon, preset_for
from coach.indicators.standing import Standing

Amount = Annotated[float, AllowInfNan(False)]
MOST_NUMBERS = 5000


class GoalGiven(Given):
    """What isn't given is that of the usual goal of this name, such as "Market share"."""

    name: Annotated[Short, Field(min_length=1)]
    unit: Short | None = None
    horizon: Horizon | None = None
    counting: Counting | None = Field(
        default=None, description="sum: of deals; latest: of a level, such as market share"
    )
    direction: Direction = Direction.MORE
    target: Amount | None = None
    since: date | None = Field(default=None, description="from when numbers count; all if left out")
    due: date | None = Field(default=None, description="the last day by which to reach the target")

    def goal(self, goal_id: str = "") -> goal.Goal:
        usual = preset_for(self.name)
        horizon = self.horizon or (usual.horizon if usual else None)
        if horizon is None:
            raise BadInput("horizon: say whether this is a `short` or a `long` term goal")
        unit = self.unit if self.unit is not None else usual.unit if usual else ""
        counting = self.counting or (usual.counting if usual else Counting.SUM)
        return goal.Goal(
            goal_id,
            self.name,
            unit,
            horizon,
            counting,
            self.direction,
            self.target,
            self.since,
            self.due,
            datetime.fromtimestamp(0, UTC),  # the day of its making is for the board to say
        )


class NumberGiven(Given):
    goal: Short = Field(description="its id or its name")
    day: date
    value: Amount


class NumbersGiven(Given):
    numbers: Annotated[list[NumberGiven], Field(min_length=1, max_length=MOST_NUMBERS)]

    def measured(self) -> list[board.Measured]:
        return [board.Measured(**vars(number)) for number in self.numbers]


class Progress(Shown):
    standing: Standing
    now: float | None
    share: float | None = Field(description="part of the way to the target, 0 to 1")
    elapsed: float | None = Field(description="part of the time that is over, 0 to 1")


class Together(Shown):
    """Spearman's rho with its 95% interval. It says what goes together, and nothing about why."""

    n: int = Field(description="full weeks in which both are known")
    rho: float | None
    low: float | None
    high: float | None
    why: str = Field(description="why there is no rho, where there is none")


class Goal(Shown):
    id: str
    name: str
    unit: str
    horizon: Horizon
    counting: Counting
    direction: Direction
    target: float | None
    since: date | None
    due: date | None
    created_at: Time


class FollowedGoal(Goal):
    progress: Progress
    weeks: list[float | None] = Field(description="one for each of `practice`; null: no number")
    with_sessions: Together
    with_skill: Together

    @staticmethod
    def of_followed(found: board.Followed) -> FollowedGoal:
        return FollowedGoal.model_validate({**vars(found.goal), **vars(found)})


class PracticeWeek(Shown):
    monday: date
    sessions: int
    tactical: int
    strategic: int
    skill: float | None = Field(description="mean score of the debriefs, 0 to 100")


class Side(Shown):
    goals: int
    judged: int = Field(description="those with a target, a day and numbers")
    well: int


class Goals(BaseModel):
    items: list[FollowedGoal]
    practice: list[PracticeWeek]
    short: Side
    long: Side
    balance: str
    note: str = (
        "`with_sessions` and `with_skill` are rank correlations over weeks: two things that both "
        "grow with time go together without either having to do with the other."
    )
    next_cursor: str | None = None

    @staticmethod
    def of(found: board.Overview) -> Goals:
        return Goals(
            items=[FollowedGoal.of_followed(one) for one in found.goals],
            practice=[PracticeWeek.model_validate(week) for week in found.practice],
            short=Side.model_validate(found.short),
            long=Side.model_validate(found.long),
            balance=found.balance,
        )


class Fault(Shown):
    line: int
    says: str


class NumbersTaken(BaseModel):
    """The rows of ``faults`` were left out, the others are in."""

    read: int
    changed: int = Field(description="new, or other than before; the rest stood there already")
    ignored: list[str] = Field(description="columns that are no goal")
    faults: list[Fault]
    more_faults: int | None = optional(description="how many faults aren't listed")

    @staticmethod
    def of(found: board.Taken) -> NumbersTaken:
        faults = found.reading.faults
        return NumbersTaken(
            read=found.read,
            changed=found.changed,
            ignored=list(found.reading.ignored),
            faults=[Fault.model_validate(one) for one in faults[:MOST_FAULTS]],
            more_faults=max(len(faults) - MOST_FAULTS, 0) or None,
        )


MOST_FAULTS = 100
