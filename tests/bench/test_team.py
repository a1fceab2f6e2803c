"""What a team's skills cost as it grows. Run: pytest -m bench -s tests/bench/test_team.py"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from coach.accounts.book import AccountBook
from coach.assessment import Check, Verdict
from coach.authoring.shelf import Shelf
from coach.progress.team import Axis
from coach.progress.team_book import MOST_WEEKS, Asked, TeamBook
from coach.scenario_book import load_scenarios
from coach.session import Caller, Session, Speaker, Status, Turn
from coach.store import open_store
from tests.coach.store.samples import ASSESSMENT, SELLER_TEXT, START, new_session
from tests.fakes import FixedClock

pytestmark = [pytest.mark.bench, pytest.mark.timeout(240)]

BOOK = load_scenarios()
FEW, MANY = 20, 200
SESSIONS, REPLIES = 10, 5
VERDICTS = list(Verdict)


def sessions(who: str, chance: Random) -> Iterator[Session]:
    for number in range(SESSIONS):
        scenario = chance.choice(BOOK.all())
        at = START + timedelta(days=7 * number, minutes=chance.randrange(5_000))
        turns = [new_session().turns[0]]
        for index in range(1, 2 * REPLIES, 2):
            checks = tuple(
                Check(item.id, item.question, chance.choice(VERDICTS), "ask", (25, 28), "It asks.")
                for item in scenario.checks
            )
            said = at + timedelta(minutes=index)
            judged = replace(ASSESSMENT, checks=checks)
            turns.append(Turn(index, Speaker.SELLER, SELLER_TEXT, said, assessment=judged))
            turns.append(Turn(index + 1, Speaker.BUYER, "Hm.", said, act="press"))
        yield new_session(
            owner=Caller(who, "local"),
            scenario=scenario.id,
            scenario_version=scenario.version,
            status=Status.ENDED,
            created_at=at,
            turns=tuple(turns),
            turn_count=len(turns),
        )


def seconds(count: int, folder: Path) -> tuple[float, float]:
    """The first question of a process, and one after that."""
    clock = FixedClock(START + timedelta(days=7 * SESSIONS + 1))
    chance = Random(7)
    with closing(open_store(f"sqlite:///{folder / f'{count}.db'}")) as store:
        accounts = AccountBook(store.accounts, clock)
        accounts.add_user("tess", ["admin", "trainer"])
        team = accounts.add_team("North")
        people = [f"rep{n:03}" for n in range(count)]
        for name in people:
            accounts.add_user(name)
            accounts.join("North", name)
            for session in sessions(name, chance):
                store.create(session)
        tess = Caller("tess", "local", frozenset({"trainer"}), frozenset({team.id}))
        book = TeamBook(store, Shelf(BOOK, store, clock), clock)
        wanted = Asked(people, Axis.PERSON, Axis.CHECK, MOST_WEEKS)
        took = []
        for _ in range(2):
            start = time.perf_counter()
            assert sum(one.sessions for one in book._overview(tess, wanted).people) == (
                count * SESSIONS
            )
            took.append(time.perf_counter() - start)
        return took[0], took[1]


def test_ten_times_the_team_costs_about_ten_times_as_much(tmp_path: Path) -> None:
    """And what was read once isn't read again."""
    few, many = seconds(FEW, tmp_path), seconds(MANY, tmp_path)
    print(f"\n{'reps':>5} {'sessions':>9} {'first':>8} {'again':>8}  (ms)")
    for count, found in ((FEW, few), (MANY, many)):
        print(f"{count:>5} {count * SESSIONS:>9}" + "".join(f" {1000 * s:8.0f}" for s in found))
    assert many[0] < 25 * few[0]
    assert many[1] < 0.8 * many[0]
