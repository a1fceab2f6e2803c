"""Does a sentence say back what the other one said, in their words or in other words?"""

from __future__ import annotations

from dataclasses import dataclass

from coach.perception.cues import asking, caring, language
from coach.perception.sentence import Sentence, content_words

#: Near enough to be sure (MiniLM cosine): after "it sounds like", and after a mere "so ...".
_NEAR, _NEAR_SO = 0.38, 0.42
#: Near enough to be related: where it names what they think or want, and where it only says "you".
_NEAR_MIND, _NEAR_YOU = 0.10, 0.20
#: After so few meaning words ("mm-hm", "two, I think") there is little to be near to.
_LITTLE = 8
#: What is only related to their words earns less than what is plainly about them.
_LOOSE = 0.6


@dataclass(frozen=True)
class Before:
    """What was said before a sentence: how near it is to the last words and to what worries the
    other (cosines), and the meaning words of the last words."""

    near_last: float
    near_worry: float
    content: frozenset[str]


def reflection(s: Sentence, before: Before) -> float:
    """How much of a reflection ``s`` is, 0 to 1."""
    asks = s.question and (s.open or asking.INVERTED.search(s.text))
    if asks or len(s.words) < 4:
        return 0.0
    shared = len(content_words(s.text) & before.content)
    opens = _opens(s)
    if opens:
        bar = _NEAR if caring.REFLECT.search(s.text) else _NEAR_SO
        if shared >= 2 or before.near_last >= _NEAR or before.near_worry >= bar:
            return 1.0
    if caring.OURS.search(s.text):
        return 0.0
    if opens and caring.REFLECT.search(s.text):
        bar, least = _NEAR_MIND, 1
    elif caring.OWN_VIEW.search(s.text):
        return 0.0
    elif opens or caring.ON_YOUR_MIND.search(s.text):
        bar, least = _NEAR_MIND, 1
    elif _about_you(s):
        bar, least = _NEAR_YOU, 2
    else:
        return 0.0
    little = len(before.content) <= _LITTLE
    near = before.near_last >= bar or before.near_worry >= _NEAR
    related = little or shared >= least or near
    return _LOOSE if related else 0.0


def _opens(s: Sentence) -> bool:
    """Begins as people do who say something back: "so ...", "it sounds like ..."."""
    so = caring.SO.search(s.text)
    if len(s.words) < 5 or (so and caring.OURS.search(s.text)):  # "so our platform ..." is a pitch
        return False
    return bool(so or caring.REFLECT.search(s.text))


def _about_you(s: Sentence) -> bool:
    """A statement about the other one: no question, no advice, no offer and no praise."""
    offers = language.MODAL.search(s.text) or caring.PRAISE_OR_ADVICE.search(s.text)
    return bool(asking.YOU.search(s.text)) and not s.question and not offers
