"""Which language model does which job, and what one answer of it was and cost."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from coach.budget import Budget

if TYPE_CHECKING:
    from coach.ports import Model


class Job(StrEnum):
    VOICE = "voice"  # words the buyer's acts
    SUGGEST = "suggest"  # writes suggestions, and the lines of a drafted buyer
    JUDGE = "judge"  # judges checks


@dataclass
class Receipt:
    """One question to a model: what it was asked with, and what that cost.

    Whoever asks may hand an empty one in; it is filled as far as things got, also when the answer
    fails or nobody listens to its end. Tokens and tries are those of all tries together, seconds
    those that we waited for the server, pauses between tries included.
    """

    prompt: str = ""
    template_hash: str = ""
    model: str = ""
    provider: str = ""
    tokens_in: int = 0
    tokens_out: int = 0
    estimated: bool = False  # some tokens are our guess: the server gave no count
    seconds: float = 0.0
    first_token_seconds: float | None = None  # None: not a word came
    tries: int = 0
    failure: str = ""  # why there is no answer, for a person; "" when there is one


@dataclass(frozen=True)
class Models:
    """The model of each job, and what they may cost; None: the embedded engine does it."""

    voice: Model | None = None
    suggest: Model | None = None
    judge: Model | None = None
    budget: Budget = field(default_factory=Budget)

    @staticmethod
    def alike(model: Model | None, budget: Budget | None = None) -> Models:
        """One for all jobs."""
        return Models(model, model, model, budget or Budget())

    def of(self, job: Job) -> Model | None:
        return {Job.VOICE: self.voice, Job.SUGGEST: self.suggest, Job.JUDGE: self.judge}[job]
