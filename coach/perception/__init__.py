"""What the seller's message did, read locally in a few milliseconds: meaning plus rules.

Each sentence is compared in meaning with example sentences per move (``moves.yaml``) and with the
scenario's own topics; rules (``cues/``) decide what meaning alone gets wrong: questions,
negation, dates, key-word lists. A sentence that was already said, or isn't one, earns nothing.
"""

from coach.perception.asides import Aside, Beside
from coach.perception.hearing import MONOLOGUE_WORDS, REMEMBERED, Perceiver, Perception
from coach.perception.questions import Asked, Wants
from coach.perception.reading import RELATED
from coach.perception.remark import Remark, remark
from coach.perception.sentence import content_words

__all__ = [
    "MONOLOGUE_WORDS",
    "RELATED",
    "REMEMBERED",
    "Aside",
    "Asked",
    "Beside",
    "Perceiver",
    "Perception",
    "Remark",
    "Wants",
    "content_words",
    "remark",
]
