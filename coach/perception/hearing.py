"""A whole message as the buyer hears it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from coach.moves import MARKS, Move, MoveKind
from coach.perception.asides import Aside, Beside, aside_of, beside
from coach.perception.cues import caring, language
from coach.perception.ground import Ground, needs_brought
from coach.perception.nearness import Groups
from coach.perception.questions import Asked, asked, fact_asked
from coach.perception.reading import Reading
from coach.perception.reciting import facts_only, read_out
from coach.perception.remark import Remark, remarks
from coach.perception.sentence import (
    Sentence,
    Vectors,
    content_words,
    fresh_of,
    not_talk,
    words_of,
)
from coach.scenario import Scenario
from coach.scenario_book import read_yaml
from knowledge.chunking import sentences

if TYPE_CHECKING:
    from coach.ports import Embedder

EXAMPLES = Path(__file__).parent / "moves.yaml"
MONOLOGUE_WORDS = 140
MOST_GROUNDS = 200  # scenarios kept ready, each about half a megabyte
MOST_SENTENCES = 40  # of one message; what follows is a monologue anyway
BUILT = 20  # words: with fewer, little can be built on what was said
REMEMBERED = 80  # fingerprints of earlier sentences
#: After these the buyer feels heard and agrees; only what was said back can be agreed with.
_HEARD = (MoveKind.ACKNOWLEDGE, MoveKind.OWN, MoveKind.APOLOGISE)


@dataclass(frozen=True)
class Perception:
    """One message as the buyer hears it.

    ``needs`` maps "<concern>/<need>" to the words that mean what the need asks; ``relevance`` maps
    each concern to 0..1; ``asked_fact`` is the fact of the scenario asked for; ``uptake`` (0..1) is
    how much the message builds on the buyer's last words; ``said`` are fingerprints to remember;
    ``beside`` is what was said beside the matter, ``asked`` the last question.
    ``cited`` are ids of evidence that proves what was said, ``discredited`` of evidence that
    refutes it or has run out (both set after the claims were checked).
    """

    moves: tuple[Move, ...]
    needs: Mapping[str, Move] = field(default_factory=dict)
    relevance: Mapping[str, float] = field(default_factory=dict)
    asked_fact: str | None = None
    asked: Asked | None = None
    beside: Beside | None = None
    uptake: float = 0.0
    words: int = 0
    said: tuple[str, ...] = ()
    echo: str = ""  # a short stretch of the seller's words that the buyer may pick up
    remarks: tuple[Remark, ...] = ()
    cited: frozenset[str] = frozenset()
    discredited: frozenset[str] = frozenset()

    def has(self, *kinds: MoveKind) -> bool:
        return any(move.kind in kinds for move in self.moves)

    def strength(self, kind: MoveKind) -> float:
        """0 when the move wasn't made; doing it twice in a message counts once."""
        return max((move.strength for move in self.moves if move.kind is kind), default=0.0)

    def first(self, *kinds: MoveKind) -> Move | None:
        return next((move for move in self.moves if move.kind in kinds), None)

    def plus(self, *moves: Move) -> Perception:
        return replace(self, moves=self.moves + moves)


class Perceiver:
    """Reads messages; thread-safe. Costs one batch of embeddings per message."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._grounds: dict[str, Ground] = {}

    @cached_property
    def _examples(self) -> Groups:
        raw: dict[str, list[str]] = read_yaml(EXAMPLES)
        return Groups({kind: self._embedder.embed(texts) for kind, texts in raw.items()})

    def _ground(self, scenario: Scenario) -> Ground:
        key = scenario.fingerprint
        ground = self._grounds.get(key)
        if ground is None:
            ground = Ground(scenario, self._embedder)
            while len(self._grounds) >= MOST_GROUNDS:
                self._grounds.pop(next(iter(self._grounds)), None)
            self._grounds[key] = ground
        return ground

    def warm(self, scenario: Scenario) -> None:
        """Prepares a scenario, so that its first turn is as quick as the others."""
        _ = self._examples
        self._ground(scenario)

    def hear(
        self,
        scenario: Scenario,
        text: str,
        last_words: str,
        said: Sequence[str],
        coached: Sequence[str] = (),
    ) -> Perception:
        """What ``text`` does after the buyer's ``last_words``; ``said`` is what the seller said,
        ``coached`` what the coach suggested to say."""
        words = words_of(text)
        if noise := _noise(text, words):
            return noise
        spans = sentences(text)[:MOST_SENTENCES]
        vectors = self._embedder.embed([text[a:b] for a, b in spans] + [last_words or " "])
        heard = [Sentence.of(text, span, vectors[i]) for i, span in enumerate(spans)]
        ground, last = self._ground(scenario), vectors[-1]
        fresh, fingerprints, moves = fresh_of(heard, said)
        last_content = content_words(last_words)
        likeness = [self._examples.nearest(s.vector) for s in fresh]
        for sentence, like in zip(fresh, likeness, strict=True):
            moves += Reading(sentence, like, ground, last, last_content).moves()
        aside, kept = beside(fresh, moves, last_words)
        moves = facts_only([*kept], read_out(heard, coached))
        moves += _monologue(text, spans, words)
        near = [ground.concerns.nearest(s.vector) for s in fresh]
        made = {(m.span, m.kind) for m in moves}
        perception = Perception(
            moves=tuple(moves),
            needs=needs_brought(fresh, ground, made, last_words),
            relevance={key: _nearest(near, key) for key in ground.concerns.names},
            asked_fact=fact_asked(fresh, ground.facts, ground.concerns),
            asked=asked(fresh, ground.explanations),
            beside=aside,
            uptake=_uptake(fresh, last, last_words),
            words=len(words),
            said=tuple(fingerprints),
            echo=_echo(fresh, made),
            remarks=remarks(fresh),
        )
        chat = max((like["off_topic"] for like in likeness), default=0.0)
        return _beside_the_point(perception, fresh, chat, last)


def _noise(text: str, words: Sequence[str]) -> Perception | None:
    """All that is heard in what is no talk at all; None where something is said."""
    whole = not_talk(text, words)
    if whole is None or (side := aside_of(text, False, "")) is Aside.NODS:
        return None
    return Perception((whole,), words=len(words), beside=Beside(side) if side else None)


def _monologue(text: str, spans: Sequence[tuple[int, int]], words: Sequence[str]) -> list[Move]:
    if len(words) <= MONOLOGUE_WORDS:
        return []
    start, end = spans[0]
    return [Move(MoveKind.MONOLOGUE, spans[0], text[start:end])]


def _nearest(near: Sequence[Mapping[str, float]], key: str) -> float:
    return round(max((one[key] for one in near), default=0.0), 3)


def _beside_the_point(
    p: Perception, fresh: Sequence[Sentence], chat: float, last: Vectors
) -> Perception:
    """Without the wrapping of an order to a program, and with a mark where it is small talk."""
    if p.has(MoveKind.PROMPT_LIKE):
        return replace(p, needs={}, moves=_only_orders(p.moves))
    return _off_topic(p, fresh, chat, last)


def _off_topic(p: Perception, fresh: Sequence[Sentence], chat: float, last: Vectors) -> Perception:
    """``chat`` is how near the message is to small talk."""
    if p.moves and not all(
        m.kind in (MoveKind.GREET, MoveKind.ASK, MoveKind.FLATTER, *MARKS) for m in p.moves
    ):
        return p
    if not fresh or p.needs or p.asked_fact or p.beside:
        return p
    near = max(*p.relevance.values(), *(float(last @ s.vector) for s in fresh))
    if (near < 0.12 or chat >= max(0.45, near)) and p.words >= 3:
        return p.plus(fresh[0].move(MoveKind.OFF_TOPIC))
    return p


def _only_orders(moves: Sequence[Move]) -> tuple[Move, ...]:
    return tuple(m for m in moves if m.kind is MoveKind.PROMPT_LIKE)


def _uptake(fresh: Sequence[Sentence], last: Vectors, last_words: str) -> float:
    """Near in meaning, in the same words, long enough to build something, and asking on."""
    if not fresh:
        return 0.0
    near = max(0.0, *(float(last @ s.vector) for s in fresh))
    said = [word for s in fresh for word in s.words]
    shared = len(set(said) & set(words_of(last_words))) / max(3, min(len(said), 8))
    length = math.log1p(len(said)) / math.log1p(BUILT)
    asks = any(s.question or s.open for s in fresh)
    return round(0.5 * near + 0.2 * min(1.0, shared) + 0.2 * min(1.0, length) + 0.1 * asks, 3)


def _echo(fresh: Sequence[Sentence], made: set[tuple[tuple[int, int], MoveKind]]) -> str:
    """A stretch of 2 to 6 of the seller's own words that makes sense in quotation marks.

    The buyer agrees with what was said back to them, and else picks up a statement: never a
    question, an apology or a courtesy.
    """
    back = [s for s in fresh if (s.span, MoveKind.REFLECT) in made]
    if not back and any(kind in _HEARD for _, kind in made):
        return ""
    plain = [s for s in fresh if not s.question and not caring.GREET.match(s.text)]
    for s in sorted(back or plain, key=lambda s: -len(content_words(s.text))):
        for part in language.CLAUSE_END.split(s.text):
            piece = part.strip()
            found = language.WORD.findall(piece)
            safe = not language.UNSPEAKABLE.search(piece)
            if 2 <= len(found) <= 6 and safe and content_words(piece) and len(piece) <= 60:
                return piece
    return ""
