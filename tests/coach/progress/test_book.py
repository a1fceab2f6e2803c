"""Progress as the service tells it: over real stores, read again only where something changed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from coach.assessment import Assessment, Check, Verdict
from coach.authoring.shelf import Shelf
from coach.calibration import Agreement, Kappa
from coach.overruling import Overruling
from coach.ports import Store
from coach.progress.book import Progress, ProgressBook
from coach.progress.practised import JudgedTurn
from coach.scenario_book import load_scenarios
from coach.session import Caller, Session, Status
from coach.store import open_store
from tests.coach.store.samples import ANNA, START, exchange_at, new_session
from tests.fakes import FixedClock

BOOK = load_scenarios()
SCENARIO = BOOK.get("interest")
ASKS, CLAIMS = "asks-before-answering", "proves-claims"
LATER = count()  # no two replies are made at one instant
WEAK = Kappa(40, 40, 0.7, 0.4, 0.2, 0.6)


class Watched:
    """A store that notes of which sessions the verdicts were read."""

    def __init__(self, store: Store) -> None:
        self._store, self.read = store, list[str]()

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    def judged(
        self, caller: Caller, ids: Sequence[str], *, team: bool = False
    ) -> dict[str, tuple[JudgedTurn, ...]]:
        self.read += ids
        return self._store.judged(caller, ids, team=team)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Watched]:
    opened = open_store(f"sqlite:///{tmp_path / 'coach.db'}")
    yield Watched(opened)
    opened.close()


@pytest.fixture
def told(store: Watched) -> Callable[[], Progress]:
    clock = FixedClock()
    book = ProgressBook(store, Shelf(BOOK, store, clock), clock)  # type: ignore[arg-type]
    return lambda: asyncio.run(book.progress(ANNA))


def played(store: Watched, *verdicts: dict[str, Verdict], **changes: object) -> Session:
    """An ended session of Anna's whose replies got these verdicts."""
    fields = {"scenario": "interest", "scenario_version": 1, "persona": SCENARIO.personas[0].id}
    session = new_session(**fields, **changes)
    store.create(session)
    for n, given in enumerate(verdicts):
        said(store, session, 2 * n + 1, given)
    store.finish(ANNA, session.id, Status.ENDED, {})
    return session


def said(store: Watched, session: Session, index: int, verdicts: dict[str, Verdict]) -> None:
    checks = tuple(
        Check(name, f"{name}?", verdict, "We", (0, 2), "why") for name, verdict in verdicts.items()
    )
    exchange = exchange_at(index)
    at = START + timedelta(seconds=next(LATER))
    seller = replace(exchange.seller, at=at, assessment=Assessment(True, checks=checks))
    store.append(ANNA, session.id, replace(exchange, seller=seller))


def of(found: Progress, check: str) -> tuple[int, int]:
    """How often the check was kept and seen."""
    return next(((o.kept, o.seen) for o in found.masteries if o.check == check), (0, 0))


def test_only_what_changed_is_read_again(store: Watched, told: Callable[[], Progress]) -> None:
    """A session once; again when a turn was added or a verdict overruled."""
    first = played(store, {ASKS: Verdict.YES})
    second = new_session(scenario="interest", scenario_version=1)
    store.create(second)
    told()
    assert sorted(store.read) == sorted([first.id, second.id])
    store.read.clear()
    assert of(told(), ASKS) == (1, 1)
    assert store.read == []
    said(store, second, 1, {ASKS: Verdict.NO})
    assert of(told(), ASKS) == (1, 2)
    assert store.read == [second.id]


def test_an_overruled_verdict_no_longer_counts(
    store: Watched, told: Callable[[], Progress]
) -> None:
    """The trainer's does, until it is withdrawn."""
    session = played(store, {ASKS: Verdict.NO})
    place = (session.id, 1, ASKS)
    store.overrule(  # type: ignore[operator]
        ANNA, Overruling(*place, Verdict.YES, Verdict.NO, "It asked.", "tess", FixedClock().now)
    )
    assert of(told(), ASKS) == (1, 1)
    store.withdraw_overruling(ANNA, *place)  # type: ignore[operator]
    assert of(told(), ASKS) == (0, 1)


def test_an_advisory_check_counts_nowhere(store: Watched, told: Callable[[], Progress]) -> None:
    """Neither mastery nor drills know it; it is told by itself."""
    played(store, {ASKS: Verdict.NO, CLAIMS: Verdict.NO})
    store.keep_agreements("north", [Agreement(ASKS, "Q?", WEAK, None, 1)], FixedClock().now)  # type: ignore[operator]
    found = told()
    assert of(found, ASKS) == (0, 0)
    assert of(found, CLAIMS) == (0, 1)
    assert ASKS not in [one.check for one in found.drills]
    assert [one.check for one in found.advisory] == [ASKS]


def test_a_branch_doesnt_count_its_parents_replies_again(
    store: Watched, told: Callable[[], Progress]
) -> None:
    """And they go on counting when the parent is deleted."""
    parent = played(store, {ASKS: Verdict.NO})
    shared = store.load(ANNA, parent.id).turns  # type: ignore[operator]
    branch = new_session(scenario="interest", scenario_version=1, turns=shared, turn_count=3)
    store.create(branch)
    said(store, branch, 3, {CLAIMS: Verdict.YES})
    assert of(told(), ASKS) == (0, 1)
    store.delete(ANNA, parent.id)
    found = told()
    assert (of(found, ASKS), of(found, CLAIMS)) == ((0, 1), (1, 1))


def test_everybody_has_their_own(store: Watched, told: Callable[[], Progress]) -> None:
    """What others practised isn't seen."""
    store.create(new_session(owner=Caller("ben", "north")))
    found = told()
    assert (found.masteries, found.practised) == ([], [])
    assert found.next.why.startswith("Nothing is practised yet")
