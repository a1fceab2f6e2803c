"""Goals, their numbers and what was practised, in a relational database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    RowMapping,
    and_,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from coach.errors import Conflict, NotFound
from coach.indicators.goal import (
    Counting,
    Direction,
    Goal,
    Horizon,
    Number,
    Practised,
    key_of,
)
from coach.store.engine import queue_up, transaction
from coach.store.tables import sessions
from coach.store.team_tables import goal_numbers, goals


class SqlGoals:
    """The ``GoalStore`` port; shares the engines of the store."""

    def __init__(self, reads: Engine, writes: Engine) -> None:
        self._reads, self._writes = reads, writes

    def all(self, tenant: str) -> list[Goal]:
        query = select(goals).where(goals.c.tenant == tenant)
        with transaction(self._reads, tenant) as connection:
            ordered = query.order_by(goals.c.created_at, goals.c.id)
            return [_goal_from(row) for row in connection.execute(ordered).mappings()]

    def save(self, tenant: str, goal: Goal) -> None:
        row = {**vars(goal), "tenant": tenant, "name_key": key_of(goal.name)}
        with transaction(self._writes, tenant) as connection:
            queue_up(connection, "goals", tenant)
            _refuse_name(connection, tenant, goal)
            owner = connection.scalar(select(goals.c.tenant).where(goals.c.id == goal.id))
            if owner is None:
                connection.execute(insert(goals), row)
            elif owner == tenant:
                connection.execute(update(goals).where(goals.c.id == goal.id).values(row))
            else:
                raise _missing(goal.id)

    def remove(self, tenant: str, goal_id: str) -> None:
        this = and_(goals.c.tenant == tenant, goals.c.id == goal_id)
        with transaction(self._writes, tenant) as connection:
            if connection.execute(delete(goals).where(this)).rowcount == 0:
                raise _missing(goal_id)

    def take(self, tenant: str, numbers: Sequence[Number]) -> int:
        by_goal: defaultdict[str, list[Number]] = defaultdict(list)
        for number in numbers:
            by_goal[number.goal_id].append(number)
        own = select(goals.c.id).where(goals.c.tenant == tenant)
        with transaction(self._writes, tenant) as connection:
            queue_up(connection, "goals", tenant)
            known = set(connection.scalars(own))
            if gone := by_goal.keys() - known:
                raise _missing(min(gone))
            return sum(_take(connection, goal_id, rows) for goal_id, rows in by_goal.items())

    def numbers(self, tenant: str) -> list[Number]:
        query = (
            select(goal_numbers)
            .join(goals)
            .where(goals.c.tenant == tenant)
            .order_by(goal_numbers.c.day, goal_numbers.c.ref)
        )
        with transaction(self._reads, tenant) as connection:
            return [Number(**row) for row in connection.execute(query).mappings()]

    def practised(self, tenant: str, since: datetime) -> list[Practised]:
        query = (
            select(
                sessions.c.created_at,
                sessions.c.scenario,
                sessions.c.debrief["score"].as_integer().label("score"),
            )
            .where(
                sessions.c.tenant == tenant,
                sessions.c.created_at >= since,
                sessions.c.turn_count > 1,
            )
            .order_by(sessions.c.created_at, sessions.c.id)
        )
        with transaction(self._reads, tenant) as connection:
            return [Practised(*row) for row in connection.execute(query)]


def _refuse_name(connection: Connection, tenant: str, goal: Goal) -> None:
    same = and_(goals.c.tenant == tenant, goals.c.name_key == key_of(goal.name))
    taken = connection.scalar(select(goals.c.id).where(same, goals.c.id != goal.id))
    if taken is not None:
        raise Conflict(f"there is a goal called {goal.name!r} already; change that one")


def _take(connection: Connection, goal_id: str, numbers: Sequence[Number]) -> int:
    """One goal's; a number that stands there already is left alone."""
    this = goal_numbers.c.goal_id == goal_id
    columns = (goal_numbers.c.ref, goal_numbers.c.day, goal_numbers.c.value)
    before = {
        ref: (day, value) for ref, day, value in connection.execute(select(*columns).where(this))
    }
    other = [n for n in numbers if before.get(n.ref) != _kept(n)]
    gone = [{"gone": n.ref} for n in other if n.ref in before]
    if gone:
        connection.execute(
            delete(goal_numbers).where(this, goal_numbers.c.ref == bindparam("gone")), gone
        )
    new = [vars(n) for n in other if n.value is not None]
    if new:
        connection.execute(insert(goal_numbers), new)
    return len(other)


def _kept(number: Number) -> tuple[Any, float] | None:
    return None if number.value is None else (number.day, number.value)


def _goal_from(row: RowMapping) -> Goal:
    fields: dict[str, Any] = {name: row[name] for name in Goal.__dataclass_fields__}
    return Goal(
        **{
            **fields,
            "horizon": Horizon(row["horizon"]),
            "counting": Counting(row["counting"]),
            "direction": Direction(row["direction"]),
        }
    )


def _missing(goal_id: str) -> NotFound:
    return NotFound(f"there is no goal {goal_id[:60]!r}")
