"""Votes on replies of a workshop, in a relational database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, and_, delete, func, insert, select, update

from coach.errors import Conflict, NotFound
from coach.store.engine import queue_up, transaction
from coach.store.workshop_tables import workshop_options as options
from coach.store.workshop_tables import workshop_rounds as rounds
from coach.store.workshop_tables import workshop_votes as votes
from coach.workshops.keeping import Option, Round
from coach.workshops.workshop import Workshop


class VoteRows:
    """The part of the ``WorkshopStore`` port about votes."""

    reads: Engine
    writes: Engine

    def open_round(self, workshop: Workshop, opened: Round) -> None:
        row = {"id": opened.id, "workshop_id": workshop.id, "opened_at": opened.opened_at}
        about = {"scenario": opened.scenario, "act": opened.act}
        listed = [
            {"round_id": opened.id, "position": o.position, "session_id": o.session, "turn": o.turn}
            for o in opened.options
        ]
        with transaction(self.writes, workshop.tenant) as connection:
            connection.execute(insert(rounds), row | about)
            connection.execute(insert(options), listed)

    def rounds(self, workshop: Workshop) -> list[Round]:
        ours = rounds.c.workshop_id == workshop.id
        newest = select(rounds).where(ours).order_by(rounds.c.opened_at.desc(), rounds.c.id)
        listed = select(options).join(rounds).where(ours).order_by(options.c.position)
        cast = select(votes).join(rounds).where(ours)
        by_round: defaultdict[str, list[Option]] = defaultdict(list)
        chosen: defaultdict[str, dict[str, int]] = defaultdict(dict)
        with transaction(self.reads, workshop.tenant) as connection:
            for row in connection.execute(listed).mappings():
                option = Option(row["position"], row["session_id"], row["turn"])
                by_round[row["round_id"]].append(option)
            for row in connection.execute(cast).mappings():
                chosen[row["round_id"]][row["owner"]] = row["position"]
            return [
                Round(
                    id=row["id"],
                    scenario=row["scenario"],
                    act=row["act"],
                    opened_at=row["opened_at"],
                    revealed_at=row["revealed_at"],
                    options=tuple(by_round[row["id"]]),
                    votes=chosen[row["id"]],
                )
                for row in connection.execute(newest).mappings()
            ]

    def vote(self, workshop: Workshop, round_id: str, user: str, position: int) -> None:
        this = and_(rounds.c.workshop_id == workshop.id, rounds.c.id == round_id)
        row = {"round_id": round_id, "owner": user, "position": position}
        with transaction(self.writes, workshop.tenant) as connection:
            queue_up(connection, "round", round_id)
            found = connection.execute(select(rounds.c.revealed_at).where(this)).one_or_none()
            if found is None:
                raise _missing(round_id)
            if found[0] is not None:
                raise Conflict("this vote is over; its result is shown")
            theirs = and_(votes.c.round_id == round_id, votes.c.owner == user)
            connection.execute(delete(votes).where(theirs))
            connection.execute(insert(votes), row | {"tenant": workshop.tenant})

    def reveal(self, workshop: Workshop, round_id: str, at: datetime) -> None:
        """Once; again it changes nothing."""
        this = and_(rounds.c.workshop_id == workshop.id, rounds.c.id == round_id)
        first = and_(this, rounds.c.revealed_at.is_(None))
        with transaction(self.writes, workshop.tenant) as connection:
            queue_up(connection, "round", round_id)
            if connection.scalar(select(rounds.c.id).where(this)) is None:
                raise _missing(round_id)
            connection.execute(update(rounds).where(first).values(revealed_at=at))


def vote_mark(connection: Connection, workshop: Workshop) -> Iterator[Any]:
    """What changes with every round, vote and reveal."""
    ours = rounds.c.workshop_id == workshop.id
    yield connection.execute(
        select(func.count(), func.count(rounds.c.revealed_at), func.max(rounds.c.opened_at)).where(
            ours
        )
    ).one()
    yield connection.execute(
        select(func.count(), func.sum(votes.c.position)).join_from(votes, rounds).where(ours)
    ).one()


def _missing(round_id: str) -> NotFound:
    return NotFound(f"there is no vote {round_id[:60]!r} in this workshop")
