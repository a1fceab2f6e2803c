"""The words of both sides as an explanation quotes them. Only what was said is ever quoted."""

from __future__ import annotations

from coach.assessment.reply import Reply
from coach.buyer import Standing
from coach.perception import content_words
from coach.scenario import Scenario
from knowledge.chunking import sentences

TELLING = 4  # words that carry meaning: with fewer, a sentence is a courtesy
LONGEST = 84  # characters of a quote within a sentence


def cut(text: str, longest: int = LONGEST) -> str:
    """One line of at most ``longest`` characters, cut between words."""
    line = " ".join(text.split())
    if len(line) <= longest:
        return line
    return line[: longest - 1].rsplit(" ", 1)[0].rstrip(",;:–- ") + "…"


def their_point(reply: Reply, longest: int = LONGEST) -> str:
    """The sentence of the buyer that says most, shortened; "" when they had said nothing."""
    said = [reply.words[a:b] for a, b in sentences(reply.words)]
    saying = {s: len(content_words(s)) for s in said}
    short = [s for s in said if len(s) <= longest and saying[s] >= TELLING]
    return cut(max(short or said, key=lambda s: saying[s], default=""), longest)


def on_the_table(scenario: Scenario, reply: Reply) -> str:
    """What the reply is about, in few words: never a concern that the buyer still hides."""
    state, about = reply.before, reply.heard.relevance
    known = [
        c
        for c in scenario.concerns
        if state and (held := state.concerns.get(c.id)) and held.standing is not Standing.HIDDEN
    ]
    if not known or state is None:
        return "their concern"
    nearest = max(known, key=lambda c: (about.get(c.id, 0.0), c.id == state.focus))
    return nearest.short


def taken_up(quote: str, reply: Reply) -> list[str]:
    """Words of the buyer that ``quote`` takes up, in its order."""
    theirs = content_words(reply.words)
    words = [w.strip(".,;:!?…“”\"'()").casefold() for w in quote.split()]
    return list(dict.fromkeys(w for w in words if w in theirs))[:3]
