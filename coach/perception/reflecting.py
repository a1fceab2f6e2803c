"""Does a sentence say back what the other one said, in their words or in other words?"""

from __future__ import annotations

from coach.perception.cues import caring
from coach.perception.sentence import Sentence, content_words

#: An opening such as "it sounds like" is taken at its word when this near to what was said (MiniLM
#: cosine), a "so ..." when it is a little nearer.
_NEAR, _NEAR_SO = 0.38, 0.42
#: What only the other one can know about themselves needs less, a plain "you ..." needs more.
_NEAR_MIND, _NEAR_YOU = 0.25, 0.40
#: A mere echo, or words about the other without an opening, earn less than a wording of one's own.
_THIN = 0.6


def reflection(s: Sentence, near_last: float, about: float, last_content: frozenset[str]) -> float:
    """How much of a reflection ``s`` is, 0 to 1.

    ``near_last`` and ``about`` are its likeness to the other's last words and to what worries them;
    ``last_content`` are the meaning words of what they said last.
    """
    if s.question and s.open:
        return 0.0
    own = content_words(s.text)
    shared = len(own & last_content)
    if len(s.words) >= 5 and _opens(s.text):
        bar = _NEAR if caring.REFLECT.search(s.text) else _NEAR_SO
        if shared >= 2 or near_last >= _NEAR or about >= bar:
            return 1.0
    if caring.OURS.search(s.text) or caring.OWN_VIEW.search(s.text):
        return 0.0
    said_back = (
        _echoes(s, own, shared)
        or (_on_their_mind(s) and (not last_content or shared or near_last >= _NEAR_MIND))
        or (bool(caring.ABOUT_YOU.search(s.text)) and (shared >= 2 or near_last >= _NEAR_YOU))
    )
    return _THIN if said_back else 0.0


def _opens(text: str) -> bool:
    so = caring.SO.search(text)
    if so and caring.OURS.search(text):  # "so our platform ..." is a pitch
        return False
    return bool(so or caring.REFLECT.search(text))


def _echoes(s: Sentence, own: frozenset[str], shared: int) -> bool:
    """ "Two sites, then." after "we have two sites": nearly all of it is theirs."""
    return not s.question and bool(own) and len(s.words) <= 12 and shared >= 0.75 * len(own)


def _on_their_mind(s: Sentence) -> bool:
    """Names what they feel, want or think, as a statement."""
    return bool(caring.ON_YOUR_MIND.search(s.text))
