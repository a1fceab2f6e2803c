"""Workspaces, people and talks of messengers in a relational database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Engine, Table, and_, delete, insert, select, update

from coach.errors import Conflict
from coach.messenger.people import Installation, Pass, Person, Talk
from coach.messenger.reminding import Cadence
from coach.store.engine import Reach, transaction
from coach.store.messenger_tables import installations, messenger_people, passes, talks

PASSES_LAST = timedelta(days=2)
MOST_REMINDED = 200  # at one look; the others are due at the next


class SqlMessengers:
    """The ``MessengerStore`` port; shares the engines of the store.

    Which tenant a workspace is of is only known once it was found: so it is looked for in all.
    """

    def __init__(self, reads: Engine, writes: Engine) -> None:
        self._reads, self._writes = reads, writes

    def install(self, made: Installation) -> None:
        row = {name: value for name, value in vars(made).items() if name != "token"}
        self._keep(installations, {**row, "secret": made.token}, ("workspace",))

    def installation(self, workspace: str) -> Installation | None:
        found = self._rows(installations, installations.c.workspace == workspace)
        return _installation(found[0]) if found else None

    def installations(self) -> list[Installation]:
        return [_installation(row) for row in self._rows(installations)]

    def uninstall(self, workspace: str) -> None:
        with transaction(self._writes, Reach.EVERY_TENANT) as connection:
            for table in (installations, messenger_people, talks, passes):
                connection.execute(delete(table).where(table.c.workspace == workspace))

    def keep_person(self, person: Person) -> None:
        self._keep(messenger_people, {**vars(person)}, ("workspace", "user"))

    def person(self, workspace: str, user: str) -> Person | None:
        known = messenger_people.c
        found = self._rows(messenger_people, known.workspace == workspace, known.user == user)
        return _person(found[0]) if found else None

    def due(self, now: datetime) -> list[Person]:
        found = self._rows(messenger_people, messenger_people.c.next_at <= now)
        return [_person(row) for row in found[:MOST_REMINDED]]

    def remind(self, person: Person, again: datetime | None) -> bool:
        known = messenger_people.c
        same = and_(
            known.workspace == person.workspace,
            known.user == person.user,
            known.next_at == person.next_at,
        )
        with transaction(self._writes, Reach.EVERY_TENANT) as connection:
            moved = update(messenger_people).where(same).values(next_at=again)
            return bool(connection.execute(moved).rowcount)

    def keep_talk(self, talk: Talk) -> None:
        self._keep(talks, {**vars(talk)}, ("workspace", "channel", "thread"))

    def talk(self, workspace: str, channel: str, thread: str) -> Talk | None:
        place = (talks.c.workspace == workspace, talks.c.channel == channel)
        found = self._rows(talks, *place, talks.c.thread == thread)
        return Talk(**found[0]) if found else None

    def add_pass(self, given: Pass) -> None:
        with transaction(self._writes, Reach.EVERY_TENANT) as connection:
            old = passes.c.created_at < given.created_at - PASSES_LAST
            connection.execute(delete(passes).where(old))
            connection.execute(insert(passes), {**vars(given)})

    def take_pass(self, digest: str) -> Pass | None:
        taken = delete(passes).where(passes.c.digest == digest).returning(*passes.c)
        with transaction(self._writes, Reach.EVERY_TENANT) as connection:
            row = connection.execute(taken).mappings().one_or_none()
        return None if row is None else Pass(**row)

    def _rows(self, table: Table, *where: ColumnElement[bool]) -> Sequence[dict[str, Any]]:
        with transaction(self._reads, Reach.EVERY_TENANT) as connection:
            return [dict(row) for row in connection.execute(select(table).where(*where)).mappings()]

    def _keep(self, table: Table, row: dict[str, Any], key: tuple[str, ...]) -> None:
        """Changed where it is there, else added."""
        try:
            self._put(table, row, key)
        except Conflict:  # another process added it between our look and our insert
            self._put(table, row, key)

    def _put(self, table: Table, row: dict[str, Any], key: tuple[str, ...]) -> None:
        this = and_(*(table.c[name] == row[name] for name in key))
        with transaction(self._writes, Reach.EVERY_TENANT) as connection:
            if connection.execute(update(table).where(this).values(row)).rowcount == 0:
                connection.execute(insert(table), row)


def _installation(row: dict[str, Any]) -> Installation:
    return Installation(token=row.pop("secret"), **row)


def _person(row: dict[str, Any]) -> Person:
    return Person(**{**row, "cadence": Cadence(row["cadence"])})
