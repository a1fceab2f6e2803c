"""Shared checks: taken by name, changed where a scenario says so, hard rules in any case."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from coach.authoring.reading import read_scenario, scenario_of
from coach.authoring.schema import scenario_schema
from coach.authoring.starting import START
from coach.authoring.writing import as_yaml
from coach.rubric import RubricItem, rubrics, shared_check, with_hard_rules
from knowledge.evidence import Truth
from tests.made_buyers import PLAIN


def test_a_scenario_takes_a_shared_check_and_changes_what_it_gives_itself() -> None:
    item = RubricItem.model_validate({"use": "conversation/acknowledges-first", "tip": "Ours."})
    assert (item.id, item.tip, item.rubric) == ("acknowledges-first", "Ours.", "conversation@1")
    assert item.question == shared_check("conversation/acknowledges-first")["question"]


def test_a_shared_check_that_isnt_there_is_told_with_those_that_are() -> None:
    with pytest.raises(ValidationError, match=r"no shared check 'conversation/x'.*no-pressure"):
        RubricItem.model_validate({"use": "conversation/x"})


def test_what_was_taken_is_kept_whole_with_the_version_it_was_taken_in() -> None:
    """A stored scenario goes on judging by the words that it was played with."""
    taken = scenario_of(START.read_text("utf-8"), "start")
    again = scenario_of(as_yaml(taken), "stored")
    assert again == taken
    assert again.fingerprint == taken.fingerprint
    assert "conversation@1" in {item.rubric for item in again.rubric}


def test_a_scenario_of_before_goes_on_working_with_its_own_checks() -> None:
    """Nothing of its rubric is changed; the hard rules it doesn't hold come on top."""
    assert [item.rubric for item in PLAIN.rubric] == ["", "", ""]
    added = [item.id for item in PLAIN.checks[len(PLAIN.rubric) :]]
    assert added == ["no-false-scarcity", "no-disparagement"]


@pytest.mark.parametrize("truth", [None, *Truth])
def test_hard_rules_are_added_by_the_truth_of_the_rumour(truth: Truth | None) -> None:
    added = {item.id for item in with_hard_rules((), truth)}
    of = {
        None: set(),
        Truth.TRUE: {"true-rumour-not-denied"},
        Truth.FALSE: {"false-rumour-not-owned"},
        Truth.UNKNOWN: {"unknown-not-asserted"},
    }[truth]
    assert added == {"no-invention", "no-false-scarcity", "no-disparagement"} | of
    assert all(item.fatal for item in with_hard_rules((), truth))


def test_every_shared_check_is_whole() -> None:
    for rubric in rubrics().values():
        for check in rubric.checks:
            RubricItem.model_validate({"use": f"{rubric.id}/{check}"})


def test_a_fault_in_a_shared_check_is_told_with_its_line() -> None:
    text = START.read_text("utf-8").replace("conversation/proves-claims", "conversation/provs")
    (fault,) = read_scenario(text).faults
    assert "no shared check 'conversation/provs'" in fault.msg
    assert fault.line


def test_editors_take_a_check_that_only_names_a_shared_one() -> None:
    item = scenario_schema()["$defs"]["RubricItem"]
    assert {"required": ["use"]} in item["anyOf"]
    assert "required" not in item
