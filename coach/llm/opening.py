"""Opens the libraries for one model: slow, so on a thread and at the first answer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from coach.errors import ModelFailed
from coach.llm.discovering import first_model, is_local
from coach.llm.faults import ServerFailed
from coach.providers import OPENAI

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

OPENAI_URL = "https://api.openai.com/v1"

#: A weak model pads JSON with white space for as long as it is let.
ANSWER_TOKENS = 2000


@dataclass(frozen=True)
class Address:
    """``provider`` is langchain's word for it; ``model`` None: the first that the server lists."""

    provider: str
    model: str | None
    url: str | None
    api_key: str | None = field(repr=False)
    temperature: float | None = None

    @property
    def speaks_openai(self) -> bool:
        return self.provider == OPENAI


@dataclass(frozen=True)
class Opened:
    """``wire`` is the openai client inside ``chat``, where the server speaks that protocol."""

    model: str
    chat: BaseChatModel
    wire: Any
    http: Any
    loop: asyncio.AbstractEventLoop

    async def aclose(self) -> None:
        """Closes the connections, if they belong to this event loop."""
        if self.http is not None and self.loop is asyncio.get_running_loop():
            await self.http.aclose()


def open_model(address: Address, timeout: float, loop: asyncio.AbstractEventLoop) -> Opened:
    """Blocks for a second or more. ModelFailed when it can't be opened."""
    import langsmith  # noqa: PLC0415  # slow to load, like all of these
    from langchain.chat_models import init_chat_model  # noqa: PLC0415

    # Conversations go to the model and to nobody else, whatever the environment says.
    langsmith.configure(enabled=False)
    model = address.model or first_model(address.url, address.api_key)
    if model is None:
        raise ServerFailed(
            "the model server can't be reached, or lists no model; COACH_MODEL can name one"
        )
    given, http = _given(address)
    try:
        chat: BaseChatModel = init_chat_model(
            model, model_provider=address.provider, timeout=timeout, max_retries=0, **given
        )
    except (ImportError, ValueError) as error:
        raise ModelFailed(f"the model {address.provider}:{model} can't be opened") from error
    wire = getattr(chat, "root_async_client", None) if address.speaks_openai else None
    return Opened(model, chat, wire, http, loop)


def _given(address: Address) -> tuple[dict[str, Any], Any]:
    """Arguments of ``init_chat_model``, and the HTTP client among them that is ours to close."""
    given: dict[str, Any] = {}
    if address.temperature is not None:
        given["temperature"] = address.temperature
    if not address.speaks_openai:
        places = {"base_url": address.url, "api_key": address.api_key}
        return given | {key: value for key, value in places.items() if value}, None
    http = _http_client(address.url)
    return given | {
        # Always both: langchain would fall back to those of the environment.
        "base_url": address.url or OPENAI_URL,
        "api_key": address.api_key or "none",
        "http_async_client": http,
        "max_tokens": ANSWER_TOKENS,
        "use_responses_api": False,
    }, http


def _http_client(url: str | None) -> Any:
    """Follows no redirect, so that a prompt never goes to another host than the given one."""
    from openai import DefaultAsyncHttpxClient  # noqa: PLC0415

    return DefaultAsyncHttpxClient(follow_redirects=False, trust_env=not is_local(url))
