"""The JSON of evidence, claims and suggestions, and the kinds of field that every schema uses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StrictInt,
    model_validator,
)
from pydantic_core import PydanticCustomError

from coach import claims, finding, suggestion
from coach.answers.answer import SharedAnswer
from coach.errors import BadInput
from knowledge import evidence
from knowledge.evidence import Kind

LONGEST_TEXT = 100_000  # what a reply may hold is for the service to say; this bounds the work


def _no_surrogate(value: object) -> object:
    if isinstance(value, str) and not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise PydanticCustomError(
                "unicode", "half of a surrogate pair stands in the text: it isn't valid Unicode"
            ) from error
    return value


def _no_null(value: str) -> str:
    if "\x00" in value:
        raise PydanticCustomError("nul", "a NUL character stands in the text: send text only")
    return value


CleanStr = Annotated[str, BeforeValidator(_no_surrogate), AfterValidator(_no_null)]
Text = Annotated[CleanStr, Field(max_length=LONGEST_TEXT)]
Short = Annotated[CleanStr, Field(max_length=200)]

#: RFC 3339 in UTC, with Z.
Time = Annotated[
    datetime,
    PlainSerializer(
        lambda at: at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        return_type=str,
        when_used="json",
    ),
]
Span = tuple[int, int]


def _absent(value: object) -> bool:
    return value is None or value == ""


def optional(**more: Any) -> Any:
    """A field that is left out of the JSON where it says nothing."""
    return Field(default=None, exclude_if=_absent, **more)


class Given(BaseModel):
    """A request body. A field it doesn't know is refused, so that a typing error is seen."""

    model_config = ConfigDict(extra="forbid")


class Shown(BaseModel):
    """A part of a response, read from the domain's object of the same shape."""

    model_config = ConfigDict(from_attributes=True)


class Context(Given):
    sector: Short | None = None
    region: Short | None = None
    competitor: Short | None = None
    customer_size: Annotated[StrictInt, Field(ge=1, le=10_000_000)] | None = None


class SuggestionRequest(Given):
    objection: Text
    context: Context | None = None
    count: Annotated[StrictInt, Field(ge=1, le=3)] = 3
    draft: Annotated[Short, Field(min_length=1)] | None = Field(
        default=None,
        description="set while the objection is still being typed, to an id of the page: "
        "what lacks evidence is then counted once, when the words stand still",
    )

    def situation(self) -> suggestion.Situation | None:
        return suggestion.Situation(**self.context.model_dump()) if self.context else None


class ClaimsRequest(Given):
    text: Text
    context: Context | None = None


class EvidenceGiven(evidence.Evidence):
    """One whole item, in the fields it is shown with; ``stale`` is worked out, not taken."""

    id: str = Field(default="", max_length=200)

    @model_validator(mode="before")
    @classmethod
    def _as_shown(cls, given: object) -> object:
        if not isinstance(given, dict):
            return given
        fields = {name: _clean(value) for name, value in given.items() if name != "stale"}
        if "evidence_id" in fields:
            fields.setdefault("id", fields.pop("evidence_id"))
        return fields

    def evidence(self, evidence_id: str) -> evidence.Evidence:
        """The item of that id; BadInput when this names another."""
        if self.id not in ("", evidence_id):
            raise BadInput("the id in the body isn't the one in the address: leave it out")
        return evidence.Evidence.model_validate({**self.model_dump(), "id": evidence_id})


class NewItem(EvidenceGiven):
    id: str = Field(min_length=1, max_length=200)


def _clean(value: object) -> object:
    if isinstance(value, str):
        return _no_null(str(_no_surrogate(value)))
    return [_clean(one) for one in value] if isinstance(value, list) else value


class EvidenceFields(Shown):
    evidence_id: str
    kind: Kind
    title: str
    text: str
    sector: str | None
    region: str | None
    competitor: str | None
    customer: str | None
    size: int | None
    source: str | None
    owner: str | None
    as_of: date | None
    valid_until: date | None
    stale: bool
    visibility: evidence.Visibility
    label: evidence.Label
    criterion: str | None = optional()
    advantage: evidence.Advantage | None = optional()
    us: str | None = optional()
    them: str | None = optional()
    truth: evidence.Truth | None = optional()
    position: str | None = optional()
    do_not_say: list[str] = Field(default=[], exclude_if=lambda listed: not listed)
    inferred: list[str] = Field(default=[], exclude_if=lambda listed: not listed)


def _fields(item: evidence.Evidence) -> dict[str, Any]:
    return {
        **item.model_dump(),
        "evidence_id": item.id,
        "stale": item.stale_on(datetime.now(UTC).date()),
    }


class EvidenceItem(EvidenceFields):
    """One item with its full text: quotes and spans of it count in this text's code points."""

    @staticmethod
    def of(item: evidence.Evidence) -> EvidenceItem:
        return EvidenceItem.model_validate(_fields(item))


class Passage(EvidenceFields):
    """A stretch of an item; ``span`` is where ``text`` stands in the item's full text."""

    span: Span
    score: float
    why: list[str]

    @staticmethod
    def of(found: evidence.Passage) -> Passage:
        more = {"text": found.text, "span": found.span, "score": found.score, "why": found.why}
        return Passage.model_validate({**_fields(found.evidence), **more, "why": list(found.why)})


class Passages(BaseModel):
    items: list[Passage]
    next_cursor: str | None = None
    warning: str | None = optional(description="no reference is from a customer like that")

    @staticmethod
    def of(found: finding.Found) -> Passages:
        return Passages(
            items=[Passage.of(passage) for passage in found.passages],
            next_cursor=found.next_cursor,
            warning=found.warning,
        )


class Citation(Shown):
    id: str
    quote: str
    span: Span


class Claim(Shown):
    text: str
    span: Span
    status: claims.ClaimStatus
    evidence: list[Citation]
    note: str


class Claims(BaseModel):
    claims: list[Claim]


class CitedClaim(Shown):
    text: str
    evidence_id: str
    quote: str
    span: Span


class Suggestion(Shown):
    style: suggestion.Style
    text: str
    claims: list[CitedClaim]
    question: str
    next_step: str


class Reading(Shown):
    type: str
    scenario: str | None
    confidence: float


class ObjectionGuess(Reading):
    sure: bool = Field(description="false: the suggestions ask which reading is right")
    alternatives: list[Reading] = Field(description="what else the words may be or raise")
    says: str = Field(description="the guess in one sentence, for the one who has to answer")


class Shared(Shown):
    """An answer of a colleague, approved by a trainer: to learn from, never proof."""

    id: str
    title: str = Field(description="whose it is and since when, to stand above it")
    wording: str
    objection: str = Field(description="what it was an answer to")
    author: str = Field(validation_alias="signature")
    warnings: list[str] = Field(description="claims in it that no evidence carries as they stand")


class MadeBy(BaseModel):
    """A model's part in suggestions, as turns have it too; told where one was asked."""

    model: str
    prompts: dict[str, str] = Field(description="prompt by name, with the hash of its template")
    tokens_in: int
    tokens_out: int

    @staticmethod
    def of(advice: suggestion.Advice) -> MadeBy | None:
        took = advice.receipt
        if took is None:
            return None
        told = {"tokens_in": took.tokens_in, "tokens_out": took.tokens_out}
        return MadeBy(model=took.model, prompts={took.prompt: took.template_hash}, **told)


class Advice(BaseModel):
    objection: ObjectionGuess
    suggestions: list[Suggestion]
    evidence: list[Passage]
    gaps: list[str]
    shared: list[Shared] = Field(description="answers of colleagues to such an objection")
    engine: str
    note: str | None = optional(description="set when a model failed and another engine took over")
    warning: str | None = optional(
        description="what to know before a customer named here is named to this one"
    )

    made_by: MadeBy | None = optional(
        description="a model's part, also where its words were refused"
    )

    @staticmethod
    def of(advice: suggestion.Advice, shared: Sequence[SharedAnswer] = ()) -> Advice:
        return Advice(
            objection=ObjectionGuess.model_validate(advice.objection),
            suggestions=[Suggestion.model_validate(s) for s in advice.suggestions],
            evidence=[Passage.of(p) for p in advice.evidence],
            gaps=list(advice.gaps),
            shared=[Shared.model_validate(one) for one in shared],
            engine=advice.engine,
            note=advice.note,
            warning=advice.warning,
            made_by=MadeBy.of(advice),
        )
