"""Shared answers in a relational database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, RowMapping, and_, insert, literal, select, tuple_, update

from coach.answers.answer import SharedAnswer, Standing
from coach.errors import Conflict, NotFound
from coach.store.cursor import cursor_after, read_cursor
from coach.store.engine import transaction
from coach.store.team_tables import answers


class SqlAnswers:
    """The ``AnswerStore`` port; shares the engines of the store."""

    def __init__(self, reads: Engine, writes: Engine) -> None:
        self._reads, self._writes = reads, writes

    def add(self, tenant: str, answer: SharedAnswer) -> None:
        with transaction(self._writes, tenant) as connection:
            connection.execute(insert(answers), _record(tenant, answer))

    def of_turn(self, tenant: str, session: str, turn: int) -> SharedAnswer | None:
        query = select(answers).filter_by(tenant=tenant, session=session, turn=turn)
        with transaction(self._reads, tenant) as connection:
            row = connection.execute(query).mappings().one_or_none()
        return None if row is None else _answer_from(row)

    def load(self, tenant: str, answer_id: str) -> SharedAnswer:
        query = select(answers).filter_by(tenant=tenant, id=answer_id)
        with transaction(self._reads, tenant) as connection:
            row = connection.execute(query).mappings().one_or_none()
        if row is None:
            raise NotFound(f"there is no answer {answer_id[:60]!r}")
        return _answer_from(row)

    def of(
        self,
        tenant: str,
        status: Standing | None,
        author: str | None,
        limit: int,
        after: str | None,
    ) -> tuple[list[SharedAnswer], str | None]:
        query = select(answers).filter_by(tenant=tenant)
        if status is not None:
            query = query.filter_by(status=status.value)
        if author is not None:
            query = query.filter_by(author=author)
        if after is not None:
            created_at, answer_id = read_cursor(after)
            place = tuple_(literal(created_at, answers.c.created_at.type), literal(answer_id))
            query = query.where(tuple_(answers.c.created_at, answers.c.id) < place)
        query = query.order_by(answers.c.created_at.desc(), answers.c.id.desc()).limit(limit + 1)
        with transaction(self._reads, tenant) as connection:
            rows = connection.execute(query).mappings().all()
        page = [_answer_from(row) for row in rows[:limit]]
        more = len(rows) > limit
        return page, cursor_after(page[-1].created_at, page[-1].id) if more and page else None

    def approved(self, tenant: str) -> list[SharedAnswer]:
        query = select(answers).filter_by(tenant=tenant, status=Standing.APPROVED.value)
        with transaction(self._reads, tenant) as connection:
            ordered = query.order_by(answers.c.created_at, answers.c.id)
            return [_answer_from(row) for row in connection.execute(ordered).mappings()]

    def change(self, tenant: str, answer: SharedAnswer, before: Standing) -> None:
        this = and_(
            answers.c.tenant == tenant,
            answers.c.id == answer.id,
            answers.c.status == before.value,
        )
        with transaction(self._writes, tenant) as connection:
            changed = update(answers).where(this).values(_record(tenant, answer))
            if connection.execute(changed).rowcount == 0:
                raise Conflict("this answer was decided on meanwhile; read it again")


def _record(tenant: str, answer: SharedAnswer) -> dict[str, Any]:
    fields = {name: getattr(answer, name) for name in SharedAnswer.__dataclass_fields__}
    return {
        **fields,
        "tenant": tenant,
        "status": answer.status.value,
        "warnings": list(answer.warnings),
    }


def _answer_from(row: RowMapping) -> SharedAnswer:
    fields: dict[str, Any] = {name: row[name] for name in SharedAnswer.__dataclass_fields__}
    warnings = tuple(row["warnings"])
    return SharedAnswer(**{**fields, "status": Standing(row["status"]), "warnings": warnings})
