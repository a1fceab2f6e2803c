"""Jobs in the database: whoever claims one holds it until its lease ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    RowMapping,
    and_,
    delete,
    insert,
    literal,
    select,
    tuple_,
    update,
)

from coach.errors import BadInput, NotFound
from coach.jobs.job import KILLED, MOST_ATTEMPTS, Job, Key, Record, State
from coach.session import Caller
from coach.store.cursor import cursor_after, read_cursor
from coach.store.engine import Reach, queue_up, transaction
from coach.store.tables import idempotency, job_files, jobs

KEYS_LAST = timedelta(days=1)
REUSED = (
    "this Idempotency-Key was sent before with something else; "
    "send a new key for a new request, or the first one unchanged"
)


class SqlJobs:
    """The ``Jobs`` port; shares the engines of the store."""

    def __init__(self, reads: Engine, writes: Engine) -> None:
        self._reads, self._writes = reads, writes

    def add(self, job: Job, files: Sequence[Iterable[bytes]] = (), key: Key | None = None) -> Job:
        """Stores the job with the pieces of its files; what an earlier ``key`` made instead."""
        with transaction(self._writes, job.owner.tenant) as connection:
            if key and (made := _made_before(connection, job, key)):
                return made
            connection.execute(insert(jobs), record_of(job))
            for number, pieces in enumerate(files):
                for piece, content in enumerate(pieces):
                    row = {"job_id": job.id, "file": number, "piece": piece, "content": content}
                    connection.execute(insert(job_files), row)
        return job

    def load(self, caller: Caller, kind: str, job_id: str) -> Job:
        query = select(jobs).where(_belongs(caller), jobs.c.kind == kind, jobs.c.id == job_id)
        with transaction(self._reads, caller.tenant) as connection:
            row = connection.execute(query).mappings().one_or_none()
        if row is None:
            raise NotFound(f"there is no {kind} {job_id[:60]!r}")
        return _job(row)

    def listing(
        self, caller: Caller, kind: str, limit: int, cursor: str | None
    ) -> tuple[list[Job], str | None]:
        newest = (jobs.c.created_at.desc(), jobs.c.id.desc())
        query = select(jobs).where(_belongs(caller), jobs.c.kind == kind).order_by(*newest)
        if cursor is not None:
            created_at, job_id = read_cursor(cursor)
            place = tuple_(literal(created_at, jobs.c.created_at.type), literal(job_id))
            query = query.where(tuple_(jobs.c.created_at, jobs.c.id) < place)
        with transaction(self._reads, caller.tenant) as connection:
            rows = connection.execute(query.limit(limit + 1)).mappings().all()
        page = [_job(row) for row in rows[:limit]]
        more = len(rows) > limit
        return page, cursor_after(page[-1].created_at, page[-1].id) if more and page else None

    def content(self, job_id: str, number: int) -> bytes:
        query = (
            select(job_files.c.content)
            .where(job_files.c.job_id == job_id, job_files.c.file == number)
            .order_by(job_files.c.piece)
        )
        with transaction(self._reads, Reach.EVERY_TENANT) as connection:
            return b"".join(connection.scalars(query))

    # What workers do

    def claim(
        self, kinds: Sequence[str], worker: str, now: datetime, lease: timedelta
    ) -> Job | None:
        """The job that is longest due, now leased to ``worker``; None when there is none."""
        due = select(jobs.c.id).where(jobs.c.kind.in_(kinds), jobs.c.due_at <= now)
        # A look costs no writer its turn.
        with transaction(self._reads, Reach.EVERY_TENANT) as connection:
            if connection.scalar(due.limit(1)) is None:
                return None
        with transaction(self._writes, Reach.EVERY_TENANT) as connection:
            _end_all(connection, due.where(jobs.c.attempts >= MOST_ATTEMPTS), now)
            # PostgreSQL's workers skip what another is claiming; SQLite has one writer at a time.
            first = due.order_by(jobs.c.due_at, jobs.c.id).limit(1)
            claimed = (
                update(jobs)
                .where(jobs.c.id == first.with_for_update(skip_locked=True).scalar_subquery())
                .values(
                    state=State.RUNNING.value,
                    reason="",
                    worker=worker,
                    due_at=now + lease,
                    attempts=jobs.c.attempts + 1,
                )
                .returning(*jobs.c)
            )
            row = connection.execute(claimed).mappings().one_or_none()
        return None if row is None else _job(row)

    def renew(self, job_id: str, worker: str, until: datetime, progress: Record) -> bool:
        """False when the job is no longer ``worker``'s."""
        return self._held(job_id, worker, {"due_at": until, "progress": dict(progress)})

    def finish(self, job_id: str, worker: str, now: datetime, result: Record) -> bool:
        """Keeps the result and forgets the files; False when the job is no longer ``worker``'s."""
        return self._end(job_id, worker, State.DONE, now, result=dict(result))

    def fail(self, job_id: str, worker: str, now: datetime, reason: str) -> bool:
        return self._end(job_id, worker, State.FAILED, now, reason=reason)

    def put_back(
        self, job_id: str, worker: str, due: datetime, progress: Record, reason: str = ""
    ) -> bool:
        """For another try from ``due`` on; this one isn't counted."""
        values = {**_free(due), "progress": dict(progress), "reason": reason}
        return self._held(job_id, worker, {**values, "attempts": jobs.c.attempts - 1})

    def retry(self, job_id: str, worker: str, now: datetime) -> bool:
        """For another try, and this one counts."""
        return self._held(job_id, worker, _free(now))

    def _end(self, job_id: str, worker: str, state: State, now: datetime, **values: object) -> bool:
        gone = {"state": state.value, "worker": None, "due_at": None, "finished_at": now}
        with transaction(self._writes, Reach.EVERY_TENANT) as connection:
            held = _update(connection, job_id, worker, {**gone, **values})
            if held:
                connection.execute(delete(job_files).where(job_files.c.job_id == job_id))
        return held

    def _held(self, job_id: str, worker: str, values: dict[str, Any]) -> bool:
        with transaction(self._writes, Reach.EVERY_TENANT) as connection:
            return _update(connection, job_id, worker, values)


def _free(due: datetime) -> dict[str, Any]:
    return {"state": State.WAITING.value, "worker": None, "due_at": due}


def _update(connection: Connection, job_id: str, worker: str, values: dict[str, Any]) -> bool:
    mine = update(jobs).where(jobs.c.id == job_id, jobs.c.worker == worker)
    return bool(connection.execute(mine.values(values)).rowcount)


def _end_all(connection: Connection, killers: Any, now: datetime) -> None:
    """Fails the jobs that were begun too often and never ended."""
    for job_id in connection.scalars(killers).all():
        ended = {"state": State.FAILED.value, "reason": KILLED, "finished_at": now}
        connection.execute(
            update(jobs).where(jobs.c.id == job_id).values(**ended, worker=None, due_at=None)
        )
        connection.execute(delete(job_files).where(job_files.c.job_id == job_id))


def _made_before(connection: Connection, job: Job, key: Key) -> Job | None:
    """The job that ``key`` made; notes the key for this one when there is none."""
    owner = {"tenant": job.owner.tenant, "owner": job.owner.user, "key": key.text}
    queue_up(connection, "key", *owner.values())
    old = idempotency.c.created_at < job.created_at - KEYS_LAST
    connection.execute(delete(idempotency).where(old))
    found = connection.execute(select(idempotency).filter_by(**owner)).mappings().one_or_none()
    if found is None:
        row = {**owner, "digest": key.digest, "made": job.id, "created_at": job.created_at}
        connection.execute(insert(idempotency), row)
        return None
    if found["digest"] != key.digest:
        raise BadInput(REUSED)
    made = connection.execute(select(jobs).where(jobs.c.id == found["made"])).mappings().one()
    return _job(made)


def _belongs(caller: Caller) -> Any:
    return and_(jobs.c.tenant == caller.tenant, jobs.c.owner == caller.user)


def record_of(job: Job) -> dict[str, Any]:
    return {
        "id": job.id,
        "tenant": job.owner.tenant,
        "owner": job.owner.user,
        "kind": job.kind,
        "state": job.state.value,
        "request": dict(job.request),
        "progress": dict(job.progress),
        "result": job.result and dict(job.result),
        "reason": job.reason,
        "attempts": job.attempts,
        "due_at": job.created_at,
        "created_at": job.created_at,
        "finished_at": job.finished_at,
    }


def _job(row: RowMapping) -> Job:
    return Job(
        id=row["id"],
        owner=Caller(user=row["owner"], tenant=row["tenant"]),
        kind=row["kind"],
        request=row["request"],
        created_at=row["created_at"],
        state=State(row["state"]),
        progress=row["progress"],
        result=row["result"],
        reason=row["reason"],
        attempts=row["attempts"],
        finished_at=row["finished_at"],
    )
