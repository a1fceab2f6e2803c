"""Statements for an LMS: valid xAPI 1.0.3, and the same again at each export."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError
from ralph.models.xapi.base.statements import BaseXapiStatement

from coach.exports.statements import Statements, duration
from coach.scenario import Scenario
from coach.scenario_book import load_scenarios
from coach.session import Parent, Session, Status
from tests.coach.store.samples import SELLER_TEXT, exchange_at, new_session

ADDRESS = "https://coach.example.com/"


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenarios().get("trust-unknown")


def played(status: Status, replies: int = 2, **changes: Any) -> Session:
    session = new_session(id="0a" * 16, **changes)
    for n in range(replies):
        last = n == replies - 1
        exchange = exchange_at(2 * n + 1, status if last else Status.ACTIVE)
        turns = (*session.turns, exchange.seller, exchange.buyer)
        session = replace(session, turns=turns, turn_count=len(turns), status=exchange.status)
    return session


def statements(session: Session, scenario: Scenario) -> list[dict[str, Any]]:
    return list(Statements(ADDRESS).of(session, scenario))


@pytest.mark.parametrize("status", list(Status))
def test_statements_are_valid(status: Status, scenario: Scenario) -> None:
    """Each keeps the rules of the specification, as ralph-malph checks them."""
    made = statements(played(status), scenario)
    for statement in made:
        BaseXapiStatement.model_validate(statement)
    spoiled = made[0] | {"verb": {"id": "not an IRI"}}
    with pytest.raises(ValidationError):
        BaseXapiStatement.model_validate(spoiled)


def test_what_is_told(scenario: Scenario) -> None:
    """Attempted, answered for each reply, completed, and passed or failed by the debrief."""
    made = statements(played(Status.WALKED_AWAY), scenario)
    assert [one["verb"]["display"]["en"] for one in made] == [
        *("attempted", "answered", "answered", "completed", "failed")
    ]
    assert {one["actor"]["account"]["name"] for one in made} == {"anna"}
    assert {one["actor"]["account"]["homePage"] for one in made} == {"https://coach.example.com"}
    assert {one["context"]["registration"] for one in made} == {
        "0a0a0a0a-0a0a-0a0a-0a0a-0a0a0a0a0a0a"
    }
    assert made[0]["object"]["id"] == "https://coach.example.com/scenarios/trust-unknown"
    assert made[0]["timestamp"] == "2026-03-02T09:30:00.123456Z"
    answered = made[1]
    assert answered["object"]["definition"]["description"]["en"] == "Hello. I have ten minutes."
    assert answered["result"] == {
        "response": SELLER_TEXT,
        "duration": "PT1.00S",
        "score": {"scaled": 1.0, "raw": 1, "min": 0, "max": 1},
        "success": True,
    }
    assert made[-1]["result"]["completion"] is True
    assert made[-1]["result"]["success"] is False
    assert made[-1]["result"]["duration"] == "PT3.04S"


def test_exported_again(scenario: Scenario) -> None:
    """The ids are the same, so that an LMS doesn't count twice; what came since is added."""
    before = statements(played(Status.ACTIVE), scenario)
    again = statements(played(Status.ENDED), scenario)
    assert again[: len(before)] == before
    ids = [one["id"] for one in again]
    assert len(set(ids)) == len(ids) == len(before) + 2


def test_a_branch_tells_only_its_own(scenario: Scenario) -> None:
    """What it has from the session it was taken from was answered there, and isn't told again."""
    made = statements(played(Status.ENDED, parent=Parent("0b" * 16, 3)), scenario)
    answered = [one["object"]["id"] for one in made if one["verb"]["id"].endswith("answered")]
    assert [place.rpartition("/")[2] for place in answered] == ["2"]


def test_an_unscored_session_is_neither_passed_nor_failed(scenario: Scenario) -> None:
    """Nothing was said, so there is no score: it is completed, and that is all."""
    made = statements(new_session(status=Status.ENDED), scenario)
    assert [one["verb"]["display"]["en"] for one in made] == ["attempted", "completed"]
    assert "score" not in made[-1]["result"]


def test_durations() -> None:
    """ISO 8601 in hundredths, never below zero."""
    assert duration(timedelta(hours=1, seconds=2.346)) == "PT3602.35S"
    assert duration(timedelta(seconds=-3)) == "PT0.00S"


def test_without_an_address(scenario: Scenario) -> None:
    """Ids are addresses all the same, and times are in UTC wherever the session was."""
    east = datetime(2026, 3, 2, 9, 30, tzinfo=UTC).astimezone()
    session = new_session(created_at=east)
    [made] = Statements(None).of(session, scenario)
    BaseXapiStatement.model_validate(made)
    assert made["object"]["id"].startswith("http://localhost/objection-coach/")
    assert made["timestamp"] == "2026-03-02T09:30:00Z"
