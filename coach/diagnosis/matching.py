"""How near a guess is to what a buyer hides, measured against all that it could have meant.

Meaning is compared as cosines of MiniLM. A guess counts as right only if nothing else, neither
another worry of this buyer nor one of another scenario, is clearly nearer to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from coach.diagnosis.closeness import Closeness
from coach.scenario import Concern, Scenario
from knowledge.chunking import sentences

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coach.buyer import BuyerState
    from coach.ports import Embedder

    Vectors = NDArray[np.float32]

#: Likeness from which a guess is right, points the right way, or names another worry.
RIGHT, CLOSE, OTHER = 0.5, 0.32, 0.32
#: How much nearer something else may be. What other scenarios are about is less of a rival.
BESIDE_RIGHT, BESIDE_CLOSE = 0.08, 0.05
DECOY_RIGHT, DECOY_CLOSE = 0.05, 0.17
DECOY_OTHER = 0.2
#: What to guess of a buyer who needs nothing; of any other buyer it is wrong.
NO_NEED = ("They don't need it.", "There is no need for it here.", "They don't need what we sell.")


@dataclass(frozen=True)
class Match:
    """``concern`` is the id of the worry that the guess met, or None."""

    level: Closeness
    concern: str | None


class Matcher:
    """Thread-safe; the first guess embeds what the scenarios that ship are about."""

    def __init__(self, embedder: Embedder, scenarios: Iterable[Scenario]) -> None:
        self._embedder, self._scenarios = embedder, tuple(scenarios)
        self._rows = lru_cache(maxsize=200)(self._embedded)

    def match(self, guess: str, scenario: Scenario, state: BuyerState) -> Match:
        """The guess against the worries that the buyer of ``state`` has."""
        vector = self._embedder.embed([guess])[0]
        here = {c.id: c for c in scenario.concerns if c.id in state.concerns}
        found = {key: _nearest(rows, vector) for key, rows in self._rows_of(scenario).items()}
        no_need = _nearest(self._no_need, vector)
        decoys = [value for key, value in found.items() if key not in here]
        elsewhere = self._elsewhere.items()
        decoys += [_nearest(rows, vector) for name, rows in elsewhere if name != scenario.id]
        if state.instead is None:
            decoys.append(no_need)
        else:
            found[state.instead] = max(found[state.instead], no_need)
        hidden = {key: found[key] for key, concern in here.items() if concern.hidden}
        open_ = {key: found[key] for key, concern in here.items() if not concern.hidden}
        return _judged(hidden, open_, max(decoys, default=0.0))

    @cached_property
    def _no_need(self) -> Vectors:
        return self._embedder.embed(NO_NEED)

    def warm(self) -> None:
        """Prepares what every guess is held against."""
        _ = self._no_need, self._elsewhere

    @cached_property
    def _elsewhere(self) -> Mapping[str, Vectors]:
        """By scenario, what its buyers worry about."""
        return {
            scenario.id: self._embedder.embed(
                [text for c in scenario.concerns for text in (c.card, c.topic)]
            )
            for scenario in self._scenarios
        }

    def _rows_of(self, scenario: Scenario) -> Mapping[str, Vectors]:
        return self._rows(_Content(scenario))

    def _embedded(self, content: _Content) -> Mapping[str, Vectors]:
        return {c.id: self._embedder.embed(_about(c)) for c in content.scenario.concerns}


class _Content:
    """A scenario as a key: by what is in it."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario

    def __hash__(self) -> int:
        return hash(self.scenario.fingerprint)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, _Content) and other.scenario.fingerprint == self.scenario.fingerprint
        )


def _about(concern: Concern) -> list[str]:
    card = [concern.card[a:b] for a, b in sentences(concern.card)]
    said = [line.replace("{", "").replace("}", "") for line in concern.say]
    return list(dict.fromkeys([concern.card, *card, concern.topic, concern.short, *said]))


def _nearest(rows: Vectors, vector: Vectors) -> float:
    return float(np.max(rows @ vector))


def _judged(hidden: Mapping[str, float], others: Mapping[str, float], decoy: float) -> Match:
    mine, best = _best(hidden)
    other, beside = _best(others)
    if best >= RIGHT and best >= beside - BESIDE_RIGHT and best >= decoy - DECOY_RIGHT:
        return Match(Closeness.RIGHT, mine)
    if best >= CLOSE and best >= beside - BESIDE_CLOSE and best >= decoy - DECOY_CLOSE:
        return Match(Closeness.CLOSE, mine)
    if beside >= OTHER and beside >= decoy - DECOY_OTHER:
        return Match(Closeness.OTHER_CONCERN, other)
    return Match(Closeness.NO_MATCH, None)


def _best(likeness: Mapping[str, float]) -> tuple[str | None, float]:
    return max(likeness.items(), key=lambda item: item[1], default=(None, 0.0))


def hides(scenario: Scenario, state: BuyerState) -> Sequence[Concern]:
    """What this buyer hides or hid."""
    return [c for c in scenario.concerns if c.hidden and c.id in state.concerns]
