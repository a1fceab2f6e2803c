"""What a workshop is, who is in it, and which wishes for one are sound. Pure."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from coach.errors import BadInput
from coach.scenario import Difficulty

#: Letters and digits that nobody takes for one another, read aloud or from a projector.
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 8
LONGEST_TITLE, LONGEST_NAME = 120, 40
MOST_SCENARIOS, MOST_ATTEMPTS, MOST_INVITED = 14, 20, 500
PASS_MARK, ATTEMPTS = 60, 3


class State(StrEnum):
    PLANNED = "planned"  # it has a start, and that is still to come
    OPEN = "open"
    PAUSED = "paused"
    OVER = "over"


@dataclass(frozen=True)
class Wish:
    """What a trainer chooses. ``cohort`` are names of users, invited before they come; with
    ``invited_only`` nobody else gets in. ``attempts`` are for each scenario, 0 for as many as they
    like; ``pass_mark`` is a score, 0 to 100."""

    title: str
    scenarios: tuple[str, ...]
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    pass_mark: int = PASS_MARK
    attempts: int = ATTEMPTS
    difficulty: Difficulty | None = None
    same_buyer: bool = True
    guests: bool = False
    names_hidden: bool = False
    cohort: tuple[str, ...] = ()
    invited_only: bool = False


@dataclass(frozen=True)
class Workshop:
    """``trainer`` runs it, and nobody else sees it but those who join. ``seed`` is every session's,
    so that all meet the same buyer; None where chance decides."""

    id: str
    tenant: str
    trainer: str
    title: str
    join_code: str
    scenarios: tuple[str, ...]
    starts_at: datetime | None
    ends_at: datetime | None
    pass_mark: int
    attempts: int
    difficulty: Difficulty | None
    seed: int | None
    guests: bool
    names_hidden: bool
    invited_only: bool
    paused_at: datetime | None
    created_at: datetime

    def state(self, now: datetime) -> State:
        if self.ends_at is not None and now >= self.ends_at:
            return State.OVER
        if self.starts_at is not None and now < self.starts_at:
            return State.PLANNED
        return State.OPEN if self.paused_at is None else State.PAUSED


@dataclass(frozen=True)
class Member:
    """``user`` is who owns their sessions; ``name`` is what the trainer sees. Who was invited and
    hasn't come has no ``joined_at``."""

    user: str
    name: str
    is_guest: bool
    joined_at: datetime | None


def checked(wish: Wish, known: Sequence[str], now: datetime) -> Wish:
    """The wish, or BadInput with what to change; ``known`` are the ids of scenarios."""
    title = " ".join(wish.title.split())
    if not 1 <= len(title) <= LONGEST_TITLE:
        raise BadInput(f"title: give the workshop a title of 1 to {LONGEST_TITLE} characters")
    scenarios = tuple(dict.fromkeys(wish.scenarios))
    if not 1 <= len(scenarios) <= MOST_SCENARIOS:
        raise BadInput(f"scenarios: choose 1 to {MOST_SCENARIOS} of them")
    if gone := [one for one in scenarios if one not in known]:
        raise BadInput(f"scenarios: there is no scenario {gone[0][:60]!r}")
    if wish.ends_at and wish.ends_at <= max(wish.starts_at or now, now):
        raise BadInput("ends_at: the end must come after the start, and is still to come")
    if not 0 <= wish.pass_mark <= 100:
        raise BadInput("pass_mark: a score from 0 to 100")
    if not 0 <= wish.attempts <= MOST_ATTEMPTS:
        raise BadInput(f"attempts: up to {MOST_ATTEMPTS} for each scenario, or 0 for no limit")
    if len(wish.cohort) > MOST_INVITED:
        raise BadInput(f"cohort: {MOST_INVITED} people at most")
    if wish.invited_only and not wish.cohort:
        raise BadInput("cohort: name those who may come, or let everybody in who has the code")
    if wish.invited_only and wish.guests:
        raise BadInput("guests: nobody can be invited by name and be a guest; choose one")
    return Wish(**{**vars(wish), "title": title, "scenarios": scenarios})


def checked_name(name: str) -> str:
    """What a guest is called on the trainer's board."""
    shown = " ".join(name.split())
    if not 1 <= len(shown) <= LONGEST_NAME or not shown.isprintable():
        raise BadInput(f"name: tell the trainer who you are, in 1 to {LONGEST_NAME} characters")
    return shown


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def plain_code(typed: str) -> str:
    """A code as it is stored, however it was typed; "" for what can't be one."""
    code = "".join(typed.upper().replace("-", " ").split())
    return code if len(code) == CODE_LENGTH and set(code) <= set(ALPHABET) else ""


def spaced(code: str) -> str:
    """A code as it is shown."""
    half = CODE_LENGTH // 2
    return f"{code[:half]}-{code[half:]}"
