"""How a streamed answer ended: whole, or why not."""

from __future__ import annotations

from dataclasses import dataclass

from coach.errors import ModelFailed
from coach.llm.faults import CutShort

TOO_LONG = "the model's answer was longer than it may be"


@dataclass
class Ending:
    """Told of each piece and of what the server says of the end. A text that breaks off is a
    failure, never a short answer."""

    finish: str | None = None
    blank: bool = True

    def said(self, text: str) -> None:
        self.blank = self.blank and text.isspace()

    def check(self) -> None:
        if self.finish is None:
            raise CutShort
        finish = self.finish.lower()
        if finish in ("length", "max_tokens"):
            raise ModelFailed(TOO_LONG)
        if finish in ("content_filter", "safety", "refusal"):
            raise ModelFailed("the model server withheld the answer (content filter)")
        if self.blank:
            raise ModelFailed("the model's answer was empty")
