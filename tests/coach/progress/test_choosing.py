"""What to practise next: one thing, with the reason in a sentence."""

from __future__ import annotations

from coach.progress import Choice, Seen
from coach.progress.choosing import Known, choose
from coach.progress.drills import drills
from coach.progress.mastery import masteries
from coach.progress.practised import Practised
from coach.scenario import Difficulty
from coach.scenario_book import load_scenarios
from tests.coach.progress.log import NOW, day, practised, seen

SCENARIOS = load_scenarios().all()
INTEREST = next(one for one in SCENARIOS if one.id == "interest")
SHARED, ELSEWHERE = "acknowledges-first", "owns-it"


def chosen(seen: list[Seen], *sessions: Practised) -> Choice:
    return choose(Known(masteries(seen, NOW), drills(seen, NOW), sessions, SCENARIOS))


def test_who_never_practised_begins_at_the_beginning() -> None:
    """With the first scenario as it is meant."""
    found = chosen([])
    assert (found.scenario, found.difficulty) == (SCENARIOS[0].id, SCENARIOS[0].difficulty)
    assert found.why.startswith("Nothing is practised yet")
    assert found.miss is None


def test_a_due_drill_comes_first_with_the_words_that_missed() -> None:
    """Where it was missed, with somebody else than last time."""
    first, second = (persona.id for persona in INTEREST.personas[:2])
    found = chosen(seen("n", 5, SHARED), practised(persona=first))
    assert (found.scenario, found.check, found.persona) == ("interest", SHARED, second)
    assert "It is time again" in found.why
    assert "“I said so”" in found.why
    assert found.due_at == day(4)
    assert found.why.count(".") + found.why.count("?") <= 2  # the question's own, and the end


def test_before_it_is_due_the_weakest_is_next() -> None:
    """And what is hard for somebody is tried an easier way."""
    times = [*seen("nnnn", 3, SHARED), *seen("yyyyy", 4, ELSEWHERE)]
    found = chosen(times, practised(difficulty=Difficulty.NORMAL))
    assert found.check == SHARED
    assert found.why.startswith("Your weakest check")
    assert found.difficulty is Difficulty.EASY


def test_a_check_that_no_scenario_asks_for_is_passed_over() -> None:
    """It can't be practised any more."""
    assert chosen(seen("n", 5, "of-a-scenario-withdrawn")).check == ""


def test_a_check_goes_on_in_another_scenario_where_its_own_is_gone() -> None:
    """The same id is the same skill."""
    found = chosen(seen("n", 5, SHARED, scenario="withdrawn"))
    assert found.check == SHARED
    assert any(item.id == SHARED for s in SCENARIOS if s.id == found.scenario for item in s.checks)


def test_when_all_goes_well_new_scenarios_follow() -> None:
    """Then the one that was left alone longest, harder than last time."""
    kept = seen("yyyyyy", 6, SHARED)
    fresh = chosen(kept, practised(scenario=SCENARIOS[0].id))
    assert fresh.scenario == SCENARIOS[1].id
    assert "new to you" in fresh.why
    all_of_them = [
        practised(f"s{n}", scenario=one.id, created_at=day(20 - n))
        for n, one in enumerate(SCENARIOS)
    ]
    again = chosen(kept, *reversed(all_of_them))
    assert (again.scenario, again.difficulty) == (SCENARIOS[0].id, Difficulty.HARD)


def test_a_long_quote_is_cut() -> None:
    """The reason stays a sentence that can be read."""
    long = [one.__class__(**{**vars(one), "quote": "word " * 90}) for one in seen("n", 5, SHARED)]
    assert len(chosen(long).why) < 400
