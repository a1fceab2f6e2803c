"""Which model, where: an address and a name become a ``LanguageModel``."""

from __future__ import annotations

from urllib.parse import urlsplit

from coach.errors import Misconfigured
from coach.llm.breaker import Breaker
from coach.llm.discovering import first_model
from coach.llm.model import LanguageModel
from coach.llm.opening import OPENAI_URL, Address
from coach.providers import provider_and_name

DEFAULT_MODEL = "gpt-4o-mini"


def connect(
    url: str | None,
    api_key: str | None,
    model: str | None,
    timeout: float,
    temperature: float | None = None,
    breaker: Breaker | None = None,
) -> LanguageModel:
    """A model at an OpenAI-compatible ``url``, or at OpenAI with only a key.

    ``model`` may be ``provider:name``. Without one, the server at ``url`` is asked for its first;
    when it doesn't answer now, it is asked again before the first prompt. ``timeout`` is the
    seconds that one answer may keep us waiting, retries included. Models at one server under one
    name should share a ``breaker``. Raises Misconfigured for an address that is none.
    """
    try:
        host = urlsplit(url or OPENAI_URL).hostname
    except ValueError as error:
        raise Misconfigured(f"COACH_MODEL_URL is no web address: {url!r}") from error
    provider, name = provider_and_name(model)
    if name is None:
        name = first_model(url, api_key) if url else DEFAULT_MODEL
    address = Address(provider, name, url, api_key, temperature)
    return LanguageModel(name or f"the model at {host}", address, timeout, breaker or Breaker())
