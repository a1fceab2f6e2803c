"""A process may be killed at any moment: what it said was stored is there, once, and whole."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from coach.store import open_store
from coach.store.engine import transaction
from tests.coach.store.samples import ANNA, new_session
from tests.postgres import own_database

ROUNDS = 50

#: For each line, a number of seconds, starts a process that appends one exchange after the other
#: and says so after each, and kills it after that time.
KILLER = """
import os, signal, sys, time
sys.path.insert(0, sys.argv[3])
from coach.store import open_store
from tests.coach.store.samples import ANNA, exchange_at

def practise(url, session):
    store = open_store(url)
    index = store.load(ANNA, session, last=0).turn_count
    while True:
        store.append(ANNA, session, exchange_at(index, text=f"I said {index}"))
        os.write(1, b"%d\\n" % index)  # in one piece, or not at all
        index += 2

warm = open_store(sys.argv[1])
warm.load(ANNA, sys.argv[2])
warm.close()
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        practise(*sys.argv[1:3])
    time.sleep(float(line))
    os.kill(child, signal.SIGKILL)
    os.write(1, b"killed\\n" if os.waitpid(child, 0)[1] == signal.SIGKILL else b"failed\\n")
"""


class Killer:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def acknowledged(self, seconds: float) -> list[int]:
        """The indexes that a process acknowledged before it was killed."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{seconds}\n")
        self._process.stdin.flush()
        lines = iter(self._process.stdout.readline, "killed\n")
        return [int(line) for line in lines]


def sqlite_file(folder: Path) -> str:
    return f"sqlite:///{folder / 'coach.db'}"


def postgres(_folder: Path) -> str:
    return own_database()


@pytest.fixture(params=[sqlite_file, postgres], ids=lambda make: make.__name__)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    made: str = request.param(tmp_path)
    return made


@pytest.fixture
def session_id(url: str) -> str:
    store, session = open_store(url), new_session()
    store.create(session)
    store.close()
    return session.id


@pytest.fixture
def killer(url: str, session_id: str) -> Iterator[Killer]:
    root = str(Path(__file__).parents[3])
    with subprocess.Popen(
        [sys.executable, "-c", KILLER, url, session_id, root],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Killer(process)


@pytest.mark.slow
def test_killed_at_any_moment(url: str, session_id: str, killer: Killer) -> None:
    """After each of 50 kills every acknowledged turn is there once, and no half exchange."""
    chance = random.Random()
    acknowledged: list[int] = []
    for _ in range(ROUNDS):
        acknowledged += killer.acknowledged(chance.uniform(0.02, 0.25))
        store = open_store(url)
        loaded = store.load(ANNA, session_id)
        with transaction(store.reads, ANNA.tenant) as connection:
            stored = connection.exec_driver_sql("SELECT count(*) FROM turns").scalar_one()
            if url.startswith("sqlite"):
                assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        store.close()
        assert stored == loaded.turn_count
        assert stored % 2 == 1
        assert [turn.index for turn in loaded.turns] == list(range(loaded.turn_count))
        assert all(loaded.turns[i].text == f"I said {i}" for i in acknowledged)
        assert loaded.state == loaded.turns[-1].state
    assert len(acknowledged) == len(set(acknowledged)) > ROUNDS
