"""What every Store does with gaps: counted once per occasion, ranked, apart by tenant."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from coach.errors import BadInput, NotFound
from coach.gaps import Example, Gap, GapsWanted, Met, Sighting
from coach.ports import Store
from coach.suggestion import Lack
from tests.coach.store.samples import START
from tests.coach.store.test_contract import store

__all__ = ["store"]  # the fixture, over every implementation

ANY = GapsWanted()
LIVE = Sighting(
    Lack.REFERENCE, "trust_unknown", Example("Who else?", Met.LIVE), START, sector="Public Sector"
)
PRACTISED = replace(LIVE, example=Example("Never heard of you.", Met.PRACTICE), occasion="s1")


def counted(store: Store, *sightings: Sighting, tenant: str = "north") -> list[Gap]:
    store.count_gaps(tenant, sightings)
    return store.gaps(tenant, ANY, 50, None)[0]


def test_a_gap_keeps_what_was_met(store: Store) -> None:
    """Both counts apart, first and last day in UTC, and the words, newest first."""
    later = replace(PRACTISED, at=START + timedelta(days=2))
    (gap,) = counted(store, LIVE, later)
    assert gap == Gap(
        id=LIVE.gap_of("north"),
        lack=Lack.REFERENCE,
        objection="trust_unknown",
        topic="",
        competitor=None,
        sector="Public Sector",
        live=1,
        practice=1,
        first_seen=START,
        last_seen=START + timedelta(days=2),
        examples=(PRACTISED.example, LIVE.example),
    )
    assert store.gap("north", gap.id) == gap


def test_an_occasion_counts_once(store: Store) -> None:
    """A buyer who repeats itself in one session is one session; each live request counts."""
    again = replace(PRACTISED, occasion="s2")
    (gap,) = counted(store, PRACTISED, PRACTISED, again, PRACTISED, LIVE, LIVE)
    assert (gap.live, gap.practice) == (2, 2)


def test_names_are_one_without_case(store: Store) -> None:
    """As first written; another objection, lack, topic, sector or competitor is another gap."""
    shouted = replace(LIVE, sector="PUBLIC  SECTOR")
    (gap,) = counted(store, LIVE, shouted)
    assert (gap.sector, gap.live) == ("Public Sector", 2)
    others = (
        replace(LIVE, objection="interest"),
        replace(LIVE, lack=Lack.PROOF),
        replace(LIVE, topic="interest/size"),
        replace(LIVE, sector="retail"),
        replace(LIVE, competitor="Meridant"),
    )
    assert len(counted(store, *others)) == 6


def test_three_examples_are_kept(store: Store) -> None:
    """The latest, each wording once, cut to 300 characters and one line."""
    said = [replace(LIVE, example=Example(f"No. {n}", Met.LIVE)) for n in range(5)]
    (gap,) = counted(store, *said, said[3])
    assert [one.words for one in gap.examples] == ["No. 3", "No. 4", "No. 2"]
    (gap,) = counted(store, replace(LIVE, example=Example("a\n " + "b" * 999, Met.LIVE)))
    assert gap.examples[0].words == "a " + "b" * 297 + "…"


def test_the_most_frequent_come_first(store: Store) -> None:
    """By live and then practice; asked for practice, by that alone."""
    often, live, both = (replace(LIVE, topic=name) for name in ("often", "live", "both"))
    drilled = [replace(PRACTISED, topic="often", occasion=f"s{n}") for n in range(3)]
    once = replace(PRACTISED, topic="both")
    met = (often, *drilled, live, live, both, once)
    assert [gap.topic for gap in counted(store, *met)] == ["live", "often", "both"]
    practised, _ = store.gaps("north", GapsWanted(met=Met.PRACTICE), 50, None)
    assert [gap.topic for gap in practised] == ["often", "both"]


@pytest.mark.parametrize("met", [None, Met.LIVE, Met.PRACTICE])
@pytest.mark.parametrize(("limit", "pages"), [(1, 6), (4, 2), (6, 1)])
def test_pages(store: Store, limit: int, pages: int, met: Met | None) -> None:
    """One after the other they hold every gap once, also those that are met equally often."""
    for n in range(6):
        one = replace(LIVE, topic=f"t{n}"), replace(PRACTISED, topic=f"t{n}", occasion=f"s{n % 2}")
        store.count_gaps("north", one * (1 + n // 3))
    found, seen, cursor = [], 0, None
    while cursor or not seen:
        page, cursor = store.gaps("north", GapsWanted(met=met), limit, cursor)
        found, seen = [*found, *page], seen + 1
    assert (seen, len({gap.id for gap in found}), len(found)) == (pages, 6, 6)


@pytest.mark.parametrize("cursor", ["%%%", "a", "MSAy", "LTEgMiB4", "MSAyIA", "ключ"])
def test_a_bad_cursor(store: Store, cursor: str) -> None:
    """Is refused with what to do about it."""
    with pytest.raises(BadInput, match="next_cursor"):
        store.gaps("north", ANY, 10, cursor)


def test_a_list_can_be_narrowed(store: Store) -> None:
    """By competitor and sector, without case, and by where it was met."""
    rival = replace(LIVE, lack=Lack.COMPARISON, sector=None, competitor="Östra")
    counted(store, LIVE, rival, replace(PRACTISED, sector="retail"))

    def topics(**wanted: str | Met) -> int:
        return len(store.gaps("north", GapsWanted(**wanted), 50, None)[0])  # type: ignore[arg-type]

    assert topics(competitor="östra") == topics(sector="PUBLIC SECTOR") == 1
    assert (topics(met=Met.LIVE), topics(met=Met.PRACTICE), topics(sector="mining")) == (2, 1, 0)


def test_a_dismissed_gap_is_gone(store: Store) -> None:
    """With what was counted; met again, in the same session too, it begins anew."""
    (gap,) = counted(store, LIVE, PRACTISED)
    store.dismiss_gap("north", gap.id)
    assert store.gaps("north", ANY, 50, None) == ([], None)
    for gone in (store.gap, store.dismiss_gap):
        with pytest.raises(NotFound, match="no gap"):
            gone("north", gap.id)
    (gap,) = counted(store, PRACTISED)
    assert (gap.live, gap.practice) == (0, 1)


def test_tenants_are_apart(store: Store) -> None:
    """Nobody sees, counts into or dismisses what is another's."""
    (mine,) = counted(store, LIVE)
    (other,) = counted(store, LIVE, LIVE, tenant="south")
    assert (mine.live, other.live) == (1, 2)
    with pytest.raises(NotFound):
        store.dismiss_gap("south", mine.id)
    with pytest.raises(NotFound):
        store.gap("south", mine.id)


def test_nothing_is_lost_when_many_count_at_once(store: Store) -> None:
    """Eight threads, two hundred sightings, one gap; and each session once."""
    sessions = [replace(PRACTISED, occasion=f"s{n % 50}") for n in range(100)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda s: store.count_gaps("north", [s]), [LIVE] * 100 + sessions))
    (gap,) = store.gaps("north", ANY, 50, None)[0]
    assert (gap.live, gap.practice) == (100, 50)
