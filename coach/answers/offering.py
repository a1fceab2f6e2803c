"""What may be offered, and in which words. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from coach.assessment import Verdict
from coach.errors import BadInput, Refused
from coach.scenario import Scenario
from coach.session import LOCAL, Caller, Session, Speaker, Turn

LONGEST_WORDING, LONGEST_NOTE = 2000, 500  # characters


@dataclass(frozen=True)
class Offer:
    """A seller's turn of one's own session. ``signature`` is how to sign, where there are no
    accounts yet to tell it."""

    session: str
    turn: int
    note: str = ""
    signature: str = ""


def answer_in(session: Session, index: int) -> tuple[Turn, str]:
    """The seller's turn, and the buyer's words before it."""
    said = {turn.index: turn for turn in session.turns}
    turn, before = said.get(index), said.get(index - 1)
    if turn is None or before is None or turn.speaker is not Speaker.SELLER:
        raise BadInput(f"turn: {index} is no reply of yours in this session")
    return turn, before.text


def refuse_broken(turn: Turn, scenario: Scenario) -> None:
    fatal = {item.id for item in scenario.rubric if item.fatal}
    for check in turn.assessment.checks if turn.assessment else ():
        if check.id in fatal and check.verdict is Verdict.NO and not check.excused:
            raise BadInput(f"this answer broke a rule that must not fail: {check.explanation}")


def signature(caller: Caller, given: str) -> str:
    """Accounts know their names; without any, whoever offers it signs it."""
    name = " ".join(given.split())[:80]
    if name and caller.user != LOCAL.user:
        raise Refused("your answers are signed with the name of your account; leave that out")
    return name or ("a colleague" if caller.user == LOCAL.user else caller.user)


def worded(text: str) -> str:
    text = text.strip()
    if not text or len(text) > LONGEST_WORDING:
        raise BadInput(f"wording: write 1 to {LONGEST_WORDING:,} characters")
    return text


def short(text: str, field: str) -> str:
    text = text.strip()
    if len(text) > LONGEST_NOTE:
        raise BadInput(f"{field}: {LONGEST_NOTE} characters are the most")
    return text
