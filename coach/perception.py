"""What the seller's message did, read locally in a few milliseconds: meaning plus rules.

Each sentence is compared in meaning with example sentences per move (``moves.yaml``) and with the
scenario's own topics; rules (``cues.py``) decide what meaning alone gets wrong: questions,
negation, dates, key-word lists. A sentence that was already said, or isn't one, earns nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from coach import cues
from coach.moves import Move, MoveKind
from coach.scenario import Need, Scenario, read_yaml
from knowledge.chunking import sentences
from knowledge.evidence import Truth

if TYPE_CHECKING:
    from coach.ports import Embedder

Vectors = NDArray[np.float32]
Sure = Callable[..., bool]

EXAMPLES = Path(__file__).parent / "moves.yaml"
MONOLOGUE_WORDS = 140
MOST_SENTENCES = 40  # of one message; what follows is a monologue anyway
REMEMBERED = 80  # fingerprints of earlier sentences
#: Two stretches of text are about the same thing (MiniLM cosine).
RELATED = 0.30
#: A sentence says what an example of a need says.
SAME_MEANING = 0.52

#: How sure meaning must be alone, and how sure together with a rule.
_ALONE = {
    MoveKind.ACKNOWLEDGE: 0.66,
    MoveKind.OWN: 0.66,
    MoveKind.DENY: 0.66,
    MoveKind.ADMIT: 0.62,
    MoveKind.DISPARAGE: 0.55,
    MoveKind.PUSH: 0.58,
    MoveKind.DISCOUNT: 0.66,
    MoveKind.FLATTER: 0.6,
    MoveKind.DISMISS: 0.66,
    MoveKind.DISQUALIFY: 0.62,
    MoveKind.PROMPT_LIKE: 0.62,
}


@dataclass(frozen=True)
class Perception:
    """One message as the buyer hears it.

    ``needs`` maps "<concern>/<need>" to the words that mean what the need asks; ``relevance`` maps
    each concern to 0..1; ``asked_fact`` is the fact of the scenario asked for; ``uptake`` (0..1) is
    how much the message builds on the buyer's last words; ``said`` are fingerprints to remember.
    """

    moves: tuple[Move, ...]
    needs: Mapping[str, Move] = field(default_factory=dict)
    relevance: Mapping[str, float] = field(default_factory=dict)
    asked_fact: str | None = None
    uptake: float = 0.0
    words: int = 0
    said: tuple[str, ...] = ()
    echo: str = ""  # a short stretch of the seller's words that the buyer may pick up

    def has(self, *kinds: MoveKind) -> bool:
        return any(move.kind in kinds for move in self.moves)

    def strength(self, kind: MoveKind) -> float:
        """0 when the move wasn't made; doing it twice in a message counts once."""
        return max((move.strength for move in self.moves if move.kind is kind), default=0.0)

    def first(self, *kinds: MoveKind) -> Move | None:
        return next((move for move in self.moves if move.kind in kinds), None)

    def plus(self, *moves: Move) -> Perception:
        return replace(self, moves=self.moves + moves)


@dataclass(frozen=True)
class _Sentence:
    text: str
    span: tuple[int, int]
    vector: Vectors
    words: tuple[str, ...]  # lower case

    @cached_property
    def question(self) -> bool:
        return self.text.rstrip(" \"'”’)").endswith("?") or (
            bool(cues.OPEN_QUESTION.search(self.text) or cues.CLOSED_QUESTION.match(self.text))
            and not self.text.rstrip().endswith((".", "!"))
        )

    @cached_property
    def open(self) -> bool:
        """An open question: it can't be answered with yes, no or a number."""
        if cues.COUNTING.search(self.text) or cues.LEADING_WH.search(self.text):
            return False
        asks = bool(cues.OPEN_QUESTION.search(self.text) or cues.INNER_OPEN.search(self.text))
        return asks and (self.question or bool(cues.IMPERATIVE.search(self.text)))

    def move(self, kind: MoveKind, strength: float = 1.0) -> Move:
        return Move(kind, self.span, self.text, strength)


class _NeedGround:
    """A need's examples as vectors, and how to tell that the buyer asked for it."""

    def __init__(self, rows: Vectors, need: Need) -> None:
        self.rows, self.move = rows, need.move
        self.negated = [bool(cues.NEGATED.search(text)) for text in need.about]
        self.refuses = [bool(cues.REFUSES.search(text)) for text in need.about]
        self.asks = [bool(cues.OPEN_QUESTION.search(text)) for text in need.about]
        self._asked = [_as_spoken(line) for line in need.ask]

    def asked_for(self, last_words: str) -> bool:
        return any(line.search(last_words) for line in self._asked)


def _as_spoken(line: str) -> re.Pattern[str]:
    """A written line as it is spoken, whatever its slots were filled with."""
    return re.compile(re.sub(r"\\\{\w+\\\}", ".{1,90}?", re.escape(line)))


class _Ground:
    """A scenario's topics and examples as vectors, made once per scenario version."""

    def __init__(self, scenario: Scenario, embedder: Embedder) -> None:
        def rows(texts: Sequence[str]) -> Vectors:
            return embedder.embed([t.replace("{", "").replace("}", "") for t in texts])

        self.concerns = {
            c.id: rows([c.topic, *c.say[:6], *c.explain[:6]]) for c in scenario.concerns
        }
        self.needs = {
            f"{c.id}/{n.id}": _NeedGround(rows(n.about), n)
            for c in scenario.concerns
            for n in c.needs
            if n.about
        }
        self.facts = {f.id: rows([f.topic]) for f in scenario.facts}
        self.rumour = rows([scenario.rumour.statement]) if scenario.rumour else None
        # a rumour that is itself negated ("could not call") can't be denied by likeness
        self.rumour_is_plain = bool(
            scenario.rumour and not cues.NEGATED.search(scenario.rumour.statement)
        )
        self.truth = scenario.rumour.truth if scenario.rumour else None
        self.competitor = (scenario.competitor or "").casefold()


class Perceiver:
    """Reads messages; thread-safe. Costs one batch of embeddings per message."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._grounds: dict[tuple[str, int], _Ground] = {}

    @cached_property
    def _examples(self) -> dict[str, Vectors]:
        raw: dict[str, list[str]] = read_yaml(EXAMPLES)
        return {kind: self._embedder.embed(texts) for kind, texts in raw.items()}

    def _ground(self, scenario: Scenario) -> _Ground:
        key = (scenario.id, scenario.version)
        if key not in self._grounds:
            self._grounds[key] = _Ground(scenario, self._embedder)
        return self._grounds[key]

    def warm(self, scenario: Scenario) -> None:
        """Prepares a scenario, so that its first turn is as quick as the others."""
        _ = self._examples
        self._ground(scenario)

    def hear(
        self, scenario: Scenario, text: str, last_words: str, said: Sequence[str]
    ) -> Perception:
        """What ``text`` does after the buyer's ``last_words``; ``said`` is what the seller said."""
        words = [w.casefold() for w in cues.WORD.findall(text)]
        if whole := _not_talk(text, words):
            return Perception(moves=(whole,), words=len(words))
        spans = sentences(text)[:MOST_SENTENCES]
        vectors = self._embedder.embed([text[a:b] for a, b in spans] + [last_words or " "])
        heard = [
            _Sentence(
                text[a:b],
                (a, b),
                vectors[i],
                tuple(w.casefold() for w in cues.WORD.findall(text[a:b])),
            )
            for i, (a, b) in enumerate(spans)
        ]
        ground, last = self._ground(scenario), vectors[-1]
        fresh, fingerprints, moves = _fresh(heard, said)
        last_content = content_words(last_words)
        for sentence in fresh:
            moves += self._moves(sentence, ground, last, last_content)
        if len(words) > MONOLOGUE_WORDS:
            moves.append(Move(MoveKind.MONOLOGUE, spans[0], text[spans[0][0] : spans[0][1]]))
        relevance = {
            key: round(float(max((np.max(rows @ s.vector) for s in fresh), default=0.0)), 3)
            for key, rows in ground.concerns.items()
        }
        made = {(m.span, m.kind) for m in moves}
        perception = Perception(
            moves=tuple(moves),
            needs=_needs(fresh, ground, made, last_words),
            relevance=relevance,
            asked_fact=_asked(fresh, ground),
            uptake=_uptake(fresh, last, last_content),
            words=len(words),
            said=tuple(fingerprints),
            echo=_echo(fresh, made),
        )
        if perception.has(MoveKind.PROMPT_LIKE):  # an order to a program; the rest is wrapping
            return replace(perception, needs={}, moves=_only_orders(perception.moves))
        return self._off_topic(perception, fresh, ground, last)

    def _likeness(self, sentence: _Sentence) -> dict[str, float]:
        return {
            kind: float(np.max(rows @ sentence.vector)) for kind, rows in self._examples.items()
        }

    def _moves(
        self, s: _Sentence, ground: _Ground, last: Vectors, last_content: frozenset[str]
    ) -> list[Move]:
        like = self._likeness(s)
        found: list[Move] = []

        def sure(kind: MoveKind, rule: bool, together: float = 0.2) -> bool:
            likeness = like[kind.value]
            alone = _ALONE.get(kind)
            best_other = max(v for k, v in like.items() if k != kind.value)
            meant = alone is not None and likeness >= alone and likeness >= best_other - 0.02
            return meant or (rule and likeness >= together)

        text = s.text
        about_us = float(max(np.max(rows @ s.vector) for rows in ground.concerns.values()))
        specific = (
            bool(content_words(text) & last_content)
            or float(last @ s.vector) >= 0.33
            or about_us >= 0.4
        )
        if s.question or s.open:
            found += self._question(s, like, ground, float(last @ s.vector))
        else:
            found += _courtesy(s, sure, specific)
        if self._reflects(s, last, last_content, about_us):
            found.append(s.move(MoveKind.REFLECT))
        found += self._honesty(s, like, ground, sure)
        if cues.PROMISE.search(text) and cues.BY_WHEN.search(text) and not s.question:
            found.append(s.move(MoveKind.COMMIT))
        if cues.STEP.search(text) and cues.STEP_NOUN.search(text) and like["next_step"] >= 0.25:
            found.append(s.move(MoveKind.NEXT_STEP, 1.0 if cues.BY_WHEN.search(text) else 0.8))
        elif like["next_step"] >= 0.62 and cues.STEP_NOUN.search(text):
            found.append(s.move(MoveKind.NEXT_STEP, 0.8))
        found += _harm(s, sure, ground.competitor)
        if cues.PROMPT_LIKE.search(text) or like["prompt_like"] >= 0.66:
            found.append(s.move(MoveKind.PROMPT_LIKE))
        return found

    def _question(
        self, s: _Sentence, like: Mapping[str, float], ground: _Ground, near_last: float
    ) -> list[Move]:
        if cues.CHECK.search(s.text) and like["check"] >= max(0.35, like["explore"] - 0.1):
            return [s.move(MoveKind.CHECK)]
        if cues.ASKS_IF_DONE.search(s.text) and like["off_topic"] < 0.3:
            return [s.move(MoveKind.CHECK)]
        rows = [*ground.concerns.values(), *(need.rows for need in ground.needs.values())]
        topic = max(near_last, *(float(np.max(r @ s.vector)) for r in rows))
        serious = max(topic, like["explore"]) > like["off_topic"] - 0.035
        relevant = serious and max(topic, like["explore"] - 0.05) >= RELATED
        if s.open and relevant:
            return [s.move(MoveKind.EXPLORE, min(1.0, 0.6 + topic / 2))]
        return [
            s.move(MoveKind.ASK, 0.7 if relevant or (serious and cues.YOU.search(s.text)) else 0.3)
        ]

    def _reflects(
        self, s: _Sentence, last: Vectors, last_content: frozenset[str], about: float
    ) -> bool:
        """Says back what the buyer said: a reflecting opening, near the buyer's own words."""
        if (s.question and s.open) or len(s.words) < 5:
            return False
        bar = 0.38
        if not cues.REFLECT.search(s.text):
            if not cues.SO.search(s.text):
                return False
            bar = 0.42
        if cues.SO.search(s.text) and cues.OURS.search(s.text):
            return False
        shared = content_words(s.text) & last_content
        return len(shared) >= 2 or float(last @ s.vector) >= 0.38 or about >= bar

    def _honesty(
        self, s: _Sentence, like: Mapping[str, float], ground: _Ground, sure: Sure
    ) -> list[Move]:
        """Owning, denying, apologising: read against the rumour of the scenario, if it has one."""
        found: list[Move] = []
        text = s.text
        meant = not (cues.SORRY_TO_HEAR.search(text) or cues.WONT_APOLOGISE.search(text))
        if meant and cues.APOLOGISE.search(text):
            found.append(s.move(MoveKind.APOLOGISE))
        if ground.rumour is None or s.question or cues.NOT_KNOWN.search(text):
            return found
        near = float(np.max(ground.rumour @ s.vector))
        admits = bool(cues.NO_DENIAL.search(text))
        says_no = bool(cues.DENIAL.search(text)) or (
            near >= 0.42 and ground.rumour_is_plain and _negates(text)
        )
        denies = sure(MoveKind.DENY, says_no, 0.25) and (near >= 0.22 or like["deny"] >= 0.45)
        says_yes = admits or bool(cues.OWN.search(text))
        # likeness alone can't tell "we were down" from "we were never down"
        owns = (says_yes or not cues.NEGATED.search(text)) and (
            sure(MoveKind.OWN, says_yes, 0.25) and (near >= 0.22 or like["own"] >= 0.4)
        )
        denies = denies and not admits and not cues.SINCE.search(text)
        if owns and denies:  # "yes, it happened, and it should never have": the opening decides
            yes = bool(cues.SAYS_YES.search(text)) or like["own"] >= like["deny"]
            owns, denies = yes, not yes
        if denies:
            false = ground.truth is Truth.FALSE
            found.append(s.move(MoveKind.CORRECT if false else MoveKind.DENY))
        if owns:
            found.append(s.move(MoveKind.OWN))
        return found

    def _off_topic(
        self, p: Perception, fresh: Sequence[_Sentence], ground: _Ground, last: Vectors
    ) -> Perception:
        if p.moves and not all(
            m.kind in (MoveKind.GREET, MoveKind.ASK, MoveKind.FLATTER) for m in p.moves
        ):
            return p
        if not fresh or p.needs or p.asked_fact:
            return p
        near = max(*p.relevance.values(), *(float(last @ s.vector) for s in fresh))
        chat = max(self._likeness(s)["off_topic"] for s in fresh)
        if (near < 0.12 or chat >= max(0.45, near)) and p.words >= 3:
            first = fresh[0]
            return p.plus(first.move(MoveKind.OFF_TOPIC))
        return p


def content_words(text: str) -> frozenset[str]:
    """The words that carry meaning, lower case and without a plural s."""
    return frozenset(
        w.removesuffix("'s").removesuffix("’s").rstrip("s")
        for w in (w.casefold() for w in cues.WORD.findall(text))
        if len(w) > 3 and w not in cues.GLUE
    )


def _only_orders(moves: Sequence[Move]) -> tuple[Move, ...]:
    return tuple(m for m in moves if m.kind is MoveKind.PROMPT_LIKE)


def _not_talk(text: str, words: Sequence[str]) -> Move | None:
    """The one move of a message that is no talk with a buyer at all."""
    span = (0, len(text))
    letters = sum(ch.isalpha() for ch in text)
    if not words or letters < 0.4 * len(text.replace(" ", "")):
        return None if _short_answer(text, words) else Move(MoveKind.NOISE, span, text)
    latin = sum(ch.isalpha() and ch < "\u0250" for ch in text)
    if latin < 0.5 * letters or cues.language_of(list(words)):
        return Move(MoveKind.FOREIGN, span, text)
    vowels = [w for w in words if any(ch in "aeiouyäöüéèå" for ch in w)]
    if len(vowels) < 0.5 * len(words) or max(map(len, words)) > 45:
        return Move(MoveKind.NOISE, span, text)
    return None


def _short_answer(text: str, words: Sequence[str]) -> bool:
    return bool(words) and any(ch.isdigit() for ch in text) and len(text) < 40


def _is_stuffing(s: _Sentence) -> bool:
    """Key words in a row: too few of the small words that a sentence needs."""
    words = [w for w in s.words if not w[0].isdigit()]  # a calculation is full of figures
    if len(words) < 4:
        return False
    glue = sum(w in cues.GLUE for w in words) / len(words)
    if glue < (0.09 if len(words) <= 12 else 0.1) or len(set(words)) < 0.4 * len(words):
        return True
    return sum(w in cues.ASKING for w in words) >= max(4, 0.4 * len(words))  # "what how why who?"


def _fresh(
    heard: Sequence[_Sentence], said: Sequence[str]
) -> tuple[list[_Sentence], list[str], list[Move]]:
    """Sentences worth hearing, their fingerprints, and REPEAT / STUFF moves for the others."""
    fresh: list[_Sentence] = []
    prints: list[str] = []
    moves: list[Move] = []
    known = [frozenset(p.split()) for p in said]
    for s in heard:
        fingerprint = frozenset(s.words)
        if _is_stuffing(s) and not cues.PROMPT_LIKE.search(s.text):
            moves.append(s.move(MoveKind.STUFF))
            continue
        if len(fingerprint) >= 2 and any(_alike(fingerprint, k) for k in known):
            moves.append(s.move(MoveKind.REPEAT))
            continue
        known.append(fingerprint)
        prints.append(" ".join(sorted(fingerprint)))
        fresh.append(s)
    repeated = [m for m in moves if m.kind is MoveKind.REPEAT]
    if len(repeated) >= 3:  # "I understand. I understand. I understand. ..."
        moves.append(replace(repeated[0], kind=MoveKind.STUFF))
    return fresh, prints, moves


def _alike(a: frozenset[str], b: frozenset[str]) -> bool:
    return len(a & b) >= 0.8 * len(a | b)


def _needs(
    fresh: Sequence[_Sentence],
    ground: _Ground,
    made: set[tuple[tuple[int, int], MoveKind]],
    last_words: str,
) -> dict[str, Move]:
    """What the buyer needs and was brought, by likeness to a need's examples.

    Less likeness will do for what the buyer has just asked for, and where the sentence makes the
    move that the need wants; more where it looks like an example and is another kind of sentence.
    """
    found: dict[str, Move] = {}
    for key, need in ground.needs.items():
        asked = need.asked_for(last_words)
        for s in fresh:
            if any((s.span, kind) in made for kind in _HARM):  # pressing or mocking brings nothing
                continue
            likeness = need.rows @ s.vector
            best = int(np.argmax(likeness))
            bar = _bar(s, need, best, asked, (s.span, need.move) in made)
            if float(likeness[best]) >= bar and len(s.words) >= 4:
                strength = min(1.0, float(likeness[best]))
                if key not in found or strength > found[key].strength:
                    found[key] = s.move(MoveKind.CLAIM, strength)
    return found


def _bar(s: _Sentence, need: _NeedGround, best: int, asked: bool, moved: bool) -> float:
    """How near a sentence must be to the example of a need that it is nearest to."""
    if moved:
        return SAME_MEANING - 0.16
    # "we don't offer a pilot" is near "we offer a pilot" and means the opposite
    if cues.REFUSES.search(s.text) and not need.refuses[best]:
        return SAME_MEANING + 0.25
    if cues.NEGATED.search(s.text) and not need.negated[best] and not s.question:
        return SAME_MEANING + 0.12
    if s.open and not need.asks[best]:  # asking about a thing isn't bringing it
        return SAME_MEANING + 0.15
    return SAME_MEANING - (0.12 if asked else 0.0)


def _asked(fresh: Sequence[_Sentence], ground: _Ground) -> str | None:
    best, likeness = None, 0.42
    for s in fresh:
        if s.question or s.open:
            worry = max(float(np.max(rows @ s.vector)) for rows in ground.concerns.values())
            for key, rows in ground.facts.items():
                if (value := float(np.max(rows @ s.vector))) > max(likeness, worry - 0.02):
                    best, likeness = key, value
    return best


def _uptake(fresh: Sequence[_Sentence], last: Vectors, last_content: frozenset[str]) -> float:
    if not fresh:
        return 0.0
    near = max(float(last @ s.vector) for s in fresh)
    shared = frozenset[str]().union(*(content_words(s.text) for s in fresh)) & last_content
    overlap = len(shared) / max(3, min(len(last_content), 8))
    return round(min(1.0, max(0.0, 0.7 * near + 0.5 * min(1.0, overlap))), 3)


def _echo(fresh: Sequence[_Sentence], made: set[tuple[tuple[int, int], MoveKind]]) -> str:
    """A stretch of 2 to 6 of the seller's own words that makes sense in quotation marks.

    The buyer agrees with what was said back to them, and else picks up a statement: never a
    question, an apology or a courtesy.
    """
    back = [s for s in fresh if (s.span, MoveKind.REFLECT) in made]
    if not back and any(kind in _HEARD for _, kind in made):
        return ""
    plain = [s for s in fresh if not s.question and not cues.GREET.match(s.text)]
    for s in sorted(back or plain, key=lambda s: -len(content_words(s.text))):
        for part in cues.CLAUSE_END.split(s.text):
            piece = part.strip()
            found = cues.WORD.findall(piece)
            safe = not cues.UNSPEAKABLE.search(piece)
            if 2 <= len(found) <= 6 and safe and content_words(piece) and len(piece) <= 60:
                return piece
    return ""


_HARM = (MoveKind.PUSH, MoveKind.DISPARAGE, MoveKind.FLATTER, MoveKind.DISMISS, MoveKind.DISCOUNT)
#: After these the buyer feels heard and agrees; only what was said back can be agreed with.
_HEARD = (MoveKind.ACKNOWLEDGE, MoveKind.OWN, MoveKind.APOLOGISE)


def _courtesy(s: _Sentence, sure: Sure, specific: bool) -> list[Move]:
    """What a statement gives: it takes the worry up, concedes, lets go or greets."""
    found: list[Move] = []
    text = s.text
    negated = bool(cues.NEGATED.search(text))
    taken_back = _but_not(text) or (negated and _denies_understanding(text))
    if not taken_back and sure(MoveKind.ACKNOWLEDGE, bool(cues.ACKNOWLEDGE.search(text)), 0.1):
        found.append(s.move(MoveKind.ACKNOWLEDGE, 1.0 if specific else 0.4))
    boast = cues.WE_LEAD.search(text) and not negated
    if sure(MoveKind.ADMIT, bool(cues.ADMIT.search(text))) and not boast:
        found.append(s.move(MoveKind.ADMIT))
    lets_go = bool(cues.DISQUALIFY.search(text))
    if (lets_go or negated) and sure(MoveKind.DISQUALIFY, lets_go, 0.3):
        found.append(s.move(MoveKind.DISQUALIFY))
    if cues.GREET.match(text) and len(s.words) <= 8:
        found.append(s.move(MoveKind.GREET))
    return found


def _negates(text: str) -> bool:
    return bool(cues.NEGATED.search(text)) and not cues.MODAL.search(text)


def _but_not(text: str) -> bool:
    """ "I understand, but ...": acknowledged and taken back in the same breath."""
    return bool(cues.BUT.search(text))


def _denies_understanding(text: str) -> bool:
    return bool(cues.NOT_UNDERSTOOD.search(text))


def _harm(s: _Sentence, sure: Sure, competitor: str) -> list[Move]:
    found: list[Move] = []
    text = s.text
    named = bool(competitor and competitor in text.casefold()) or bool(cues.THEM.search(text))
    softened = bool(cues.NEGATED.search(text))
    if sure(MoveKind.DISPARAGE, bool(cues.DISPARAGE.search(text)) and named, 0.25) and not (
        cues.FEELS_FOR.search(text) or (softened and cues.WONT_RUN_DOWN.search(text))
    ):
        found.append(s.move(MoveKind.DISPARAGE))
    if sure(MoveKind.PUSH, bool(cues.PUSH.search(text)), 0.15) and not (
        softened and cues.NO_PRESSURE.search(text)
    ):
        found.append(s.move(MoveKind.PUSH))
    if (
        sure(MoveKind.DISCOUNT, bool(cues.DISCOUNT.search(text)), 0.2)
        and not softened
        and not s.open
    ):
        found.append(s.move(MoveKind.DISCOUNT))
    if sure(MoveKind.FLATTER, bool(cues.FLATTER.search(text)), 0.2) and not softened:
        found.append(s.move(MoveKind.FLATTER))
    if sure(MoveKind.DISMISS, bool(cues.DISMISS.search(text)), 0.3) and not s.question:
        found.append(s.move(MoveKind.DISMISS))
    return found
