"""Domain objects to rows and back. Nothing here talks to a database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping

from coach.assessment import assessment_from
from coach.buyer import BuyerState
from coach.diagnosis.closeness import Closeness
from coach.scenario import Difficulty
from coach.session import (
    Caller,
    Engine,
    Guess,
    HintUse,
    ModelWork,
    Parent,
    Provenance,
    Session,
    Speaker,
    Status,
    Turn,
)

Record = dict[str, Any]

_WORK = ("wording", "judging")  # of a provenance


def session_record(session: Session) -> Record:
    """The row of ``sessions``; roles stay out, they belong to the caller of the moment."""
    return {
        "id": session.id,
        "tenant": session.owner.tenant,
        "owner": session.owner.user,
        "scenario": session.scenario,
        "scenario_version": session.scenario_version,
        "persona": session.persona,
        "difficulty": session.difficulty.value,
        "seed": session.seed,
        "status": session.status.value,
        "engine": asdict(session.engine),
        "created_at": session.created_at,
        "parent_session": session.parent and session.parent.session,
        "parent_turn": session.parent and session.parent.turn,
        "state": session.state.as_record(),
        "turn_count": session.turn_count,
        "debrief": None if session.debrief is None else dict(session.debrief),
        "scenario_fingerprint": session.scenario_fingerprint,
        "root": session.root,
    }


def session_from(
    row: RowMapping,
    turns: Iterable[RowMapping] = (),
    hints: Iterable[RowMapping] = (),
    guesses: Iterable[RowMapping] = (),
) -> Session:
    parent = row["parent_session"]
    return Session(
        id=row["id"],
        owner=Caller(user=row["owner"], tenant=row["tenant"]),
        scenario=row["scenario"],
        scenario_version=row["scenario_version"],
        persona=row["persona"],
        difficulty=Difficulty(row["difficulty"]),
        seed=row["seed"],
        status=Status(row["status"]),
        engine=Engine(**row["engine"]),
        created_at=row["created_at"],
        state=BuyerState.from_record(row["state"]),
        turns=tuple(turn_from(turn) for turn in turns),
        turn_count=row["turn_count"],
        parent=None if parent is None else Parent(parent, row["parent_turn"]),
        hints=tuple(hint_from(hint) for hint in hints),
        debrief=row["debrief"],
        scenario_fingerprint=row["scenario_fingerprint"],
        root=row["root"],
        guesses=tuple(guess_from(guess) for guess in guesses),
    )


def turn_record(session_id: str, turn: Turn) -> Record:
    made = turn.provenance
    return {
        "session_id": session_id,
        "index": turn.index,
        "speaker": turn.speaker.value,
        "text": turn.text,
        "at": turn.at,
        "act": turn.act,
        "reason": turn.reason,
        "assessment": turn.assessment and asdict(turn.assessment),
        "provenance": made and _provenance_record(made),
        "state": turn.state and turn.state.as_record(),
    }


def turn_from(row: RowMapping) -> Turn:
    assessment, provenance, state = row["assessment"], row["provenance"], row["state"]
    return Turn(
        index=row["index"],
        speaker=Speaker(row["speaker"]),
        text=row["text"],
        at=row["at"],
        act=row["act"],
        reason=row["reason"],
        assessment=None if assessment is None else assessment_from(assessment),
        provenance=None if provenance is None else provenance_from(provenance),
        state=None if state is None else BuyerState.from_record(state),
    )


def _provenance_record(made: Provenance) -> Record:
    work = {name: asdict(getattr(made, name)) for name in _WORK}
    return {**vars(made), "prompts": dict(made.prompts), **work}


def provenance_from(raw: Record) -> Provenance:
    """Older turns don't tell what it took."""
    return Provenance(**{**raw, **{name: _work_from(raw.get(name)) for name in _WORK}})


def _work_from(raw: Record | None) -> ModelWork:
    given = raw or {}
    return ModelWork(**{**given, "faults": tuple(given.get("faults", ()))})


def hint_from(row: RowMapping) -> HintUse:
    return HintUse(row["turn"], row["level"], row["text"], tuple(row["words"] or ()))


def hint_record(session_id: str, hint: HintUse, at: datetime) -> Record:
    return {"session_id": session_id, **asdict(hint), "at": at}


def guess_record(session_id: str, guess: Guess) -> Record:
    return {"session_id": session_id, **asdict(guess), "level": guess.level.value}


def guess_from(row: RowMapping) -> Guess:
    return Guess(row["turn"], row["text"], Closeness(row["level"]), row["concern"])
