"""What is to be done once a session has ended, noted in the transaction that ends it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert

from coach.jobs.job import Job, id_of
from coach.jobs.kinds import DEBRIEF
from coach.session import Caller
from coach.store.jobs import record_of
from coach.store.tables import jobs


def debrief_later(connection: Connection, caller: Caller, session_id: str, at: datetime) -> None:
    """The session ends once, so there is one such job."""
    job = Job(
        id_of(caller.tenant, DEBRIEF, session_id), caller, DEBRIEF, {"session": session_id}, at
    )
    connection.execute(insert(jobs), record_of(job))
