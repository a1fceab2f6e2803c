"""Scenarios are data that a trainer writes: complete, valid, and clear about what is wrong."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from coach.authoring.reading import scenario_of
from coach.errors import BadInput, NotFound
from coach.moves import MoveKind
from coach.scenario import SCENARIO_ACTS, Act, LinesByAttitude, Scenario
from coach.scenario_book import (
    GUIDE_ORDER,
    SCENARIOS,
    ScenarioBook,
    load_scenarios,
    shared_lines,
)
from knowledge.evidence import Truth

ALL = load_scenarios().all()


def all_lines(scenario: Scenario) -> list[str]:
    lines = [*scenario.opening, *scenario.next_step.accept, *scenario.next_step.decline]
    for concern in scenario.concerns:
        lines += [*concern.say, *concern.explain, *concern.doubt, *concern.accept]
        lines += [line for need in concern.needs for line in need.ask]
    lines += [line for fact in scenario.facts for line in fact.say]
    for by_mood in scenario.lines.values():
        lines += spoken(by_mood)
    return lines


def spoken(by_mood: LinesByAttitude) -> list[str]:
    return [*by_mood.any, *by_mood.warm, *by_mood.neutral, *by_mood.cold]


def test_the_seven_tactical_scenarios_of_the_guide_ship(book: ScenarioBook) -> None:
    """In the guide's order, with the three truths of a rumour."""
    assert tuple(s.id for s in book.all("tactical")) == GUIDE_ORDER[:7]
    truths = {s.rumour.truth for s in book.all() if s.rumour}
    assert truths == {Truth.TRUE, Truth.FALSE, Truth.UNKNOWN}


def test_strategic_scenarios_ship_in_the_order_of_the_guide(book: ScenarioBook) -> None:
    """One for each strategic question, and one for a sector without history."""
    assert tuple(s.id for s in book.all("strategic")) == GUIDE_ORDER[7:]


@pytest.mark.parametrize("scenario", ALL, ids=lambda s: s.id)
def test_a_scenario_is_rich_enough_to_practise(scenario: Scenario) -> None:
    """Three personas, a hidden concern, harmless facts, many lines, and none of them twice."""
    assert len(scenario.personas) >= 3
    assert any(c.hidden for c in scenario.concerns)
    assert len(scenario.facts) >= 5
    assert len(scenario.rubric) >= 6
    lines = all_lines(scenario)
    assert len(lines) >= 100
    assert [line for line, n in Counter(lines).items() if n > 1] == []


@pytest.mark.parametrize("scenario", ALL, ids=lambda s: s.id)
def test_every_rubric_watches_pressure_and_invention(scenario: Scenario) -> None:
    """Pushing and inventing are a no in every scenario."""
    watched = {rule for item in scenario.checks for rule in item.no}
    assert {MoveKind.PUSH, MoveKind.DISPARAGE, MoveKind.INVENT} <= watched


@pytest.mark.parametrize("scenario", [s for s in ALL if s.rumour], ids=lambda s: s.id)
def test_a_rumour_has_a_hard_rule(scenario: Scenario) -> None:
    """How a rumour is handled decides the session, by its truth."""
    fatal = {rule for item in scenario.checks if item.fatal for rule in item.no}
    assert scenario.rumour is not None
    expected = MoveKind.OWN if scenario.rumour.truth is Truth.FALSE else MoveKind.DENY
    assert expected in fatal


@pytest.mark.parametrize("kind", ["tactical", "strategic"])
def test_shared_lines_cover_every_act_that_scenarios_do_not_word(kind: str) -> None:
    """In each attitude there are at least eight lines; nobody buys where a plan is challenged."""
    said = shared_lines(kind)
    bought = {Act.NOT_A_FIT} if kind == "strategic" else set()
    for act in set(Act) - SCENARIO_ACTS - bought:
        for mood in ("warm", "neutral", "cold"):
            assert len(getattr(said[act], mood)) >= 8, (act, mood)


def test_who_challenges_a_plan_does_not_speak_as_a_buyer() -> None:
    """No supplier, no brochure, no contract."""
    lines = [line for by_mood in shared_lines("strategic").values() for line in spoken(by_mood)]
    buying = re.compile(r"\b(?:suppliers?|brochure|contract|signing|your firm)\b")
    assert [line for line in lines if buying.search(line)] == []


#: What only somebody of one trade would say of their own house.
TRADES = re.compile(
    r"\b(?:patients?|wards?|clinics?|depots?|lorr(?:y|ies)|drivers?|council|residents?|hotels?"
    r"|shops?|factory|production line|policyholders?|insurance|pupils?)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("scenario", [s for s in ALL if s.guests], ids=lambda s: s.id)
def test_where_guests_are_welcome_no_line_tells_who_the_buyer_is(scenario: Scenario) -> None:
    """Anybody of the same kind may say it: their trade, place and name stand in slots."""
    particular = {
        words
        for who in scenario.personas
        for words in (who.name, who.organisation, who.sector, who.region, who.role)
    }
    for line in all_lines(scenario):
        assert not TRADES.search(line), line
        assert not [words for words in particular if words in line], line


def test_a_guest_can_be_met_in_five_of_the_seven_tactical_scenarios() -> None:
    """Everybody there may be met with anybody's worries."""
    assert sum(s.guests for s in ALL if s.kind == "tactical") == 5


def test_an_unknown_scenario_names_those_that_exist(book: ScenarioBook) -> None:
    """The error helps whoever mistyped."""
    with pytest.raises(NotFound, match="trust-true-rumour"):
        book.get("trust-tru")


def test_a_fault_is_reported_with_its_field() -> None:
    """A trainer reads which field of which file is wrong."""
    text = (SCENARIOS / "interest.yaml").read_text(encoding="utf-8")
    with pytest.raises(BadInput, match=r"mine\.yaml line \d+: minutes") as caught:
        scenario_of(text.replace("minutes: ", "minutes: many # "), "mine.yaml")
    assert caught.value.errors[0]["loc"] == ["minutes"]


def test_broken_yaml_is_reported_with_its_line() -> None:
    """Not a stack trace but the line."""
    with pytest.raises(BadInput, match=r"mine\.yaml line 2"):
        scenario_of("id: x\n  title: [", "mine.yaml")


def test_yes_and_no_are_words_in_a_rubric() -> None:
    """A trainer need not know that YAML reads a bare yes as true."""
    text = (SCENARIOS / "interest.yaml").read_text(encoding="utf-8")
    plain = text.replace('"yes":', "yes:").replace('"no":', "no:").replace("'yes':", "yes:")
    assert scenario_of(plain.replace("'no':", "no:"), "x").rubric[0].yes is not None


def test_an_unknown_slot_is_refused() -> None:
    """A slot that nothing fills would be spoken as braces."""
    text = (SCENARIOS / "interest.yaml").read_text(encoding="utf-8")
    with pytest.raises(BadInput, match="unknown slot"):
        scenario_of(text.replace("{organisation}", "{organization}"), "x.yaml")
