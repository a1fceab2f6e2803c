"""The JSON of OpenAI's API, as much of it as a practice needs. Unknown fields are ignored."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.schemas import Assessment
from api.schemas_evidence import Text
from coach.session import Status


class Part(BaseModel):
    model_config = ConfigDict(extra="ignore")

    type: str
    text: Text = ""


class Message(BaseModel):
    """``content`` is text, or parts of text."""

    model_config = ConfigDict(extra="ignore")

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Text | list[Part] | None = None

    @property
    def text(self) -> str:
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type == "text")
        return self.content or ""


class StreamOptions(BaseModel):
    model_config = ConfigDict(extra="ignore")

    include_usage: bool = False


class ChatRequest(BaseModel):
    model_config = ConfigDict(
        extra="ignore",
        json_schema_extra={
            "example": {
                "model": "trust-unknown:normal",
                "messages": [{"role": "user", "content": "Good morning, have you a minute?"}],
            }
        },
    )

    model: Annotated[str, Field(max_length=300, description="scenario[:difficulty][:persona]")]
    messages: Annotated[list[Message], Field(min_length=1, max_length=1_000)]
    stream: bool = False
    stream_options: StreamOptions | None = None
    n: int | None = None
    user: Annotated[str, Field(max_length=500)] | None = None
    metadata: dict[str, Any] | None = None


class Usage(BaseModel):
    """Counted in words and signs, not in the tokens of any model."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class CoachNote(BaseModel):
    """What OpenAI has no field for."""

    session: str
    status: Status
    turn: int | None = None
    assessment: Assessment | None = None


class Reply(BaseModel):
    role: Literal["assistant"] = "assistant"
    content: str


class Choice(BaseModel):
    index: int = 0
    message: Reply
    finish_reason: Literal["stop"] = "stop"


class Completion(BaseModel):
    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str
    choices: list[Choice]
    usage: Usage
    coach: CoachNote | None = None


class ModelCard(BaseModel):
    id: str
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: str = "objection-coach"
    name: str
    description: str


class ModelCards(BaseModel):
    object: Literal["list"] = "list"
    data: list[ModelCard]
