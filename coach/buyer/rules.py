"""How hard a buyer is to win, what each move is worth to one, and what can't be undone."""

from __future__ import annotations

from dataclasses import dataclass

from coach.moves import MoveKind as M
from coach.scenario import Difficulty


@dataclass(frozen=True)
class Rules:
    """How hard the buyer is to win."""

    trust: float  # at the start
    patience: float
    gain: float
    loss: float
    need_share: float  # of a concern's needs, before it is answered
    accept: float  # trust below which nothing is conceded
    agree: float  # trust for a next step
    reveal: float  # trust for telling a hidden concern
    explored: int  # open questions on the opening concern before an answer counts
    explore_each: bool  # ... and on every other
    hidden_too: bool  # must hidden concerns be found and answered?


RULES = {
    Difficulty.EASY: Rules(
        42, 100, 1.25, 0.8, 0.5, 38, 46, 42, 1, explore_each=False, hidden_too=False
    ),
    Difficulty.NORMAL: Rules(
        34, 90, 1.0, 1.0, 0.6, 42, 52, 44, 1, explore_each=False, hidden_too=True
    ),
    Difficulty.HARD: Rules(
        28, 80, 0.9, 1.25, 1.0, 46, 56, 48, 1, explore_each=True, hidden_too=True
    ),
}

LONGEST = 40  # seller turns; nobody has more time than that

#: (trust, value, patience) for a move, once per message. Gains fade with repetition.
GAINS = {
    M.ACKNOWLEDGE: (5, 0, 2),
    M.REFLECT: (5, 0, 2),
    M.EXPLORE: (4, 0, 2),
    M.ASK: (1, 0, 0),
    M.EVIDENCE: (4, 5, 1),
    M.ADMIT: (4, 0, 1),
    M.COMMIT: (3, 1, 1),
}
LOSSES = {
    M.DENY: (-30, 0, -22),
    M.DISPARAGE: (-12, 0, -12),
    M.PUSH: (-10, 0, -14),
    M.DISCOUNT: (-4, -4, -5),
    M.FLATTER: (-2, 0, -3),
    M.DISMISS: (-8, 0, -9),
    M.INVENT: (-15, -3, -10),
    M.MONOLOGUE: (-2, 0, -9),
    M.STUFF: (-4, 0, -14),
    M.RECITE: (-2, 0, -8),
    M.PROMPT_LIKE: (-5, 0, -16),
    M.OFF_TOPIC: (-1, 0, -13),
    M.FOREIGN: (0, 0, -8),
    M.NOISE: (-1, 0, -12),
}
#: A move as the buyer felt it; the debrief shows these words.
FELT = {
    M.ACKNOWLEDGE: "felt acknowledged",
    M.REFLECT: "heard their own words back",
    M.EXPLORE: "was asked an open question",
    M.ASK: "was asked about it",
    M.EVIDENCE: "was given proof",
    M.ADMIT: "heard an honest concession",
    M.COMMIT: "was promised an answer with a date",
    M.DENY: "heard it denied",
    M.DISPARAGE: "heard others run down",
    M.PUSH: "was pushed",
    M.DISCOUNT: "was offered money off instead of an answer",
    M.FLATTER: "was flattered",
    M.DISMISS: "was brushed aside",
    M.INVENT: "was told something that the evidence doesn't bear out",
    M.MONOLOGUE: "was talked at for too long",
    M.STUFF: "got key words instead of sentences",
    M.RECITE: "was read to, in words that were not the seller's own",
    M.PROMPT_LIKE: "was addressed like a program",
    M.OFF_TOPIC: "heard something beside the point",
    M.FOREIGN: "was addressed in another language",
    M.NOISE: "could not make out the message",
}
#: What can't be undone, in words.
BROKEN = {
    "denied": "a true rumour was denied",
    "owned-falsehood": "a false rumour was owned or apologised for",
    "asserted-unknown": "something nobody knows yet was asserted",
    "invented-again": "more than one claim was invented",
}
PROMISES_REMEMBERED = 5
LONGEST_QUOTE = 240  # characters of the seller's words that are remembered
ON_THE_POINT = 0.42  # likeness of a message to a concern
UNREADABLE = (M.PROMPT_LIKE, M.OFF_TOPIC, M.FOREIGN, M.NOISE, M.STUFF)
CONSTRUCTIVE = (M.ACKNOWLEDGE, M.REFLECT, M.EXPLORE, M.EVIDENCE, M.ADMIT, M.COMMIT, M.CHECK)
#: Flags after which no concession is ever made: what a true, false or unknown rumour forbids.
FATAL = frozenset({"denied", "owned-falsehood", "asserted-unknown", "invented-again"})
