"""Replies to one objection side by side: which are shown, and what a voter may see. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from coach.session import Session, Turn
from coach.workshops.keeping import Option, Round
from coach.workshops.reading import Reading, Reply

MOST = 5
LEAST = 2


@dataclass(frozen=True)
class Topic:
    """An act of the buyer that several people answered; ``objection`` as most of them heard it."""

    scenario: str
    act: str
    objection: str
    people: int


@dataclass(frozen=True)
class Shown:
    """A reply in a vote. ``turn`` holds its verdicts and claims; None while the vote is blind.
    ``votes`` is 0 until then; ``mine`` tells the voter their own words."""

    position: int
    objection: str
    text: str
    mine: bool
    turn: Turn | None
    votes: int


@dataclass(frozen=True)
class Ballot:
    """A round as one person may see it. ``voted`` is how many have; ``choice`` their own."""

    round: Round
    objection: str
    options: tuple[Shown, ...]
    voted: int
    choice: int | None

    @property
    def is_revealed(self) -> bool:
        return self.round.revealed_at is not None


def topics_of(readings: Sequence[Reading]) -> tuple[Topic, ...]:
    """Those that at least two people answered in different words, the most answered first."""
    found = [
        Topic(scenario, act, _common(replies), len(replies))
        for (scenario, act), replies in _answered(readings).items()
        if len({reply.text for reply in replies}) >= LEAST
    ]
    return tuple(sorted(found, key=lambda one: (-one.people, one.scenario, one.act)))


def options_of(
    readings: Sequence[Reading], scenario: str, act: str, salt: str
) -> tuple[Option, ...]:
    """Up to five replies, from the weakest to the best of them, in an order that tells nothing."""
    replies = list({r.text: r for r in _answered(readings).get((scenario, act), ())}.values())
    replies.sort(key=lambda one: (one.kept - one.missed, one.session))
    if len(replies) > MOST:
        step = (len(replies) - 1) / (MOST - 1)
        replies = [replies[round(step * n)] for n in range(MOST)]
    replies.sort(key=lambda one: sha256(f"{salt} {one.session}".encode()).digest())
    return tuple(Option(n, one.session, one.turn) for n, one in enumerate(replies, start=1))


def _answered(readings: Sequence[Reading]) -> dict[tuple[str, str], list[Reply]]:
    """By scenario and act one reply of each person: the first of their latest session."""
    latest: dict[tuple[str, str, str], Reply] = {}
    for reading in readings:
        for reply in reversed(reading.replies):
            latest[reading.scenario, reply.act, reply.user] = reply
    found: dict[tuple[str, str], list[Reply]] = {}
    for (scenario, act, _), reply in latest.items():
        found.setdefault((scenario, act), []).append(reply)
    return found


def _common(replies: Sequence[Reply]) -> str:
    return Counter(reply.objection for reply in replies).most_common(1)[0][0]


def ballot_of(shown: Round, sessions: Sequence[Session], user: str) -> Ballot:
    """``sessions`` are those of the options; what was deleted since is left out."""
    by_id = {one.id: one for one in sessions}
    options = [_shown(shown, one, by_id[one.session], user) for one in shown.options
               if one.session in by_id]  # fmt: skip
    said = Counter(one.objection for one in options).most_common(1)
    return Ballot(
        shown,
        said[0][0] if said else "",
        tuple(options),
        len(shown.votes),
        shown.votes.get(user),
    )


def _shown(of: Round, option: Option, session: Session, user: str) -> Shown:
    revealed = of.revealed_at is not None
    turn = session.turns[option.turn]
    return Shown(
        option.position,
        session.turns[option.turn - 1].text,
        turn.text,
        session.owner.user == user,
        turn if revealed else None,
        sum(position == option.position for position in of.votes.values()) if revealed else 0,
    )
