"""A session as xAPI 1.0.3 statements. Pure; the same session gives the same statements and ids.

https://github.com/adlnet/xAPI-Spec/blob/1.0.3/xAPI-Data.md says what each part must hold. The
version is left out, as it says, for the LRS to set.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid5

from coach.assessment import Verdict
from coach.exports.outcome import Outcome, outcome_of
from coach.scenario import Scenario
from coach.session import Session, Speaker, Turn

#: Where no public address is set. Ids must be addresses; none of them is ever fetched.
NOWHERE = "http://localhost/objection-coach"

_IDS = UUID("6f0f8a52-55a4-4f0c-9d5e-3b0f7f3f9b51")  # ours: ids of statements are made from it
_VERBS = "http://adlnet.gov/expapi/verbs/"
_SIMULATION = "http://adlnet.gov/expapi/activities/simulation"
_INTERACTION = "http://adlnet.gov/expapi/activities/cmi.interaction"

Statement = dict[str, Any]


class Statements:
    """Makes statements that name this coach by ``address``."""

    def __init__(self, address: str | None) -> None:
        self._address = (address or NOWHERE).rstrip("/")

    def of(self, session: Session, scenario: Scenario) -> Iterator[Statement]:
        """Attempted; answered, for each reply; completed, passed or failed once it ended."""
        outcome = outcome_of(session, scenario)
        yield self._about(outcome, scenario, "attempted", outcome.started_at)
        # What a branch has from its parent was answered there.
        first = session.parent.turn if session.parent else 0
        for asked, turn in zip(session.turns, session.turns[1:], strict=False):
            if turn.speaker is Speaker.SELLER and turn.index >= first:
                yield self._answered(outcome, scenario, asked, turn)
        if outcome.ended_at is not None:
            result = _result(outcome)
            verbs = ["completed"]
            if outcome.score is not None:  # a session that nobody could score is neither
                verbs.append("passed" if outcome.success else "failed")
            for verb in verbs:
                yield self._about(outcome, scenario, verb, outcome.ended_at) | {"result": result}

    def _about(self, outcome: Outcome, scenario: Scenario, verb: str, at: datetime) -> Statement:
        whole = self._scenario(scenario)
        group = {"id": f"{self._address}/scenarios?kind={outcome.kind}", "objectType": "Activity"}
        return self._statement(outcome, verb, at, whole, {"grouping": [group]})

    def _answered(self, outcome: Outcome, scenario: Scenario, asked: Turn, turn: Turn) -> Statement:
        place = f"{self._address}/sessions/{quote(outcome.session)}/turns/{asked.index}"
        definition = {
            "type": _INTERACTION,
            "interactionType": "long-fill-in",
            "description": {"en": asked.text},
        }
        question = {"objectType": "Activity", "id": place, "definition": definition}
        parent = {"objectType": "Activity", "id": self._scenario(scenario)["id"]}
        made = self._statement(
            outcome, "answered", turn.at, question, {"parent": [parent]}, str(turn.index)
        )
        return made | {"result": _reply(asked, turn)}

    def _scenario(self, scenario: Scenario) -> dict[str, Any]:
        return {
            "objectType": "Activity",
            "id": f"{self._address}/scenarios/{quote(scenario.id, safe='')}",
            "definition": {
                "type": _SIMULATION,
                "name": {"en": scenario.title},
                "description": {"en": scenario.summary},
            },
        }

    def _statement(
        self,
        outcome: Outcome,
        verb: str,
        at: datetime,
        about: dict[str, Any],
        activities: dict[str, Any],
        part: str = "",
    ) -> Statement:
        account = {"homePage": self._address, "name": outcome.user}
        return {
            "id": str(uuid5(_IDS, f"{outcome.session}/{part}/{verb}")),
            "actor": {"objectType": "Agent", "account": account},
            "verb": {"id": _VERBS + verb, "display": {"en": verb}},
            "object": about,
            "context": {
                "registration": str(_registration(outcome.session)),
                "platform": "Objection Coach",
                "language": "en",
                "contextActivities": activities,
                "extensions": {
                    f"{self._address}/xapi/difficulty": outcome.difficulty,
                    f"{self._address}/xapi/persona": outcome.persona,
                    f"{self._address}/xapi/scenario-version": outcome.scenario_version,
                },
            },
            "timestamp": at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        }


def _registration(session: str) -> UUID:
    """The session's own id, which is a UUID without its dashes."""
    try:
        return UUID(session)
    except ValueError:
        return uuid5(_IDS, session)


def _result(outcome: Outcome) -> dict[str, Any]:
    lasted = (outcome.ended_at or outcome.started_at) - outcome.started_at
    result: dict[str, Any] = {"completion": True, "duration": duration(lasted)}
    if outcome.score is not None:
        score = {"scaled": outcome.score / 100, "raw": outcome.score, "min": 0, "max": 100}
        result |= {"score": score, "success": bool(outcome.success)}
    return result


def _reply(asked: Turn, turn: Turn) -> dict[str, Any]:
    """Scored by its checks, where any applied."""
    result: dict[str, Any] = {"response": turn.text, "duration": duration(turn.at - asked.at)}
    verdicts = [check.verdict for check in turn.assessment.checks] if turn.assessment else []
    yes, no = verdicts.count(Verdict.YES), verdicts.count(Verdict.NO)
    if turn.assessment and turn.assessment.scored and yes + no:
        scaled = round(yes / (yes + no), 4)
        result["score"] = {"scaled": scaled, "raw": yes, "min": 0, "max": yes + no}
        result["success"] = no == 0
    return result


def duration(lasted: timedelta) -> str:
    """ISO 8601, in hundredths of a second as the specification wants it."""
    seconds = max(lasted.total_seconds(), 0.0)
    return f"PT{seconds:.2f}S"
