"""Branches, guesses and keys in every store: the same contract for each."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from coach.diagnosis.closeness import Closeness
from coach.errors import BadInput, Conflict, NotFound
from coach.jobs import Key
from coach.ports import Store
from coach.session import Caller, Guess, Parent, Session
from tests.coach.store.samples import ANNA, START, new_session
from tests.coach.store.test_contract import STORES

GUESS = Guess(0, "They were burned before", Closeness.CLOSE, "")
LOST = timedelta(minutes=2)


@pytest.fixture(params=STORES, ids=lambda make: make.__name__)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    yield from request.param(tmp_path)


def branch(store: Store, of: Session, minutes: int) -> Session:
    made = new_session(
        parent=Parent(of.id, 1), root=of.family, created_at=START + timedelta(minutes=minutes)
    )
    store.create(made)
    return made


class TestAttempts:
    def test_a_family_is_found_from_its_root(self, store: Store) -> None:
        """A session, its branches and theirs come oldest first, and no stranger with them."""
        first, stranger = new_session(), new_session()
        store.create(first)
        store.create(stranger)
        second = branch(store, first, 1)
        third = branch(store, second, 2)
        found = store.attempts(ANNA, third.family)
        assert [one.id for one in found] == [first.id, second.id, third.id]
        assert found[2] == replace(third, turns=())

    def test_a_deleted_ancestor_leaves_the_family_together(self, store: Store) -> None:
        """Branches outlive what they were taken from, and still find each other."""
        first = new_session()
        store.create(first)
        second, third = branch(store, first, 1), branch(store, first, 2)
        store.delete(ANNA, first.id)
        assert [one.id for one in store.attempts(ANNA, second.family)] == [second.id, third.id]

    def test_nobody_sees_another_callers_family(self, store: Store) -> None:
        """To another user and another tenant there is nothing."""
        first = new_session()
        store.create(first)
        branch(store, first, 1)
        for stranger in (Caller("ben", "north"), Caller("anna", "south")):
            assert store.attempts(stranger, first.id) == []


class TestGuesses:
    def test_guesses_come_with_the_whole_session(self, store: Store) -> None:
        """In their order; a session that is loaded for a turn comes without them."""
        session = new_session(guesses=(GUESS,))
        store.create(session)
        second = replace(GUESS, text="Loyalty", level=Closeness.OTHER_CONCERN, concern="loyalty")
        store.add_guess(ANNA, session.id, second, 3)
        assert store.load(ANNA, session.id).guesses == (GUESS, second)
        assert store.load(ANNA, session.id, last=12).guesses == ()

    def test_not_one_guess_too_many(self, store: Store) -> None:
        """Of many guesses at once, only as many are taken as there may be."""
        session = new_session()
        store.create(session)

        def guess(_: int) -> bool:
            try:
                store.add_guess(ANNA, session.id, GUESS, 3)
            except Conflict:
                return False
            return True

        with ThreadPoolExecutor(4) as threads:
            assert sum(threads.map(guess, range(8))) == 3
        assert len(store.load(ANNA, session.id).guesses) == 3

    def test_nobody_guesses_in_another_callers_session(self, store: Store) -> None:
        """What isn't the caller's doesn't exist for them."""
        session = new_session()
        store.create(session)
        with pytest.raises(NotFound):
            store.add_guess(Caller("ben", "north"), session.id, GUESS, 3)


class TestKeys:
    def test_an_answer_is_kept_under_its_key(self, store: Store) -> None:
        """The first to take a key gets nothing and answers; the next gets that answer."""
        key = Key("k", "of what was sent")
        assert store.take_key(ANNA, key, START, LOST) is None
        store.keep_answer(ANNA, key, {"status": 201, "body": {"id": "é"}})
        again = store.take_key(ANNA, key, START + LOST * 2, LOST)
        assert again == {"status": 201, "body": {"id": "é"}}

    def test_the_same_key_with_something_else_is_refused(self, store: Store) -> None:
        """Whether it was answered or is under way."""
        store.take_key(ANNA, Key("k", "this"), START, LOST)
        with pytest.raises(BadInput):
            store.take_key(ANNA, Key("k", "that"), START, LOST)

    def test_a_key_under_way_is_a_conflict_until_it_counts_as_lost(self, store: Store) -> None:
        """A process that was killed holds its key for a while only."""
        key = Key("k", "of what was sent")
        store.take_key(ANNA, key, START, LOST)
        with pytest.raises(Conflict):
            store.take_key(ANNA, key, START + LOST / 2, LOST)
        assert store.take_key(ANNA, key, START + LOST * 1.1, LOST) is None

    def test_a_dropped_key_is_free_and_an_answered_one_stays(self, store: Store) -> None:
        """What failed may be sent again under its key."""
        key = Key("k", "of what was sent")
        store.take_key(ANNA, key, START, LOST)
        store.drop_key(ANNA, key)
        assert store.take_key(ANNA, key, START, LOST) is None
        store.keep_answer(ANNA, key, {"status": 201})
        store.drop_key(ANNA, key)
        assert store.take_key(ANNA, key, START, LOST) == {"status": 201}

    def test_keys_are_each_callers_own(self, store: Store) -> None:
        """Two callers may choose the same word."""
        store.take_key(ANNA, Key("k", "this"), START, LOST)
        assert store.take_key(Caller("ben", "north"), Key("k", "that"), START, LOST) is None
