"""How often models' answers were used, made anew or replaced: counted, for who runs the coach."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from coach.session import ModelWork, Provenance


@dataclass
class WorkDone:
    """Of buyers' turns. ``asked`` are those that a model was asked to word, ``anew`` those whose
    first answer was at fault and whose second was used; ``faults`` are of answers that were thrown
    away, ``replaced`` says why the embedded engine's line stands."""

    turns: int = 0
    asked: int = 0
    anew: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    replaced: Counter[str] = field(default_factory=Counter)
    judged: int = 0
    unjudged: Counter[str] = field(default_factory=Counter)
    tokens: int = 0

    def add(self, made: Provenance) -> None:
        self.turns += 1
        said, judged = made.wording, made.judging
        self.asked += said.tries > 0
        self.anew += bool(said.faults and not said.replaced)
        self.faults.update(said.faults)
        self.replaced.update(_why(said))
        self.judged += judged.tries > 0
        self.unjudged.update(_why(judged))
        self.tokens += sum(w.tokens_in + w.tokens_out for w in (said, judged))


def _why(work: ModelWork) -> list[str]:
    return [work.replaced] if work.replaced else []
