"""What progress costs as a history grows. Run: pytest -m bench -s tests/bench/test_progress.py"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from statistics import median

import pytest

from coach.assessment import Assessment, Check, Verdict
from coach.authoring.shelf import Shelf
from coach.progress.book import ProgressBook
from coach.scenario_book import load_scenarios
from coach.session import Session, Speaker, Status, Turn
from coach.store import open_store
from tests.coach.store.samples import ANNA, ASSESSMENT, SELLER_TEXT, START, STATE, new_session
from tests.fakes import FixedClock

pytestmark = [pytest.mark.bench, pytest.mark.timeout(240)]

BOOK = load_scenarios()
REPLIES = 6
FEW, MANY = 100, 1_000
VERDICTS = list(Verdict)


def sessions(count: int) -> Iterator[Session]:
    """One every few hours, over all scenarios, each with its checks judged at random."""
    chance = Random(7)
    for number in range(count):
        scenario = chance.choice(BOOK.all())
        at = START + timedelta(hours=5 * number)
        turns = [new_session().turns[0]]
        for index in range(1, 2 * REPLIES, 2):
            checks = tuple(
                Check(item.id, item.question, chance.choice(VERDICTS), "ask", (25, 28), "It asks.")
                for item in scenario.checks
            )
            said = at + timedelta(minutes=index)
            judged: Assessment = replace(ASSESSMENT, checks=checks)
            turns.append(Turn(index, Speaker.SELLER, SELLER_TEXT, said, assessment=judged))
            turns.append(Turn(index + 1, Speaker.BUYER, "Hm.", said, act="press", state=STATE))
        yield new_session(
            scenario=scenario.id,
            scenario_version=scenario.version,
            status=Status.ENDED,
            created_at=at,
            turns=tuple(turns),
            turn_count=len(turns),
        )


def seconds(count: int, folder: Path) -> tuple[float, float, float]:
    """The first question of a process, one after that, and one after a session more."""
    clock = FixedClock(START + timedelta(hours=5 * count))
    with closing(open_store(f"sqlite:///{folder / f'{count}.db'}")) as store:
        for session in sessions(count):
            store.create(session)
        book = ProgressBook(store, Shelf(BOOK, store, clock), clock)

        def asked() -> float:
            start = time.perf_counter()
            assert len(book._progress(ANNA).practised) >= count
            return time.perf_counter() - start

        first = asked()
        again = median(asked() for _ in range(7))
        more = []
        for session in sessions(5):
            store.create(session)
            more.append(asked())
        return first, again, median(more)


def test_a_long_history_is_not_read_again(tmp_path: Path) -> None:
    """Only what changed is read, so that asking again costs a fraction of the first time, and ten
    times the history hardly more than ten times as much."""
    few, many = seconds(FEW, tmp_path), seconds(MANY, tmp_path)
    print(f"\n{'sessions':>9} {'first':>8} {'again':>8} {'one more':>8}  (ms)")
    for count, found in ((FEW, few), (MANY, many)):
        print(f"{count:>9}" + "".join(f" {1000 * one:8.0f}" for one in found))
    print(
        f"{MANY:,} sessions against {FEW}: again {many[1] / few[1]:.1f} times; "
        f"again against the first time: {many[1] / many[0]:.2f}; "
        f"after one session more: {many[2] / many[1]:.2f} times again"
    )
    assert many[1] < 0.6 * many[0]
    assert many[1] < 15 * few[1]
    assert many[2] < 1.8 * many[1]
