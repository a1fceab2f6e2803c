"""Gaps in a relational database. Counting reads and then writes: the write lock is taken first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    RowMapping,
    delete,
    insert,
    literal,
    select,
    tuple_,
    update,
)

from coach.errors import NotFound
from coach.gaps import Example, Gap, GapsWanted, Met, Sighting, with_example
from coach.store.cursor import gap_cursor, read_gap_cursor
from coach.store.engine import queue_up, transaction
from coach.store.tables import gap_occasions, gaps
from coach.suggestion import Lack
from knowledge.checking.topic import same_name


class GapRows:
    """The gaps' part of the ``Store`` port."""

    reads: Engine
    writes: Engine

    def count_gaps(self, tenant: str, sightings: Sequence[Sighting]) -> None:
        """All of them or none; an occasion that was counted for a gap isn't counted again."""
        if not sightings:
            return
        with transaction(self.writes, tenant) as connection:
            queue_up(connection, "gaps", tenant)
            for sighting in sightings:
                _count(connection, tenant, sighting)

    def gaps(
        self, tenant: str, wanted: GapsWanted, limit: int, cursor: str | None
    ) -> tuple[list[Gap], str | None]:
        """Most frequent first, live before practice; raises BadInput for a cursor not of ours."""
        ranks = [gaps.c.live, gaps.c.practice]
        query = select(gaps).where(gaps.c.tenant == tenant)
        if wanted.met is Met.PRACTICE:
            ranks.reverse()
        if wanted.met:
            query = query.where(ranks[0] > 0)
        for name, key in (
            (wanted.competitor, gaps.c.competitor_key),
            (wanted.sector, gaps.c.sector_key),
        ):
            if name is not None:
                query = query.where(key == same_name(name))
        if cursor is not None:
            place = tuple_(*map(literal, read_gap_cursor(cursor)))
            query = query.where(tuple_(*ranks, gaps.c.id) < place)
        order = [column.desc() for column in (*ranks, gaps.c.id)]
        with transaction(self.reads, tenant) as connection:
            rows = connection.execute(query.order_by(*order).limit(limit + 1)).mappings().all()
        page = [_gap_from(row) for row in rows[:limit]]
        if len(rows) <= limit or not page:
            return page, None
        last = rows[limit - 1]
        return page, gap_cursor(last[ranks[0].name], last[ranks[1].name], last["id"])

    def gap(self, tenant: str, gap_id: str) -> Gap:
        with transaction(self.reads, tenant) as connection:
            query = select(gaps).where(gaps.c.tenant == tenant, gaps.c.id == gap_id)
            row = connection.execute(query).mappings().one_or_none()
        if row is None:
            raise no_gap(gap_id)
        return _gap_from(row)

    def dismiss_gap(self, tenant: str, gap_id: str) -> None:
        """Forgets it with its counts; met again, it is counted anew."""
        this = (gaps.c.tenant == tenant) & (gaps.c.id == gap_id)
        with transaction(self.writes, tenant) as connection:
            if connection.execute(delete(gaps).where(this)).rowcount == 0:
                raise no_gap(gap_id)


def no_gap(gap_id: str) -> NotFound:
    return NotFound(f"there is no gap {gap_id[:60]!r}; it may have been dismissed")


def _count(connection: Connection, tenant: str, sighting: Sighting) -> None:
    gap_id = sighting.gap_of(tenant)
    row = connection.execute(select(gaps).where(gaps.c.id == gap_id)).mappings().one_or_none()
    if row is None:
        connection.execute(insert(gaps), _new_row(gap_id, tenant, sighting))
    if sighting.occasion:
        this = {"gap_id": gap_id, "occasion": sighting.occasion}
        known = select(gap_occasions).filter_by(**this)
        if connection.execute(known).first():
            return
        connection.execute(insert(gap_occasions), this)
    before = tuple(map(_example_from, row["examples"])) if row else ()
    count = gaps.c[sighting.example.met.value]
    connection.execute(
        update(gaps)
        .where(gaps.c.id == gap_id)
        .values(
            {
                count: count + 1,
                gaps.c.last_seen: max(sighting.at, row["last_seen"]) if row else sighting.at,
                gaps.c.examples: [asdict(e) for e in with_example(before, sighting.example)],
            }
        )
    )


def _new_row(gap_id: str, tenant: str, sighting: Sighting) -> dict[str, Any]:
    """As yet counted nowhere."""
    return {
        "id": gap_id,
        "tenant": tenant,
        "lack": sighting.lack.value,
        "objection": sighting.objection,
        "topic": sighting.topic,
        "competitor": sighting.competitor,
        "competitor_key": same_name(sighting.competitor),
        "sector": sighting.sector,
        "sector_key": same_name(sighting.sector),
        "live": 0,
        "practice": 0,
        "first_seen": sighting.at,
        "last_seen": sighting.at,
        "examples": [],
    }


def _gap_from(row: RowMapping) -> Gap:
    return Gap(
        id=row["id"],
        lack=Lack(row["lack"]),
        objection=row["objection"],
        topic=row["topic"],
        competitor=row["competitor"],
        sector=row["sector"],
        live=row["live"],
        practice=row["practice"],
        first_seen=row["first_seen"],
        last_seen=row["last_seen"],
        examples=tuple(map(_example_from, row["examples"])),
    )


def _example_from(raw: dict[str, str]) -> Example:
    return Example(raw["words"], Met(raw["met"]))
