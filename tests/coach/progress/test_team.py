"""A team's skills: what is counted, what is told, and that nobody else's are among them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from coach.accounts.book import AccountBook
from coach.assessment import Assessment, Check, Verdict
from coach.authoring.shelf import Shelf
from coach.overruling import Overruling
from coach.progress.team import Axis, Practice, heat_of, person_of
from coach.progress.team_book import Asked, Overview, TeamBook
from coach.scenario_book import load_scenarios
from coach.session import Caller
from coach.store import SqlStore, open_store
from tests.coach.progress.log import NOW, practised, seen
from tests.coach.store.samples import exchange_at, new_session
from tests.fakes import FixedClock

BOOK = load_scenarios()
TITLES = {one.id: one.title for one in BOOK.all()}
YES, NO = Verdict.YES, Verdict.NO


class TestCounting:
    TEAM = (
        Practice("zoe", [practised()], [*seen("nnyn"), *seen("yyy", check="proves-claims")]),
        Practice("ann", [practised()], seen("yyyy")),
        Practice("new", [], []),
    )

    def test_people_stand_by_name_also_who_never_practised(self) -> None:
        """What was seen most is the first column; an empty cell is not seen, rather than 0%."""
        heat = heat_of(self.TEAM, TITLES, Axis.PERSON, Axis.CHECK)
        assert [row.key for row in heat.rows] == ["ann", "new", "zoe"]
        assert [key for key, _ in heat.columns] == ["asks", "proves-claims"]
        shares = [[cell.share for cell in row.cells] for row in heat.rows]
        assert shares == [[1.0, None], [None, None], [0.25, 1.0]]
        assert heat.rows[2].total == replace(heat.rows[2].total, kept=4, seen=7)

    def test_over_time_the_weakest_stands_first(self) -> None:
        """A week is named by its Monday; fewer than three times is too little for a share."""
        heat = heat_of(self.TEAM, TITLES, Axis.CHECK, Axis.WEEK)
        assert [row.key for row in heat.rows] == ["asks", "proves-claims"]
        assert [key for key, _ in heat.columns] == ["2026-10-19", "2026-10-26"]
        few = heat_of([Practice("ann", [], seen("yy"))], TITLES, Axis.SCENARIO, Axis.WEEK)
        assert (few.rows[0].label, few.rows[0].total.share) == (TITLES["interest"], None)

    def test_who_needs_what_is_the_weakest_check_and_where_to_drill_it(self) -> None:
        """Nothing weak is known of whoever missed nothing, and of whoever is new."""
        zoe, ann, new = (person_of(one, BOOK.all(), NOW) for one in self.TEAM)
        assert zoe.weakest is not None
        assert (zoe.weakest.check, zoe.sessions) == ("asks", 1)
        assert (ann.weakest, new.weakest, new.last_at) == (None, None, None)
        assert new.next.scenario in TITLES


TESS = Caller("tess", "local", frozenset({"trainer"}))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    opened = open_store(f"sqlite:///{tmp_path / 'coach.db'}")
    yield opened
    opened.close()


@pytest.fixture
def trainer(store: SqlStore) -> Callable[[int], Caller]:
    """Makes reps with one session each, all trained by Tess; and one whom she doesn't train."""
    accounts = AccountBook(store.accounts, FixedClock())
    accounts.add_user("tess", ["admin", "trainer"])
    team = accounts.add_team("North")
    accounts.join("North", "tess", trains=True)

    def made(count: int) -> Caller:
        for n in range(count):
            accounts.add_user(f"rep{n:03}")
            accounts.join("North", f"rep{n:03}")
            _played(store, f"rep{n:03}", YES if n else NO)
        _played(store, "stranger", NO)
        _played(store, "tess", NO)
        return replace(TESS, teams=frozenset({team.id}))

    return made


def _played(store: SqlStore, who: str, verdict: Verdict) -> str:
    owner = Caller(who, "local")
    session = new_session(owner=owner, scenario="interest", scenario_version=1)
    store.create(session)
    for index in (1, 3, 5):
        exchange = exchange_at(index)
        judged = Assessment(True, checks=(Check("proves-claims", "?", verdict, "We", (0, 2), "x"),))
        at = exchange.seller.at + timedelta(seconds=index)
        store.append(
            owner,
            session.id,
            replace(exchange, seller=replace(exchange.seller, at=at, assessment=judged)),
        )
    return session.id


def _asked(store: SqlStore, who: Caller, people: list[str]) -> Overview:
    clock = FixedClock()
    book = TeamBook(store, Shelf(BOOK, store, clock), clock)
    return asyncio.run(book.overview(who, Asked(people, weeks=52)))


def test_a_trainer_sees_those_they_train_whoever_is_asked_for(
    store: SqlStore, trainer: Callable[[int], Caller]
) -> None:
    """A name that isn't in their teams has nothing here; another trainer sees nothing at all."""
    tess = trainer(2)
    names = ["rep000", "rep001", "stranger"]
    found = _asked(store, tess, names)
    assert [row.total.seen for row in found.heat.rows] == [3, 3, 0]
    assert [row.total.kept for row in found.heat.rows] == [0, 3, 0]
    assert [one.sessions for one in found.people] == [1, 1, 0]
    nobody = _asked(store, replace(tess, user="tom", teams=frozenset()), names)
    assert [row.total.seen for row in nobody.heat.rows] == [0, 0, 0]


def test_an_overruled_verdict_counts_in_the_team_at_once(
    store: SqlStore, trainer: Callable[[int], Caller]
) -> None:
    """What was read before is read again where a trainer said otherwise."""
    tess = trainer(1)
    clock = FixedClock()
    book = TeamBook(store, Shelf(BOOK, store, clock), clock)
    wanted = Asked(["rep000"], weeks=52)
    assert asyncio.run(book.overview(tess, wanted)).heat.rows[0].total.kept == 0
    session = store.practised(tess, team=True)
    theirs = next(one.id for one in session if one.owner.user == "rep000")
    ruling = Overruling(theirs, 1, "proves-claims", YES, NO, "She did.", "tess", clock())
    store.overrule(tess, ruling)
    assert asyncio.run(book.overview(tess, wanted)).heat.rows[0].total.kept == 1


def test_more_people_are_no_more_queries(store: SqlStore, trainer: Callable[[int], Caller]) -> None:
    """Thirty people cost as many statements as one."""
    tess = trainer(30)
    statements: list[str] = []

    def note(*told: object) -> None:
        statements.append(str(told[2]))

    event.listen(store.reads, "before_cursor_execute", note)
    everybody = [f"rep{n:03}" for n in range(30)]
    counts = []
    for people in (everybody[:1], everybody):
        statements.clear()
        found = _asked(store, tess, people)
        counts.append(len(statements))
    event.remove(store.reads, "before_cursor_execute", note)
    assert len(found.people) == 30
    assert counts[0] == counts[1]
