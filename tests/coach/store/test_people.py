"""What is known of a person is told whole, and forgotten without a trace, on either database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from coach.answers.answer import SharedAnswer, Standing
from coach.assessment import Verdict
from coach.diagnosis.closeness import Closeness
from coach.exports.webhook import Webhook
from coach.gaps import Example, Met, Sighting
from coach.jobs import Background, Job, Key
from coach.keeping.keeper import KIND, Keeper
from coach.overruling import Overruling
from coach.session import Caller, Guess, HintUse, Status
from coach.store import SqlStore
from coach.store.copying import all_rows
from coach.store.every_table import metadata
from coach.store.people import NOBODYS, SIGNED, owner_column
from coach.suggestion import Lack
from tests.coach.store.samples import START, exchange_at, new_session
from tests.fakes import FixedClock
from tests.postgres import emptied_store
from tests.sqlite import fresh_store

ZOE, BEN = Caller("zoe.quill@acme.example", "north"), Caller("ben", "north")
WORDS = "zanzibar"  # in everything that she wrote


@pytest.fixture(params=[fresh_store, lambda _: emptied_store()], ids=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStore]:
    make: Callable[[Path], SqlStore] = request.param
    store = make(tmp_path)
    for who, words, name in ((ZOE, WORDS, "z"), (BEN, "plain words", "b")):
        practised(store, who, words, name)
    store.overrule(BEN, Overruling("b", 1, "asks", Verdict.NO, Verdict.YES, WORDS, ZOE.user, START))
    yield store
    store.close()


def practised(store: SqlStore, who: Caller, words: str, name: str) -> None:
    """Something in every place where a person's words can be."""
    opening = new_session().turns[0]
    store.create(new_session(id=name, owner=who, turns=(replace(opening, text=f"{words}?"),)))
    store.hooks.add(who.tenant, Webhook(f"hook {name}", "http://x.example", "whsec_x", START))
    store.append(who, name, exchange_at(1, Status.WON, text=f"I said {words}"))
    store.add_hint(who, name, HintUse(0, 3, f"Say {words}.", (words,)))
    store.add_guess(who, name, Guess(0, f"They fear {words}", Closeness.CLOSE, ""), 3)
    store.finish(who, name, Status.ENDED, {"score": 1, "strengths": [words]})
    store.take_key(who, Key(f"k{name}", "d"), START, timedelta(minutes=1))
    store.keep_answer(who, Key(f"k{name}", "d"), {"body": words})
    job = Job(f"job {name}", who, "import", {"files": [words]}, START)
    store.jobs.add(job, [[words.encode()]])
    example = Example("Never heard of you.", Met.PRACTICE)
    sighting = Sighting(Lack.REFERENCE, "trust_unknown", example, START, occasion=name)
    store.count_gaps(who.tenant, [sighting])
    texts = dict.fromkeys(("scenario", "kind", "objection", "said", "wording", "note"), words)
    rest = {"status": Standing.OFFERED, "reason": "", "decided_by": "", "warnings": ()}
    when: dict[str, Any] = {"created_at": START, "decided_at": None}
    store.answers.add(
        who.tenant,
        SharedAnswer(f"a {name}", who.user, who.user, name, 1, **texts, **rest, **when),
    )


def everything(store: SqlStore) -> str:
    with all_rows(store) as tables:
        return "\n".join(f"{name} {row}" for name, rows in tables for row in rows)


def test_every_table_is_somebodys_or_nobodys() -> None:
    """A new table must say whose its rows are; one that hangs on another is its owner's."""
    for table in metadata.sorted_tables:
        above = [key.column.table for key in table.foreign_keys if key.ondelete == "CASCADE"]
        known = [owner_column(one) for one in (table, *above)]
        assert any(known) or table.name in {*NOBODYS, *SIGNED}, table.name


def test_a_person_reads_all_that_is_known(store: SqlStore) -> None:
    """Their own rows with all that hangs on them, where they signed, and nobody else's."""
    found = store.people.everything("north", ZOE.user)
    owned = {"sessions", "turns", "hints", "guesses", "jobs", "job_files", "idempotency"}
    assert owned | {"answers", "overrulings"} <= set(found)
    assert "plain words" not in str({**found, "overrulings": []})
    assert [row["session_id"] for row in found["overrulings"]] == ["b"]
    assert [row["text"] for row in found["turns"]][1] == f"I said {WORDS}"
    assert store.people.everything("south", ZOE.user) == {}


def test_a_person_is_forgotten(store: SqlStore) -> None:
    """Neither their words nor their name is anywhere; others keep everything but the name."""
    before = everything(store)
    assert WORDS in before
    counts = store.people.forget("north", ZOE.user)
    assert counts["sessions"] == 1
    left = everything(store)
    assert WORDS not in left
    assert ZOE.user not in left
    assert "'z'" not in left
    (ruling,) = store.overrulings(BEN)
    assert (ruling.verdict, ruling.author, ruling.reason) == (Verdict.NO, "(forgotten)", "")
    assert store.load(BEN, "b").turns[1].text == "I said plain words"
    assert store.people.everything("north", ZOE.user) == {}


def test_nothing_is_left_in_the_files(tmp_path: Path) -> None:
    """Neither in SQLite's file nor in the logs beside it."""
    store = fresh_store(tmp_path)
    practised(store, ZOE, WORDS, "z")
    assert WORDS.encode() in b"".join(one.read_bytes() for one in tmp_path.iterdir())
    store.people.forget("north", ZOE.user)
    raw = b"".join(one.read_bytes() for one in tmp_path.iterdir())
    assert WORDS.encode() not in raw
    assert ZOE.user.encode() not in raw
    store.close()


def test_what_is_old_goes(store: SqlStore) -> None:
    """The same is counted before as is deleted after; what is younger stays."""
    young = new_session(created_at=START + timedelta(days=40), owner=BEN)
    store.create(young)
    limit = START + timedelta(days=30)
    counts = store.people.older(limit)
    assert (counts["sessions"], counts["idempotency"]) == (2, 2)
    assert store.people.older(limit) == counts
    assert store.people.clear(limit) == counts
    assert store.people.older(limit) == {}
    assert [one.id for one in store.sessions(BEN, 10, None)[0]] == [young.id]
    assert store.load(BEN, young.id) == young


async def cleared(store: SqlStore, days: int, clock: FixedClock) -> Job:
    processes = [Background(store.jobs, clock) for _ in range(2)]
    for one in processes:
        Keeper(store.people, days, clock).start(one)
        one.start()
    while not (job := store.jobs.load(Caller("nobody", "local"), KIND, KIND)).reason:  # noqa: ASYNC110  # the worker tells nobody but the database
        await asyncio.sleep(0.05)
    for one in processes:
        await one.close()
    return job


def test_the_keeper_clears_once_a_day(store: SqlStore) -> None:
    """Of two processes one does it, and it is due again tomorrow."""
    clock = FixedClock(START + timedelta(days=31))
    job = asyncio.run(cleared(store, 30, clock))
    assert job.reason.startswith("deleted 2 old sessions")
    assert store.sessions(BEN, 10, None)[0] == []
    tomorrow = clock() + timedelta(hours=25)
    assert store.jobs.claim([KIND], "w", clock(), timedelta(seconds=1)) is None
    assert store.jobs.claim([KIND], "w", tomorrow, timedelta(seconds=1))
