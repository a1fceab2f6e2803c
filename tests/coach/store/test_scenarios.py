"""Scenarios in the store: every version stays, and one tenant never sees another's."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from coach.authoring.versions import ScenarioStore, Version
from coach.errors import Overtaken
from tests.coach.store.samples import START
from tests.coach.store.test_contract import STORES


@pytest.fixture(params=STORES, ids=lambda make: make.__name__)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ScenarioStore]:
    yield from request.param(tmp_path)


def written(source: str | None, scenario: str = "mine", least: int = 1) -> Version:
    return Version(scenario, least, source, "anna", START)


def test_each_change_is_a_version_that_stays(store: ScenarioStore) -> None:
    """Withdrawing is one too; what comes after goes on counting."""
    for source in ("one", "two", None, "four"):
        store.add_scenario("north", written(source), None)
    found = store.scenario_versions("north", "mine")
    assert [(v.version, v.source) for v in found] == [
        (4, "four"),
        (3, None),
        (2, "two"),
        (1, "one"),
    ]
    assert found[0].author == "anna"
    assert found[0].at == START
    assert store.current_scenarios("north") == found[:1]


def test_numbers_go_on_from_the_one_that_ships(store: ScenarioStore) -> None:
    """So that no number means two things."""
    assert store.add_scenario("north", written("a", least=4), None).version == 4
    assert store.add_scenario("north", written("b", least=4), None).version == 5


def test_what_is_withdrawn_is_not_current(store: ScenarioStore) -> None:
    """And the others are, by the alphabet."""
    for scenario in ("b", "a", "c"):
        store.add_scenario("north", written("x", scenario), None)
    store.add_scenario("north", written(None, "b"), None)
    assert [v.scenario for v in store.current_scenarios("north")] == ["a", "c"]


def test_one_of_two_editors_wins(store: ScenarioStore) -> None:
    """The other is told, and nothing of theirs is stored."""
    store.add_scenario("north", written("one"), 0)
    store.add_scenario("north", written("two"), 1)
    with pytest.raises(Overtaken):
        store.add_scenario("north", written("late"), 1)
    assert len(store.scenario_versions("north", "mine")) == 2


def test_many_at_once_get_a_number_each(store: ScenarioStore) -> None:
    """No two writers share a version."""
    with ThreadPoolExecutor(6) as threads:
        made = threads.map(lambda n: store.add_scenario("north", written(str(n)), None), range(12))
        assert sorted(v.version for v in made) == list(range(1, 13))


def test_a_change_is_seen_by_its_number(store: ScenarioStore) -> None:
    """Another tenant's isn't."""
    seen = [store.last_change("north")]
    store.add_scenario("south", written("x"), None)
    seen.append(store.last_change("north"))
    store.add_scenario("north", written("x"), None)
    seen.append(store.last_change("north"))
    store.add_scenario("north", written(None), None)
    seen.append(store.last_change("north"))
    assert seen[0] == seen[1]
    assert len(set(seen)) == 3


def test_tenants_are_apart(store: ScenarioStore) -> None:
    """In what they wrote and in what they played."""
    store.add_scenario("north", written("theirs"), None)
    store.keep_played("north", "f1", "theirs")
    assert store.current_scenarios("south") == []
    assert store.scenario_versions("south", "mine") == []
    assert store.played("south", "f1") is None


def test_what_was_played_is_kept_once(store: ScenarioStore) -> None:
    """The first text of a fingerprint stays."""
    store.keep_played("north", "f1", "as played")
    store.keep_played("north", "f1", "the same, written otherwise")
    assert store.played("north", "f1") == "as played"
    assert store.played("north", "f2") is None
