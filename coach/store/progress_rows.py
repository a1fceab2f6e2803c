"""What progress reads of sessions: slim rows of all, and the verdicts of those that changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, RowMapping, select

from coach.assessment import Verdict
from coach.progress.practised import JudgedCheck, JudgedTurn, Practised
from coach.scenario import Difficulty
from coach.session import Caller, Speaker, Status
from coach.store.engine import transaction
from coach.store.own_sessions import belongs, sees
from coach.store.tables import sessions, turns

AT_ONCE = 500  # ids in one query: a database takes so many parameters and no more


class ProgressRows:
    """The part of the ``Store`` port that progress asks."""

    reads: Engine
    writes: Engine

    def practised(
        self, caller: Caller, since: datetime | None = None, *, team: bool = False
    ) -> list[Practised]:
        """Newest first."""
        query = (
            select(
                sessions.c.id,
                sessions.c.owner,
                sessions.c.scenario,
                sessions.c.scenario_version,
                sessions.c.scenario_fingerprint,
                sessions.c.persona,
                sessions.c.difficulty,
                sessions.c.seed,
                sessions.c.status,
                sessions.c.created_at,
                sessions.c.turn_count,
            )
            .where(_whose(caller, team))
            .order_by(sessions.c.created_at.desc(), sessions.c.id.desc())
        )
        if since is not None:
            query = query.where(sessions.c.created_at >= since)
        with transaction(self.reads, caller.tenant) as connection:
            return [_practised(caller.tenant, row) for row in connection.execute(query).mappings()]

    def judged(
        self, caller: Caller, session_ids: Sequence[str], *, team: bool = False
    ) -> dict[str, tuple[JudgedTurn, ...]]:
        """The scored turns of these sessions, in order; nothing for what isn't the caller's."""
        found: dict[str, list[JudgedTurn]] = {}
        with transaction(self.reads, caller.tenant) as connection:
            for start in range(0, len(session_ids), AT_ONCE):
                query = (
                    select(turns.c.session_id, turns.c["index"], turns.c.at, turns.c.assessment)
                    .join(sessions, sessions.c.id == turns.c.session_id)
                    .where(
                        _whose(caller, team),
                        turns.c.session_id.in_(session_ids[start : start + AT_ONCE]),
                        turns.c.speaker == Speaker.SELLER.value,
                        turns.c["index"] < sessions.c.turn_count,
                    )
                    .order_by(turns.c.session_id, turns.c["index"])
                )
                for row in connection.execute(query).mappings():
                    if (row["assessment"] or {}).get("scored"):
                        found.setdefault(row["session_id"], []).append(_judged(row))
        return {session_id: tuple(listed) for session_id, listed in found.items()}


def _whose(caller: Caller, team: bool) -> ColumnElement[bool]:
    return sees(caller) if team else belongs(caller)


def _practised(tenant: str, row: RowMapping) -> Practised:
    return Practised(
        id=row["id"],
        owner=Caller(row["owner"], tenant),
        scenario=row["scenario"],
        scenario_version=row["scenario_version"],
        scenario_fingerprint=row["scenario_fingerprint"],
        persona=row["persona"],
        difficulty=Difficulty(row["difficulty"]),
        seed=row["seed"],
        status=Status(row["status"]),
        created_at=row["created_at"],
        turn_count=row["turn_count"],
    )


def _judged(row: RowMapping) -> JudgedTurn:
    checks = tuple(_check(raw) for raw in row["assessment"]["checks"])
    return JudgedTurn(row["index"], row["at"], checks)


def _check(raw: Mapping[str, Any]) -> JudgedCheck:
    """The oldest lack ``excused``."""
    verdict, excused = Verdict(raw["verdict"]), bool(raw.get("excused"))
    return JudgedCheck(raw["id"], raw["question"], verdict, raw["quote"], excused)
