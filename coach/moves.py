"""What a seller's message can do. Perception finds these moves; the buyer reacts to them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class MoveKind(StrEnum):
    # what helps
    GREET = "greet"
    ACKNOWLEDGE = "acknowledge"  # takes the buyer's concern seriously, in words about it
    EXPLORE = "explore"  # an open question about the buyer's situation or concern
    ASK = "ask"  # a closed question
    REFLECT = "reflect"  # says back what the buyer said or meant
    EVIDENCE = "evidence"  # a claim that the index supports (set after the claims were checked)
    CLAIM = "claim"  # any checkable statement about us, a customer or a competitor
    ADMIT = "admit"  # concedes a limit, or that a competitor is ahead in something
    OWN = "own"  # says that the bad thing happened and that it was ours
    CORRECT = "correct"  # says that a rumour is not so, and gives the fact
    COMMIT = "commit"  # promises to find out or deliver something by a date
    CHECK = "check"  # asks whether the answer settles the concern
    NEXT_STEP = "next_step"  # proposes a concrete next step
    DISQUALIFY = "disqualify"  # says honestly that this may not be a fit
    APOLOGISE = "apologise"
    # what hurts
    DENY = "deny"  # says that the bad thing did not happen
    DISPARAGE = "disparage"  # runs down a competitor or the buyer's relationship with it
    PUSH = "push"  # false scarcity, pressure, ignoring a no
    SCARCITY = "scarcity"  # a shortage or deadline that is ours and that no source has
    DISCOUNT = "discount"  # offers money off
    FLATTER = "flatter"
    DISMISS = "dismiss"  # brushes the concern aside
    INVENT = "invent"  # a contradicted claim, or a number or name that no source has (after claims)
    MONOLOGUE = "monologue"  # too long for a chat
    REPEAT = "repeat"  # says again what was already said
    STUFF = "stuff"  # key words without sentences
    MYTH = "myth"  # says what a false rumour says, be it to correct it
    ADVISE = "advise"  # tells them what to do without having been asked
    # what is not talk with a buyer at all
    OFF_TOPIC = "off_topic"
    PROMPT_LIKE = "prompt_like"  # tries to instruct the buyer as if it were a program
    FOREIGN = "foreign"  # not in the language of the scenario
    NOISE = "noise"  # nothing that can be read


#: What judges look for; the buyer doesn't feel it apart from the rest of what is said.
MARKS = frozenset({MoveKind.SCARCITY, MoveKind.MYTH, MoveKind.ADVISE})


@dataclass(frozen=True)
class Move:
    """One move and the words that made it: ``text[span[0]:span[1]] == quote`` (code points).

    ``strength`` is 0 to 1.
    """

    kind: MoveKind
    span: tuple[int, int]
    quote: str
    strength: float = 1.0
