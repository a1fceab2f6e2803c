"""What every ``Jobs`` does, whatever it is made of. A new implementation joins ``STORES``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from coach.errors import BadInput, NotFound
from coach.jobs.job import MOST_ATTEMPTS, Job, Key, State
from coach.ports import Jobs
from coach.session import Caller
from tests.coach.store.samples import ANNA, START
from tests.fakes import MemoryJobs
from tests.postgres import emptied_store
from tests.sqlite import fresh_store

LEASE = timedelta(seconds=30)
SECOND = timedelta(seconds=1)


def sqlite_file(folder: Path) -> Iterator[Jobs]:
    store = fresh_store(folder)
    yield store.jobs
    store.close()


def postgres(_folder: Path) -> Iterator[Jobs]:
    yield emptied_store().jobs


def memory(_folder: Path) -> Iterator[Jobs]:
    yield MemoryJobs()


STORES: list[Callable[[Path], Iterator[Jobs]]] = [sqlite_file, postgres, memory]


@pytest.fixture(params=STORES, ids=lambda make: make.__name__)
def jobs(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Jobs]:
    yield from request.param(tmp_path)


def added(jobs: Jobs, name: str = "j", **changes: object) -> Job:
    job = Job(name, ANNA, "import", {"files": []}, START)
    return jobs.add(replace(job, **changes), [[b"a", b"b"], []])  # type: ignore[arg-type]


def claimed(jobs: Jobs, worker: str = "w", now: int = 0) -> Job | None:
    return jobs.claim(["import"], worker, START + now * SECOND, LEASE)


class TestKeeping:
    def test_a_job_is_its_owners(self, jobs: Jobs) -> None:
        """It comes back as it was stored; for anybody else, or as another kind, it isn't there."""
        job = added(jobs)
        assert jobs.load(ANNA, "import", "j") == job
        strangers = (Caller("ben", "north"), Caller("anna", "south"))
        for caller, kind in [*((one, "import") for one in strangers), (ANNA, "debrief")]:
            with pytest.raises(NotFound):
                jobs.load(caller, kind, "j")

    def test_files_come_back_whole(self, jobs: Jobs) -> None:
        """In the order of their pieces; an empty file is empty."""
        added(jobs)
        assert (jobs.content("j", 0), jobs.content("j", 1)) == (b"ab", b"")

    def test_a_file_that_breaks_off_leaves_nothing(self, jobs: Jobs) -> None:
        """A job is stored with all its files or not at all."""

        def broken() -> Iterator[bytes]:
            yield b"a"
            raise OSError("the upload broke off")

        with pytest.raises(OSError, match="broke off"):
            jobs.add(Job("j", ANNA, "import", {}, START), [broken()], Key("k", "d"))
        with pytest.raises(NotFound):
            jobs.load(ANNA, "import", "j")
        assert added(jobs).id == "j"

    def test_pages_are_newest_first(self, jobs: Jobs) -> None:
        """Every job once, whatever the size of a page."""
        for number in range(5):
            added(jobs, f"j{number}", created_at=START + number * SECOND)
        added(jobs, "other", kind="debrief")
        seen, cursor = [], None
        while True:
            page, cursor = jobs.listing(ANNA, "import", 2, cursor)
            seen += [job.id for job in page]
            if cursor is None:
                break
        assert seen == ["j4", "j3", "j2", "j1", "j0"]


class TestKeys:
    def test_the_same_again_is_the_first(self, jobs: Jobs) -> None:
        """A key that was used returns the job it made, also when that has ended."""
        first = jobs.add(Job("one", ANNA, "import", {}, START), [], Key("k", "d"))
        claimed(jobs)
        jobs.finish("one", "w", START, {"done": 1})
        again = jobs.add(Job("two", ANNA, "import", {}, START), [], Key("k", "d"))
        assert (first.id, again.id, again.state) == ("one", "one", State.DONE)
        assert len(jobs.listing(ANNA, "import", 9, None)[0]) == 1

    def test_another_thing_under_the_same_key_is_refused(self, jobs: Jobs) -> None:
        """The message says what to do; another caller's keys are another's."""
        jobs.add(Job("one", ANNA, "import", {}, START), [], Key("k", "d"))
        with pytest.raises(BadInput, match="send a new key"):
            jobs.add(Job("two", ANNA, "import", {}, START), [], Key("k", "e"))
        ben = Caller("ben", "north")
        assert jobs.add(Job("three", ben, "import", {}, START), [], Key("k", "e")).id == "three"

    def test_a_key_lasts_a_day(self, jobs: Jobs) -> None:
        """After that it may be used for something else."""
        jobs.add(Job("one", ANNA, "import", {}, START), [], Key("k", "d"))
        later = START + timedelta(hours=25)
        assert jobs.add(Job("two", ANNA, "import", {}, later), [], Key("k", "e")).id == "two"

    def test_at_once(self, jobs: Jobs) -> None:
        """Of many requests with one key that come together, one makes the job."""

        def send(number: int) -> str:
            return jobs.add(Job(f"j{number}", ANNA, "import", {}, START), [], Key("k", "d")).id

        with ThreadPoolExecutor(8) as threads:
            assert len(set(threads.map(send, range(8)))) == 1


class TestWorkers:
    def test_the_oldest_first(self, jobs: Jobs) -> None:
        """A claimed job runs, and counts one attempt; other kinds are left alone."""
        added(jobs, "late", created_at=START + SECOND)
        added(jobs, "early")
        added(jobs, "other", kind="debrief")
        first = claimed(jobs, now=5)
        assert first
        assert (first.id, first.state, first.attempts) == ("early", State.RUNNING, 1)
        second = claimed(jobs, now=5)
        assert second
        assert second.id == "late"
        assert claimed(jobs, now=5) is None

    def test_two_workers_never_get_the_same(self, jobs: Jobs) -> None:
        """Of 40 jobs that 8 threads claim at once, each goes to one of them."""
        for number in range(40):
            added(jobs, f"j{number}")

        def take(worker: int) -> list[str]:
            found = []
            while job := claimed(jobs, f"w{worker}"):
                found.append(job.id)
            return found

        with ThreadPoolExecutor(8) as threads:
            taken = [job for found in threads.map(take, range(8)) for job in found]
        assert sorted(taken) == sorted(f"j{number}" for number in range(40))

    def test_a_lease_runs_out(self, jobs: Jobs) -> None:
        """Not a second early; then another takes the job, and the first can't end it any more."""
        added(jobs)
        assert claimed(jobs, "killed")
        assert claimed(jobs, "next", now=29) is None
        taken = claimed(jobs, "next", now=30)
        assert taken
        assert taken.attempts == 2
        assert not jobs.renew("j", "killed", START, {"done": 9})
        assert not jobs.finish("j", "killed", START, {})
        assert not jobs.fail("j", "killed", START, "no")
        assert not jobs.put_back("j", "killed", START, {})
        assert not jobs.retry("j", "killed", START)
        assert jobs.load(ANNA, "import", "j") == taken
        assert jobs.content("j", 0) == b"ab"

    def test_a_lease_is_renewed(self, jobs: Jobs) -> None:
        """With how far the work is."""
        added(jobs)
        claimed(jobs)
        assert jobs.renew("j", "w", START + 50 * SECOND, {"done": 3})
        assert claimed(jobs, "next", now=49) is None
        assert jobs.load(ANNA, "import", "j").progress == {"done": 3}

    def test_the_end(self, jobs: Jobs) -> None:
        """The result stays, the files go, and nobody takes it again."""
        added(jobs)
        claimed(jobs)
        assert jobs.finish("j", "w", START + SECOND, {"done": 3})
        ended = jobs.load(ANNA, "import", "j")
        assert (ended.state, ended.result) == (State.DONE, {"done": 3})
        assert ended.finished_at == START + SECOND
        assert jobs.content("j", 0) == b""
        assert claimed(jobs, now=9_999) is None

    def test_a_failure(self, jobs: Jobs) -> None:
        """It says why, and the files go too."""
        added(jobs)
        claimed(jobs)
        assert jobs.fail("j", "w", START, "no such column")
        ended = jobs.load(ANNA, "import", "j")
        assert (ended.state, ended.reason) == (State.FAILED, "no such column")
        assert jobs.content("j", 0) == b""

    def test_put_back(self, jobs: Jobs) -> None:
        """It waits until it is due, with a reason, and the attempt doesn't count."""
        added(jobs)
        claimed(jobs)
        assert jobs.put_back("j", "w", START + 10 * SECOND, {"done": 2}, "the index is away")
        waiting = jobs.load(ANNA, "import", "j")
        assert (waiting.state, waiting.reason) == (State.WAITING, "the index is away")
        assert (waiting.attempts, waiting.progress) == (0, {"done": 2})
        assert claimed(jobs, now=9) is None
        again = claimed(jobs, now=10)
        assert again
        assert again.reason == ""

    @pytest.mark.parametrize("how", ["killed", "broke"])
    def test_what_kills_its_worker_is_given_up(self, jobs: Jobs, how: str) -> None:
        """After three attempts that never came to an end it fails with a reason, files gone."""
        added(jobs)
        for attempt in range(MOST_ATTEMPTS):
            assert claimed(jobs, f"w{attempt}", now=100 * attempt)
            if how == "broke":
                assert jobs.retry("j", f"w{attempt}", START)
        added(jobs, "next")
        other = claimed(jobs, now=1_000)
        assert other
        assert other.id == "next"
        ended = jobs.load(ANNA, "import", "j")
        assert ended.state is State.FAILED
        assert "tried 3 times" in ended.reason
        assert jobs.content("j", 0) == b""
        assert claimed(jobs, now=1_001) is None
