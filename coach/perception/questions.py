"""What the seller wants to know, and which of the buyer's written answers is the answer to it.

A fact answers a question that is like one of its ``asks`` or its topic and that asks for the same
sort of thing: "who" is never answered with a date.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from coach.perception.cues.phrases import starts, words
from coach.perception.nearness import Groups
from coach.perception.sentence import Sentence, Vectors
from coach.scenario import Fact

#: A question asks for a fact (MiniLM cosine): like its own questions or its topic; and surely so,
#: whatever else it is near to.
ASKED, SURELY_ASKED = 0.52, 0.66
#: The same where something is counted: "how many" is near to every other "how many".
COUNTED = 0.58
#: The same of a question about what weighs on the other one.
ASKED_ALL_THE_SAME = 0.8
#: How far a worry may be nearer than the fact.
NEARER_TO_A_WORRY = 0.02


class Wants(StrEnum):
    """The sort of thing that would answer a question."""

    PERSON = "person"
    TIME = "time"
    PLACE = "place"
    AMOUNT = "amount"
    REASON = "reason"
    ANYTHING = "anything"  # what, which, how
    YES_OR_NO = "yes_or_no"


_WANTS = (
    (Wants.AMOUNT, words(r"how (?:many|much|long|often|old|big|large|far|high)")),
    (Wants.TIME, words(r"when|what time|how soon|which (?:day|month|year)")),
    (Wants.PLACE, words(r"where|which (?:town|city|country|place)s?")),
    (Wants.PERSON, words(r"who|whom|whose|who's")),
    (Wants.REASON, words(r"why|how come|what (?:made|makes|prompted|brought)|what's the reason")),
    (Wants.ANYTHING, words(r"what|which|how|what's|tell me|describe|explain")),
)
#: Answered by nothing else.
_PARTICULAR = (Wants.PERSON, Wants.TIME, Wants.PLACE, Wants.AMOUNT, Wants.REASON)
#: What weighs on the other one; facts are told without that.
_WEIGHS = starts(
    r"worr(?:y|ies|ied)|afraid|fears?\b|hesita|doubt|distrust|bother|concern(?:s|ed)?\b|sceptic",
    r"holds? you back|keeps? you|in (?:the|your) way|don't (?:you )?like|uneasy|convince",
    r"unclear|missing",
    r"matters?\b|would (?:have to|need|it take|help|you (?:need|have to))|needs? to",
)


def wants(text: str) -> Wants:
    """What the question ``text`` wants to know."""
    found = [(match.start(), kind) for kind, asks in _WANTS if (match := asks.search(text))]
    return min(found, key=lambda pair: pair[0])[1] if found else Wants.YES_OR_NO


@dataclass(frozen=True)
class Asked:
    """The last question of a message to the buyer.

    ``near`` maps ids of the buyer's written explanations ("<concern>.explain.<n>") to their
    likeness, ``general`` is a question that could be asked about anything ("why is that?"), and
    ``to_them`` one about their side.
    """

    wants: Wants
    general: bool = False
    to_them: bool = True
    near: Mapping[str, float] = field(default_factory=dict)


class FactGround:
    """A fact's questions as vectors, and the sorts of thing that it tells."""

    def __init__(self, fact: Fact, rows: Vectors) -> None:
        self.rows = rows
        self.tells = {wants(text) for text in (*fact.asks, *_parts(fact.topic))}

    def likeness(self, s: Sentence) -> float:
        """0 when the question wants another sort of thing."""
        wanted = wants(s.text)
        if wanted in _PARTICULAR and wanted not in self.tells:
            return 0.0
        return float(np.max(self.rows @ s.vector))


def _parts(topic: str) -> list[str]:
    return topic.replace(" and ", ", ").split(", ")


def fact_asked(
    fresh: Sequence[Sentence], facts: Mapping[str, FactGround], worries: Groups
) -> str | None:
    """The fact that a question of the message asks for, if one does."""
    best, likeness = None, 0.0
    for s in fresh:
        if not (s.question or s.open):
            continue
        least = ASKED_ALL_THE_SAME if _WEIGHS.search(s.text) else ASKED
        worry = max(worries.nearest(s.vector).values())
        for key, fact in facts.items():
            near = fact.likeness(s)
            sure = near >= SURELY_ASKED or near > worry - NEARER_TO_A_WORRY
            sure = sure and (near >= COUNTED or wants(s.text) is not Wants.AMOUNT)
            if sure and near >= least and near > likeness:
                best, likeness = key, near
    return best


def asked(fresh: Sequence[Sentence], explanations: Mapping[str, Vectors]) -> Asked | None:
    """The last question of the message; ``explanations`` maps concerns to their lines."""
    s = next((s for s in reversed(fresh) if s.question or s.open), None)
    if s is None:
        return None
    near = {
        f"{concern}.explain.{n}": round(float(likeness), 3)
        for concern, rows in explanations.items()
        for n, likeness in enumerate(rows @ s.vector)
    }
    general = not s.particular or bool(_WEIGHS.search(s.text))
    return Asked(wants(s.text), general, s.asks_other, near)
