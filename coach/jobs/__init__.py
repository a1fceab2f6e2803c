"""Work that outlives a request: kept in the database, done in the background, taken up again.

A job is claimed with a lease. Its worker renews the lease while it works; when the worker is
killed the lease runs out and another takes the job, from its start. So a handler must come to the
same end when it is run again.

``job`` says what a job is, ``run`` what its handler sees of it, ``worker`` takes jobs one after
the other, and ``background`` has the verbs: who has work of a kind says ``handle`` once, and
``enqueue`` as often as there is some.
"""

from coach.jobs.background import Background
from coach.jobs.job import Job, Key, Record, State, id_of
from coach.jobs.run import Handler, Run, Stopped, TryAgain
from coach.jobs.worker import Worker

__all__ = [
    "Background",
    "Handler",
    "Job",
    "Key",
    "Record",
    "Run",
    "State",
    "Stopped",
    "TryAgain",
    "Worker",
    "id_of",
]
