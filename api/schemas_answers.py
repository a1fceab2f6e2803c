"""The JSON of shared answers."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, StrictInt

from api.schemas_evidence import Given, Short, Shown, Text, Time
from coach.answers import answer
from coach.answers.answer import Standing
from coach.answers.offering import Offer


class NewOffer(Given):
    """``author`` is how to sign it, while there are no accounts that have names."""

    session: Short
    turn: Annotated[StrictInt, Field(ge=0, le=1_000_000)]
    note: Text = ""
    author: Short = ""

    def offer(self) -> Offer:
        return Offer(self.session, self.turn, self.note, self.author)


class NewWording(Given):
    wording: Text


class Declined(Given):
    reason: Text


class Answer(Shown):
    id: str
    status: Standing
    author: str = Field(validation_alias="signature")
    title: str
    session: str
    turn: int
    scenario: str
    kind: str = Field(description="the type of objection it answers")
    objection: str
    said: str = Field(description="verbatim from the session")
    wording: str = Field(description="as others are shown it")
    note: str
    reason: str = Field(description="why it was declined")
    warnings: list[str] = Field(description="claims in it that no evidence carries as they stand")
    created_at: Time
    decided_at: Time | None


class Answers(BaseModel):
    """Newest first."""

    items: list[Answer]
    next_cursor: str | None = None

    @staticmethod
    def of(found: list[answer.SharedAnswer], next_cursor: str | None) -> Answers:
        items = [Answer.model_validate(one) for one in found]
        return Answers(items=items, next_cursor=next_cursor)
