"""From proofs to three replies that can be said aloud, and that differ. Pure.

The wording (``objections.yaml``) holds no fact; facts are quotes, and ``grounding.py`` checks the
whole once more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from coach.suggestion import CitedClaim, Style, Suggestion
from coach.suggestion.grounding import uncovered
from coach.suggestion.objections import NONE, ObjectionGuess, Wording, wordings
from coach.suggestion.proof import Proof
from knowledge.evidence import Advantage, Kind

CLOSE = 0.6  # of the best quote's likeness: what lies below is no better than nothing
CLEARLY = 0.45  # likeness from which a quote may follow what had to be owned
BRIEF = 30  # words of a quote that a short reply can carry
BREATH = 45  # words of two quotes in one reply

_OWN_FACT = ("To be concrete", "One thing you can check", "What is on record")
_SECOND = ("And one more", "And this", "On top of that")
_CHECK = (
    "How does that fit with how you see it?",
    "How far does that answer it for you?",
    "What would still be missing for you?",
)
_HONEST = "I have nothing on that I could prove to you today, and I'd rather find out than guess."
_PROMISE = "Give me a day for it that we agree on now, and you'll have an answer you can check."


@dataclass(frozen=True)
class Brief:
    """What the replies are made of. ``questions`` are those of the wording, the fittest first;
    ``asks`` settles what the objection is, where that isn't sure."""

    objection: str
    wording: Wording
    proofs: Sequence[Proof]
    questions: Sequence[str]
    asks: str = ""


def clarifying(objection: str, guess: ObjectionGuess) -> list[Suggestion]:
    """A question back where it isn't clear what is meant; nothing for what is no objection."""
    return [] if guess.sure else [_asking(objection, guess.asks)]


def assemble(brief: Brief, count: int) -> list[Suggestion]:
    """Up to ``count`` replies. Where ``brief.asks`` has to be settled the first reply only asks,
    and the others ask it after answering the likeliest."""
    shared = shares(brief.proofs)
    made = {
        Style.ACKNOWLEDGE_AND_ASK: _acknowledging,
        Style.EVIDENCE_LED: _led_by_evidence,
        Style.CONCISE: _concise,
    }
    found = []
    for style, make in list(made.items())[:count]:
        reply = make(brief, shared[style])
        if not uncovered(reply.text, [c.quote for c in reply.claims], brief.objection):
            found.append(reply)
    return found


def shares(proofs: Sequence[Proof]) -> dict[Style, list[Proof]]:
    """Which proofs each style speaks of: different ones, as far as there are enough good ones."""
    plain = [proof for proof in proofs if not proof.concedes]
    conceded = sorted((p for p in proofs if p.concedes), key=lambda p: -p.to_objection)[:1]
    if conceded or not plain or plain[0].item.kind is Kind.RUMOUR:
        first = conceded or plain[:1]  # what must be owned is owned in every reply
        rest = [p for p in plain if p not in first]
        own = [p for p in rest if p.item.kind is Kind.RUMOUR]
        more = (own or [p for p in rest if p.likeness >= CLEARLY])[:1]
        return dict.fromkeys(Style, first) | {Style.EVIDENCE_LED: first + more}
    close = [p for p in plain if p.of_peer or p.likeness >= CLOSE * plain[0].likeness]
    brief = [p for p in close[1:] if p.words <= BRIEF]
    peers = [p for p in close[1:] if p.of_peer]
    story = next((p for p in (*peers, *brief) if p.is_story), None)
    story = story or next(iter(brief), close[0])
    short = next((p for p in brief if p is not story), None)
    short = short or min(close[:2], key=lambda p: p.words)
    room = BREATH - close[0].words
    second = next((p for p in close[1:] if p not in (story, short) and p.words <= room), None)
    return {
        Style.ACKNOWLEDGE_AND_ASK: [story],
        Style.EVIDENCE_LED: [close[0], *([second] if second else [])],
        Style.CONCISE: [short],
    }


def _asking(objection: str, asks: str) -> Suggestion:
    unclear = wordings()[NONE]
    text = f"{_pick(unclear.acknowledge, objection)} {asks}"
    step = _pick(unclear.step, objection)
    return Suggestion(Style.ACKNOWLEDGE_AND_ASK, text, (), asks, step)


def _acknowledging(brief: Brief, proofs: Sequence[Proof]) -> Suggestion:
    """Hears the worry, gives one thing to think about, and asks."""
    if brief.asks:
        return _asking(brief.objection, brief.asks)
    told, claims = _told(brief, proofs, 0)
    question = brief.questions[0]
    text = _joined(_acknowledgement(brief, 0), told, question)
    return Suggestion(Style.ACKNOWLEDGE_AND_ASK, text, claims, question, _step(brief, 0))


def _led_by_evidence(brief: Brief, proofs: Sequence[Proof]) -> Suggestion:
    """Answers with the best there is, proposes a step, and checks whether that was it."""
    told, claims = _told(brief, proofs, 1)
    question = brief.asks or (_pick(_CHECK, brief.objection) if told else brief.questions[-1])
    step = _step(brief, 1)
    answer = told or f"{_HONEST} {_PROMISE}"
    suggests = f"What I'd suggest next: {step}."
    text = _joined(_acknowledgement(brief, 1), answer, suggests if told else "", question)
    return Suggestion(Style.EVIDENCE_LED, text, claims, question, step)


def _concise(brief: Brief, proofs: Sequence[Proof]) -> Suggestion:
    """One fact and one step, short enough for a chat."""
    told, claims = _told(brief, proofs, 2)
    step = _step(brief, 2)
    question = brief.asks or f"How about {step}?"
    return Suggestion(Style.CONCISE, _joined(told or _HONEST, question), claims, question, step)


def _told(brief: Brief, proofs: Sequence[Proof], turn: int) -> tuple[str, tuple[CitedClaim, ...]]:
    said = [
        (proof, _said(proof, _bridge(proof, place, brief, turn)))
        for place, proof in enumerate(proofs)
    ]
    claims = tuple(claim for proof, sentence in said for claim in proof.cited(sentence))
    return " ".join(sentence for _, sentence in said), claims


def _said(proof: Proof, bridge: str) -> str:
    """The proof as something to say: quoted to the letter, and conceded where it must be."""
    quoted = proof.quote if "“" in proof.quote else f"“{proof.quote}”"
    if proof.item.advantage is Advantage.THEM:
        return f"They are ahead on this one, and you should know it: {quoted}"
    if proof.item.advantage in (Advantage.SIMILAR, Advantage.MIXED):
        return f"On this one there is no clear winner; our side of it: {quoted}"
    if proof.speaker:
        return f"{bridge}, in the words of {proof.speaker}: {quoted}"
    return f"{bridge}: {quoted}"


def _bridge(proof: Proof, place: int, brief: Brief, turn: int) -> str:
    """Words before a quote: the voice of others, or a fact of our own."""
    if place:
        return _pick(_SECOND, brief.objection, turn)
    others = proof.is_story or proof.item.kind is Kind.RUMOUR
    return _pick(brief.wording.bridge if others else _OWN_FACT, brief.objection, turn)


def _acknowledgement(brief: Brief, turn: int) -> str:
    return _pick(brief.wording.acknowledge, brief.objection, turn)


def _step(brief: Brief, turn: int) -> str:
    return _pick(brief.wording.step, brief.objection, turn)


def _pick(options: Sequence[str], objection: str, turn: int = 0) -> str:
    """The same words for the same objection, other words for another and for each reply."""
    start = int(sha256(objection.encode()).hexdigest(), 16)
    return options[(start + turn) % len(options)]


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
