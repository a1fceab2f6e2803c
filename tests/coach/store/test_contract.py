"""What every Store does, whatever it is made of. A new implementation joins ``STORES``."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta, timezone
from pathlib import Path

import pytest

from coach.assessment import Assessment, Verdict
from coach.calibration import Agreement, Kappa
from coach.errors import BadInput, Conflict, NotFound
from coach.jobs import Key
from coach.overruling import Overruling
from coach.ports import Store
from coach.practice.accepted import Accepted
from coach.practice.allowance import Limit
from coach.practice.conversations import Place
from coach.session import Caller, Exchange, HintUse, Parent, Session, Status
from tests.coach.store.samples import ANNA, START, exchange_at, new_session
from tests.fakes import MemoryStore
from tests.postgres import emptied_store
from tests.sqlite import fresh_store


def sqlite_file(folder: Path) -> Iterator[Store]:
    store = fresh_store(folder)
    yield store
    store.close()


def postgres(_folder: Path) -> Iterator[Store]:
    yield emptied_store()


def memory(_folder: Path) -> Iterator[Store]:
    yield MemoryStore()


STORES: list[Callable[[Path], Iterator[Store]]] = [sqlite_file, postgres, memory]


@pytest.fixture(params=STORES, ids=lambda make: make.__name__)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    yield from request.param(tmp_path)


def stored(store: Store, **changes: object) -> Session:
    session = new_session(**changes)
    store.create(session)
    return session


class TestCreateAndLoad:
    def test_round_trip(self, store: Store) -> None:
        """A session comes back as it was stored, field by field."""
        session = stored(
            store,
            parent=Parent("an-older-session", 4),
            hints=(HintUse(0, 1, "What does she fear?"), HintUse(0, 2, "Ask.")),
            debrief={"score": 61, "strengths": ["asked first"], "what_if": None},
        )
        assert store.load(ANNA, session.id) == session

    def test_a_branch_brings_its_turns(self, store: Store) -> None:
        """A session may be created with turns of an older one; the older one may be deleted."""
        old = stored(store)
        store.append(ANNA, old.id, exchange_at(1))
        shared = store.load(ANNA, old.id)
        branch = stored(store, turns=shared.turns, turn_count=3, parent=Parent(old.id, 3))
        store.delete(ANNA, old.id)
        assert store.load(ANNA, branch.id) == branch

    def test_instants_are_utc(self, store: Store) -> None:
        """An instant comes back as the same instant, in UTC, to the microsecond."""
        there = START.astimezone(timezone(timedelta(hours=5, minutes=30)))
        loaded = store.load(ANNA, stored(store, created_at=there).id)
        assert loaded.created_at == START
        assert loaded.turns[0].at.utcoffset() == timedelta(0)

    def test_roles_are_not_stored(self, store: Store) -> None:
        """Who owns a session is a user of a tenant; roles belong to the caller of the moment."""
        boss = replace(ANNA, roles=frozenset({"rep", "admin"}))
        session = stored(store, owner=boss)
        assert store.load(boss, session.id).owner == Caller("anna", "north")

    def test_an_id_is_taken_once(self, store: Store) -> None:
        """A second session of the same id is a Conflict and changes nothing."""
        session = stored(store)
        with pytest.raises(Conflict):
            store.create(replace(session, persona="someone-else"))
        assert store.load(ANNA, session.id) == session

    @pytest.mark.parametrize("last", [0, 1, 2, 4, 7, 99])
    def test_only_the_last_turns(self, store: Store, last: int) -> None:
        """With ``last`` only so many of the latest turns come; the count stays the true one."""
        session = stored(store)
        for index in (1, 3, 5):
            store.append(ANNA, session.id, exchange_at(index))
        loaded = store.load(ANNA, session.id, last=last)
        assert [turn.index for turn in loaded.turns] == list(range(7))[max(7 - last, 0) :]
        assert loaded.turn_count == 7

    def test_only_the_hints_of_the_last_turns(self, store: Store) -> None:
        """With ``last`` the hints are those asked at the turns that come."""
        session = stored(store)
        store.add_hint(ANNA, session.id, HintUse(0, 1, "old"))
        store.append(ANNA, session.id, exchange_at(1))
        store.add_hint(ANNA, session.id, HintUse(2, 1, "new"))
        assert store.load(ANNA, session.id, last=1).hints == (HintUse(2, 1, "new"),)
        assert len(store.load(ANNA, session.id).hints) == 2

    def test_what_a_hint_suggested_stays_with_it(self, store: Store) -> None:
        """Word for word, and in the order in which it was shown."""
        session = stored(store)
        given = HintUse(0, 3, "How it could be said.", ("“Yes.” And now?", "Ja, größer."))
        store.add_hint(ANNA, session.id, given)
        assert store.load(ANNA, session.id).hints == (given,)
        assert store.load(ANNA, session.id).coached == given.words


class TestAppend:
    def test_an_exchange_is_stored_whole(self, store: Store) -> None:
        """Both turns, the buyer's state and the status are there afterwards."""
        session = stored(store)
        exchange = exchange_at(1, Status.WON)
        store.append(ANNA, session.id, exchange)
        assert store.load(ANNA, session.id) == replace(
            session,
            turns=(*session.turns, exchange.seller, exchange.buyer),
            turn_count=3,
            state=exchange.state,
            status=Status.WON,
        )

    @pytest.mark.parametrize(
        "text",
        ["", "naïve ☕ 👩🏽‍💻", "שלום\nمرحبا", "'; DROP TABLE turns; --", '"\\u0000"', "x" * 9000],
    )
    def test_words_come_back_exactly(self, store: Store, text: str) -> None:
        """What was said is data, whatever it looks like."""
        session = stored(store)
        store.append(ANNA, session.id, exchange_at(1, text=text))
        assert store.load(ANNA, session.id).turns[1].text == text

    @pytest.mark.parametrize("status", [Status.WON, Status.WALKED_AWAY, Status.ENDED])
    def test_not_after_the_end(self, store: Store, status: Status) -> None:
        """A session that has ended takes no turn, and says so."""
        session = stored(store)
        store.append(ANNA, session.id, exchange_at(1, status))
        before = store.load(ANNA, session.id)
        with pytest.raises(Conflict, match="has ended"):
            store.append(ANNA, session.id, exchange_at(3))
        assert store.load(ANNA, session.id) == before

    @pytest.mark.parametrize("index", [1, 5])
    def test_not_over_another_turn(self, store: Store, index: int) -> None:
        """An exchange made for another moment of the session is a Conflict, and leaves nothing."""
        session = stored(store)
        store.append(ANNA, session.id, exchange_at(1))
        before = store.load(ANNA, session.id)
        with pytest.raises(Conflict, match="another turn was taken meanwhile"):
            store.append(ANNA, session.id, exchange_at(index, text="second"))
        assert store.load(ANNA, session.id) == before

    def test_one_of_many_wins(self, store: Store) -> None:
        """Of eight threads that answer the same turn, one is stored and seven get a Conflict."""
        session = stored(store)

        def answer(number: int) -> str | None:
            try:
                store.append(ANNA, session.id, exchange_at(1, text=f"thread {number}"))
            except Conflict:
                return None
            return f"thread {number}"

        with ThreadPoolExecutor(8) as threads:
            winners = [text for text in threads.map(answer, range(8)) if text]
        loaded = store.load(ANNA, session.id)
        assert [loaded.turns[1].text] == winners
        assert loaded.turn_count == len(loaded.turns) == 3

    def test_threads_do_not_lock_each_other_out(self, store: Store) -> None:
        """Eight threads that write to sessions of their own all succeed."""
        ids = [stored(store).id for _ in range(8)]

        def practise(session_id: str) -> None:
            for index in range(1, 41, 2):
                store.load(ANNA, session_id, last=4)
                store.append(ANNA, session_id, exchange_at(index))

        with ThreadPoolExecutor(8) as threads:
            list(threads.map(practise, ids))
        assert {store.load(ANNA, session_id).turn_count for session_id in ids} == {41}


class TestHintsAndEnd:
    def test_hints_keep_their_order(self, store: Store) -> None:
        """Hints come back in the order in which they were asked for."""
        session = stored(store)
        asked = tuple(HintUse(0, level, f"hint {level}") for level in (1, 3, 2))
        for hint in asked:
            store.add_hint(ANNA, session.id, hint)
        assert store.load(ANNA, session.id).hints == asked

    def test_finish(self, store: Store) -> None:
        """Finishing sets the status and keeps the debrief."""
        session = stored(store)
        store.finish(ANNA, session.id, Status.ENDED, {"score": 40})
        loaded = store.load(ANNA, session.id)
        assert (loaded.status, loaded.debrief) == (Status.ENDED, {"score": 40})

    def test_an_outcome_stays(self, store: Store) -> None:
        """Finishing a session that was already won leaves it won; the latest debrief is kept."""
        session = stored(store)
        store.append(ANNA, session.id, exchange_at(1, Status.WON))
        store.finish(ANNA, session.id, Status.ENDED, {"score": 80})
        store.finish(ANNA, session.id, Status.ENDED, {"score": 81})
        loaded = store.load(ANNA, session.id)
        assert (loaded.status, loaded.debrief) == (Status.WON, {"score": 81})

    def test_a_running_turn_comes_too_late(self, store: Store) -> None:
        """A turn that was being made while the session was ended is a Conflict."""
        session = stored(store)
        store.finish(ANNA, session.id, Status.ENDED, {})
        with pytest.raises(Conflict, match="has ended"):
            store.append(ANNA, session.id, exchange_at(1))

    def test_delete(self, store: Store) -> None:
        """A deleted session is gone with its turns and hints: its id is as good as new."""
        session = stored(store)
        store.append(ANNA, session.id, exchange_at(1))
        store.add_hint(ANNA, session.id, HintUse(2, 1, "Ask."))
        store.delete(ANNA, session.id)
        with pytest.raises(NotFound):
            store.load(ANNA, session.id)
        store.create(session)
        assert store.load(ANNA, session.id) == session


VERBS: dict[str, Callable[[Store, Caller, str], object]] = {
    "load": lambda store, caller, it: store.load(caller, it),
    "append": lambda store, caller, it: store.append(caller, it, exchange_at(1)),
    "add_hint": lambda store, caller, it: store.add_hint(caller, it, HintUse(0, 1, "Ask.")),
    "finish": lambda store, caller, it: store.finish(caller, it, Status.ENDED, {}),
    "delete": lambda store, caller, it: store.delete(caller, it),
}


class TestWhoseItIs:
    @pytest.mark.parametrize(
        "stranger",
        [Caller("bert", "north"), Caller("anna", "south"), Caller("ANNA", "north"), Caller("", "")],
        ids=str,
    )
    @pytest.mark.parametrize("verb", VERBS)
    def test_foreign_is_missing(self, store: Store, verb: str, stranger: Caller) -> None:
        """Another's session can't be told from a missing one, for any verb, and stays as it was."""
        session = stored(store)
        with pytest.raises(NotFound) as foreign:
            VERBS[verb](store, replace(stranger, roles=frozenset({"admin"})), session.id)
        with pytest.raises(NotFound) as missing:
            VERBS[verb](store, ANNA, "no-such-session")
        assert foreign.value.message.replace(session.id, "") == missing.value.message.replace(
            "no-such-session", ""
        )
        assert store.load(ANNA, session.id) == session

    def test_lists_are_apart(self, store: Store) -> None:
        """A list holds the caller's own sessions only; a namesake in another tenant is another."""
        mine = stored(store)
        stored(store, owner=Caller("bert", "north"))
        stored(store, owner=Caller("anna", "south"))
        assert [s.id for s in store.sessions(ANNA, 10, None)[0]] == [mine.id]


class TestList:
    @staticmethod
    def all_pages(store: Store, limit: int) -> list[list[str]]:
        pages, cursor = [], None
        while True:
            page, cursor = store.sessions(ANNA, limit, cursor)
            pages.append([session.id for session in page])
            if cursor is None:
                return pages

    @pytest.mark.parametrize(("limit", "pages"), [(1, 7), (2, 4), (7, 1), (50, 1)])
    def test_pages(self, store: Store, limit: int, pages: int) -> None:
        """Pages, one after the other, hold every session once, newest first, the last one full
        without an empty one after it, also when several began at the same instant."""
        made = [stored(store, created_at=START + timedelta(hours=i // 3)) for i in range(7)]
        newest = sorted(made, key=lambda s: (s.created_at, s.id), reverse=True)
        found = self.all_pages(store, limit)
        assert [it for page in found for it in page] == [session.id for session in newest]
        assert len(found) == pages

    def test_nothing_yet(self, store: Store) -> None:
        """Without a session the list is one empty page."""
        assert store.sessions(ANNA, 10, None) == ([], None)

    def test_short_form(self, store: Store) -> None:
        """A listed session has everything but its turns and hints."""
        session = stored(store, hints=(HintUse(0, 1, "Ask."),), debrief={"score": 3})
        assert store.sessions(ANNA, 10, None)[0] == [replace(session, turns=(), hints=())]

    def test_the_list_may_change_between_pages(self, store: Store) -> None:
        """A new session, or the end of a page being deleted, doesn't disturb the next page."""
        old, middle, new = (stored(store, created_at=START + timedelta(hours=i)) for i in range(3))
        page, cursor = store.sessions(ANNA, 2, None)
        assert [s.id for s in page] == [new.id, middle.id]
        store.delete(ANNA, middle.id)
        stored(store, created_at=START + timedelta(hours=9))
        page, cursor = store.sessions(ANNA, 2, cursor)
        assert ([s.id for s in page], cursor) == ([old.id], None)

    def test_a_cursor_fits_in_a_url(self, store: Store) -> None:
        """A cursor needs no escaping."""
        for _ in range(2):
            stored(store)
        cursor = store.sessions(ANNA, 1, None)[1]
        assert cursor
        assert cursor.replace("-", "").replace("_", "").isalnum()

    @pytest.mark.parametrize(
        "place",
        [
            "",
            "nonsense",
            "2026-03-02T09:30:00 without-zone",
            "2026-03-02T09:30:00+00:00",
            "2026-13-02T09:30:00+00:00 thirteenth-month",
            "0001-01-01T00:00:00+14:00 before-all-time",
        ],
    )
    def test_a_bad_cursor(self, store: Store, place: str) -> None:
        """A cursor that wasn't given out is refused with what to do about it."""
        with pytest.raises(BadInput, match="next_cursor"):
            store.sessions(ANNA, 10, urlsafe_b64encode(place.encode()).decode())

    @pytest.mark.parametrize("cursor", ["%%%", "a", "ключ", "AAAA\x00", "_-8", "=", "\ud83d"])
    def test_a_cursor_of_noise(self, store: Store, cursor: str) -> None:
        """Noise instead of a cursor is refused the same way."""
        with pytest.raises(BadInput, match="next_cursor"):
            store.sessions(ANNA, 10, cursor)


def test_ping(store: Store) -> None:
    """A store that answers has nothing to say to a ping."""
    store.ping()


def test_an_exchange_has_both_speakers_in_a_row(store: Store) -> None:
    """The buyer's turn is the one after the seller's."""
    session = stored(store)
    whole = exchange_at(1)
    torn = Exchange(whole.seller, replace(whole.buyer, index=7), Status.ACTIVE)
    with pytest.raises(ValueError, match="must follow"):
        store.append(ANNA, session.id, torn)
    assert store.load(ANNA, session.id) == session


class TestWhatProgressReads:
    def test_rows_of_own_sessions_newest_first(self, store: Store) -> None:
        """Each as its session says, and nobody else's."""
        old, new = (stored(store, created_at=START + timedelta(days=n)) for n in (0, 1))
        stored(store, owner=Caller("ben", "north"))
        stored(store, owner=Caller("anna", "south"))
        rows = store.practised(ANNA)
        assert [row.id for row in rows] == [new.id, old.id]
        for row, session in zip(rows, (new, old), strict=True):
            assert vars(row) == {name: getattr(session, name) for name in vars(row)}

    def test_verdicts_of_the_sessions_that_are_asked_for(self, store: Store) -> None:
        """Of scored replies only, in order, and none of another's session."""
        mine, other = stored(store), stored(store, owner=Caller("ben", "north"))
        for index in (1, 3):
            store.append(ANNA, mine.id, exchange_at(index))
        store.append(Caller("ben", "north"), other.id, exchange_at(1))
        unscored = exchange_at(5)
        nothing = replace(unscored.seller, assessment=Assessment.unscored("it failed"))
        store.append(ANNA, mine.id, replace(unscored, seller=nothing))
        found = store.judged(ANNA, [mine.id, other.id, "none"])
        assert list(found) == [mine.id]
        assert [turn.index for turn in found[mine.id]] == [1, 3]
        check = found[mine.id][0].checks[0]
        assert (check.id, check.verdict, check.quote) == ("asks", Verdict.YES, "ask")
        assert found[mine.id][0].at == exchange_at(1).seller.at


class TestOverrulings:
    RULING = Overruling("", 1, "asks", Verdict.NO, Verdict.YES, "It told.", "tess", START)

    def test_the_latest_word_on_a_verdict_stays(self, store: Store) -> None:
        """In order of session, turn and check; gone once it is withdrawn."""
        session = stored(store)
        ruling = replace(self.RULING, session=session.id)
        later = replace(ruling, verdict=Verdict.NOT_OBSERVABLE, reason="No occasion – “none”.")
        other = replace(ruling, turn=3)
        for one in (other, ruling, later):
            store.overrule(ANNA, one)
        assert store.overrulings(ANNA) == store.overrulings(ANNA, session.id) == [later, other]
        store.withdraw_overruling(ANNA, session.id, 1, "asks")
        assert store.overrulings(ANNA) == [other]
        with pytest.raises(NotFound):
            store.withdraw_overruling(ANNA, session.id, 1, "asks")

    def test_somebody_elses_session_is_none(self, store: Store) -> None:
        """Nothing is written to it, taken from it or told of it."""
        session = stored(store)
        ruling, eve = replace(self.RULING, session=session.id), Caller("eve", "north")
        store.overrule(ANNA, ruling)
        with pytest.raises(NotFound):
            store.overrule(eve, ruling)
        with pytest.raises(NotFound):
            store.withdraw_overruling(eve, session.id, 1, "asks")
        assert store.overrulings(eve) == store.overrulings(eve, session.id) == []

    def test_a_branch_brings_those_of_the_turns_it_shares(self, store: Store) -> None:
        """Not those of later turns, and none of somebody else's session."""
        session, eve = stored(store), Caller("eve", "north")
        early, late = (replace(self.RULING, session=session.id, turn=n) for n in (1, 3))
        for one in (early, late):
            store.overrule(ANNA, one)
        branch = stored(store, parent=Parent(session.id, 3))
        assert store.overrulings(ANNA, branch.id) == [replace(early, session=branch.id)]
        stored(store, owner=eve, parent=Parent(session.id, 3))
        assert store.overrulings(eve) == []

    def test_they_go_with_their_session(self, store: Store) -> None:
        """As its turns do."""
        session = stored(store)
        store.overrule(ANNA, replace(self.RULING, session=session.id))
        store.delete(ANNA, session.id)
        assert store.overrulings(ANNA) == []


def test_agreements_are_kept_check_by_check(store: Store) -> None:
    """What comes later stands in place of what was; another tenant has its own."""
    weak, strong = (Kappa(40, 40, 0.7, value, value - 0.2, value + 0.2) for value in (0.4, 0.8))
    asks, cites = Agreement("asks", "Q?", weak, None, 1), Agreement("cites", "C?", strong, weak, 2)
    store.keep_agreements("north", [cites, asks], START)
    better = replace(asks, coach=strong)
    store.keep_agreements("north", [better], START)
    assert store.agreements("north") == [better, cites]
    assert store.agreements("south") == []


class TestTurnsUnderWay:
    """What of a turn is kept before it is complete."""

    def test_one_at_a_time(self, store: Store) -> None:
        """Held until its lease ends or it is stored; the store is then as without it."""
        session = stored(store)
        turn = accepted(session)
        assert store.accept(ANNA, turn, START) == turn
        assert store.accepted(ANNA, session.id) == turn
        with pytest.raises(Conflict, match="running"):
            store.accept(ANNA, replace(turn, worker="two"), START)
        store.append(ANNA, session.id, exchange_at(1), "one")
        assert store.accepted(ANNA, session.id) is None
        with pytest.raises(Conflict):
            store.accept(ANNA, turn, START)
        assert not store.hold(session.id, "one", turn.until)

    def test_a_list_finds_those_of_its_sessions(self, store: Store) -> None:
        """As far as they are the caller's own."""
        session = stored(store)
        turn = accepted(session)
        store.accept(ANNA, turn, START)
        assert store.accepted_in(ANNA, [session.id]) == [turn]
        assert store.accepted_in(ANNA, []) == []
        assert store.accepted_in(Caller("anna", "south"), [session.id]) == []

    def test_what_was_left_is_taken_up_in_the_same_words(self, store: Store) -> None:
        """Other words get to know what waits; who lost the turn can't store it any more."""
        session = stored(store)
        turn = accepted(session)
        store.accept(ANNA, turn, START)
        later = turn.until
        other = replace(turn, worker="two", text="Else", until=later + timedelta(seconds=15))
        assert store.accept(ANNA, other, later) == turn
        again = replace(other, text=turn.text)
        assert store.accept(ANNA, again, later) == again
        with pytest.raises(Conflict):
            store.append(ANNA, session.id, exchange_at(1), "one")
        assert store.load(ANNA, session.id).turn_count == 1
        store.append(ANNA, session.id, exchange_at(1), "two")

    def test_its_key_is_kept_with_it_or_not_at_all(self, store: Store) -> None:
        """Nobody is killed between the two: what is sent again under the key is one turn."""
        session, other = stored(store), stored(store)
        key = Key("k", "of what was sent")
        assert store.begun_by(ANNA, key) is None
        store.accept(ANNA, accepted(session), START, key)
        assert store.begun_by(ANNA, key) == 1
        with pytest.raises(BadInput):
            store.begun_by(ANNA, replace(key, digest="of something else"))
        assert store.begun_by(Caller("eve", "north"), key) is None
        with pytest.raises(Conflict):
            store.accept(ANNA, accepted(other), START, key)
        assert store.accepted(ANNA, other.id) is None
        late = Key("late", "of what was sent")
        with pytest.raises(Conflict):
            store.accept(ANNA, accepted(session), START, late)
        assert store.begun_by(ANNA, late) is None

    def test_a_cancelled_turn_is_not_stored(self, store: Store) -> None:
        """Whoever runs it notices by its lease, or at the end; a stranger can't cancel it."""
        session = stored(store)
        store.accept(ANNA, accepted(session), START)
        eve = Caller("eve", "north")
        with pytest.raises(NotFound):
            store.drop(eve, session.id, 1)
        with pytest.raises(NotFound):
            store.accept(eve, accepted(session), START)
        assert not store.drop(ANNA, session.id, 3)
        assert store.hold(session.id, "one", START + timedelta(seconds=30))
        assert store.drop(ANNA, session.id, 1)
        assert not store.hold(session.id, "one", START + timedelta(seconds=30))
        with pytest.raises(Conflict):
            store.append(ANNA, session.id, exchange_at(1), "one")


def accepted(session: Session) -> Accepted:
    until = START + timedelta(seconds=15)
    return Accepted(session.id, session.turn_count, "Who else?", START, "one", until)


def test_an_allowance_is_used_up_and_comes_back_evenly(store: Store) -> None:
    """Four in a minute are one each 15 seconds once all are used; each holder has their own."""
    limit = Limit("turns", 4)
    lefts = [store.use("anna", limit, 1000.0) for _ in range(5)]
    assert [one.left for one in lefts] == [3, 2, 1, 0, 0]
    assert [one.wait for one in lefts] == [0, 0, 0, 0, 15]
    assert store.use("anna", limit, 1014.0).wait == 1
    assert not store.use("anna", limit, 1015.0).wait
    assert store.use("ben", limit, 1000.0).left == 3
    assert store.use("anna", limit, 9999.0).left == 3


def test_a_place_in_a_talk_is_its_owners(store: Store) -> None:
    """The latest one of the same words counts."""
    first, second = stored(store), stored(store)
    store.keep_place(ANNA, "d", Place(first.id, 1), START)
    store.keep_place(ANNA, "d", Place(second.id, 1), START)
    assert store.place_of(ANNA, "d") == Place(second.id, 1)
    assert store.place_of(Caller("eve", "north"), "d") is None
    assert store.place_of(ANNA, "e") is None
