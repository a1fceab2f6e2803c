"""The language model, if one is configured: the only file that touches langchain and openai.

They are imported at the first answer, on a thread, because that takes more than a second.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from coach.errors import Misconfigured, ModelFailed
from coach.model_faults import CutShort, fault_of
from prompts import render

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk

DEFAULT_MODEL = "gpt-4o-mini"
OPENAI_URL = "https://api.openai.com/v1"

#: Prefixes of ``provider:name`` that langchain opens. Anything else before a colon belongs to
#: the name itself: ``llama3.2:3b``, ``ft:gpt-4o:team``.
# fmt: off
PROVIDERS = frozenset({
    "anthropic", "azure_openai", "bedrock_converse", "cohere", "deepseek", "google_genai", "groq",
    "mistralai", "ollama", "openai", "openrouter", "together", "xai",
})
# fmt: on

#: A weak model pads JSON with white space for as long as it is let.
ANSWER_TOKENS = 2000
DISCOVERY_TIMEOUT = 2.0  # seconds


def connect(
    url: str | None, api_key: str | None, model: str | None, timeout: float
) -> LanguageModel:
    """A model at an OpenAI-compatible ``url``, or at OpenAI with only a key.

    ``model`` may be ``provider:name``. Without one, the server at ``url`` is asked for its first;
    when it doesn't answer now, it is asked again before the first prompt. ``timeout`` is the
    seconds that one answer may keep us waiting, retries included. Raises Misconfigured for an
    address that is none.
    """
    try:
        host = urlsplit(url or OPENAI_URL).hostname
    except ValueError as error:
        raise Misconfigured(f"COACH_MODEL_URL is no web address: {url!r}") from error
    provider, name = _provider_and_name(model)
    if name is None:
        name = _first_model(url, api_key) if url else DEFAULT_MODEL
    return LanguageModel(name or f"the model at {host}", provider, name, url, api_key, timeout)


@dataclass
class LanguageModel:
    """Implements ``ports.Model`` as ``prompt | model | parser``.

    Retries live here and nowhere else: one more try after a lost connection, 429 or 5xx, and
    none once words have come. A text that breaks off is a failure, never a short answer.
    """

    name: str
    provider: str
    model: str | None
    url: str | None
    api_key: str | None = field(repr=False)
    timeout: float
    _chat: BaseChatModel | None = field(default=None, init=False, repr=False)
    _http: Any = field(default=None, init=False, repr=False)
    _loop: asyncio.AbstractEventLoop | None = field(default=None, init=False, repr=False)

    async def stream(self, prompt: str, variables: Mapping[str, Any]) -> AsyncIterator[str]:
        rendered = render(prompt, **variables)
        patience = _Patience(self.timeout)
        chat = await self._connected()
        from langchain_core.runnables import RunnableGenerator  # noqa: PLC0415

        chain = _prompt() | chat | RunnableGenerator(_words)
        told = {"system": rendered.system, "user": rendered.user}
        for last in (False, True):
            started = False
            try:
                async with aclosing(chain.astream(told)) as words:
                    while (word := await patience.next_of(words)) is not None:
                        started = True
                        yield word
                return
            except Exception as error:  # noqa: BLE001  # each library has its own; all become one
                await self._pause_or_fail(error, final=last or started)

    async def structured(
        self, prompt: str, variables: Mapping[str, Any], schema: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        rendered = render(prompt, **variables)
        patience = _Patience(self.timeout)
        told: dict[str, Any] = {"system": rendered.system, "user": rendered.user}
        reply = await self._answer(told, schema, patience)
        if complaint := _misfit(reply.value, schema):
            told["repair"] = [
                ("ai", reply.text or "(no answer)"),
                ("human", f"That doesn't fit: {complaint}. Answer again, with only the JSON."),
            ]
            reply = await self._answer(told, schema, patience)
            if _misfit(reply.value, schema):
                raise ModelFailed("the model's answer didn't have the form that was asked for")
        value: Mapping[str, Any] = reply.value
        return value

    async def warm(self) -> None:
        """Pays for the imports before the first answer must; a failure waits for that answer."""
        with suppress(ModelFailed):
            await self._connected()

    async def aclose(self) -> None:
        """Closes the connections; the next answer opens new ones."""
        if self._http is not None and self._loop is asyncio.get_running_loop():
            await self._http.aclose()
        self._chat = self._http = self._loop = None

    async def _answer(
        self, told: Mapping[str, Any], schema: Mapping[str, Any], patience: _Patience
    ) -> _Reply:
        chat = await self._connected()
        form = {"title": "answer", **schema}
        for last in (False, True):
            try:
                into = chat.with_structured_output(form, method="json_schema", include_raw=True)
                async with patience.waiting():
                    answer: Any = await (_prompt() | into).ainvoke(dict(told))
                return _Reply.of(answer)
            except Exception as error:  # noqa: BLE001  # each library has its own; all become one
                if type(error).__name__ == "LengthFinishReasonError":
                    return _Reply(text="", value=None)
                await self._pause_or_fail(error, final=last)
        raise AssertionError  # the last try returned or raised

    async def _pause_or_fail(self, error: Exception, *, final: bool) -> None:
        fault = fault_of(error, self.timeout)
        if final or not fault.again:
            raise ModelFailed(fault.reason) from error
        await asyncio.sleep(fault.pause)

    async def _connected(self) -> BaseChatModel:
        """The chat model for this event loop: pooled connections can't move to another one."""
        loop = asyncio.get_running_loop()
        if self._chat is None or self._loop is not loop:
            chat, http = await asyncio.to_thread(self._build)
            if self._chat is None or self._loop is not loop:  # nobody was faster
                self._chat, self._http, self._loop = chat, http, loop
        return self._chat

    def _build(self) -> tuple[BaseChatModel, Any]:
        import langsmith  # noqa: PLC0415
        from langchain.chat_models import init_chat_model  # noqa: PLC0415

        # Conversations go to the model and to nobody else, whatever the environment says.
        langsmith.configure(enabled=False)
        self.model = self.model or _first_model(self.url, self.api_key)
        if self.model is None:
            raise ModelFailed(
                "the model server can't be reached, or lists no model; COACH_MODEL can name one"
            )
        self.name = _shown(self.model)
        given: dict[str, Any] = {"base_url": self.url, "api_key": self.api_key}
        http = None
        if self.provider == "openai":
            http = _http_client(self.url)
            given = {
                # Always both: langchain would fall back to those of the environment.
                "base_url": self.url or OPENAI_URL,
                "api_key": self.api_key or "none",
                "http_async_client": http,
                "max_tokens": ANSWER_TOKENS,
                "stream_usage": True,
                "stream_chunk_timeout": None,
                "use_responses_api": False,
            }
        try:
            chat: BaseChatModel = init_chat_model(
                self.model,
                model_provider=self.provider,
                timeout=self.timeout,
                max_retries=0,
                **{key: value for key, value in given.items() if value or http},
            )
        except (ImportError, ValueError) as error:
            raise ModelFailed(f"the model {self.provider}:{self.model} can't be opened") from error
        return chat, http


class _Patience:
    """Seconds left to wait for the server. A slow reader of a stream doesn't use them up."""

    def __init__(self, seconds: float) -> None:
        self._left = seconds

    @asynccontextmanager
    async def waiting(self) -> AsyncIterator[None]:
        since = time.monotonic()
        try:
            async with asyncio.timeout(self._left):
                yield
        finally:
            self._left -= time.monotonic() - since

    async def next_of(self, words: AsyncIterator[str]) -> str | None:
        async with self.waiting():
            return await anext(words, None)


@dataclass(frozen=True)
class _Reply:
    text: str
    value: Any

    @staticmethod
    def of(answer: Mapping[str, Any]) -> _Reply:
        """From what ``include_raw`` gives; takes JSON out of a code fence too."""
        text = str(answer["raw"].text)
        value = answer["parsed"]
        if value is None:
            try:
                value = json.loads(text[text.find("{") : text.rfind("}") + 1])
            except ValueError:
                value = None
        return _Reply(text, value)


async def _words(chunks: AsyncIterator[AIMessageChunk]) -> AsyncIterator[str]:
    """The text of each chunk; raises when the answer isn't whole."""
    finish, empty = None, True
    async for chunk in chunks:
        said = chunk.response_metadata
        finish = (
            said.get("finish_reason")
            or said.get("stop_reason")
            or said.get("done_reason")
            or finish
        )
        if chunk.text:
            empty = empty and chunk.text.isspace()
            yield str(chunk.text)
    if finish is None:
        raise CutShort
    if finish.lower() in ("length", "max_tokens"):
        raise ModelFailed("the model's answer was longer than it may be")
    if finish.lower() in ("content_filter", "safety", "refusal"):
        raise ModelFailed("the model server withheld the answer (content filter)")
    if empty:
        raise ModelFailed("the model's answer was empty")


def _prompt() -> Any:
    """Filled with rendered text, which is never itself read as a template."""
    from langchain_core.prompts import ChatPromptTemplate, MessagesPlaceholder  # noqa: PLC0415

    repair = MessagesPlaceholder("repair", optional=True)
    return ChatPromptTemplate.from_messages([("system", "{system}"), ("human", "{user}"), repair])


def _misfit(value: Any, schema: Mapping[str, Any]) -> str | None:
    """Why ``value`` doesn't fit the JSON schema, in few words; None when it does."""
    from jsonschema import Draft202012Validator  # noqa: PLC0415
    from jsonschema.exceptions import best_match  # noqa: PLC0415

    if value is None:
        return "it is not JSON"
    worst = best_match(Draft202012Validator(schema).iter_errors(value))
    return f"{worst.json_path}: {worst.message[:120]}" if worst else None


def _shown(name: str) -> str:
    """llama.cpp names a model by its path, which is nobody's business."""
    return name.rsplit("/", 1)[-1]


def _provider_and_name(model: str | None) -> tuple[str, str | None]:
    prefix, colon, rest = (model or "").partition(":")
    return (prefix, rest) if colon and prefix in PROVIDERS else ("openai", model or None)


def _http_client(url: str | None) -> Any:
    """Follows no redirect, so that a prompt never goes to another host than the given one."""
    from openai import DefaultAsyncHttpxClient  # noqa: PLC0415

    return DefaultAsyncHttpxClient(follow_redirects=False, trust_env=not _is_local(url))


def _is_local(url: str | None) -> bool:
    """A server on this machine isn't reached through a proxy of the environment."""
    return urlsplit(url or "").hostname in ("localhost", "127.0.0.1", "::1")


def _first_model(url: str | None, api_key: str | None) -> str | None:
    """The first model that the server lists; None when it doesn't answer or lists none."""
    import httpx  # noqa: PLC0415

    headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
    try:
        answer = httpx.get(
            f"{(url or '').rstrip('/')}/models",
            headers=headers,
            timeout=DISCOVERY_TIMEOUT,
            trust_env=not _is_local(url),
        )
        listed: Iterable[Any] = answer.raise_for_status().json()["data"]
        return next((str(entry["id"]) for entry in listed), None)
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        return None
