"""Which models the settings name: one for all jobs, or one a job, and what they may cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from coach.budget import Budget
from coach.errors import Misconfigured
from coach.models import Job
from coach.providers import OPENAI, provider_and_name

#: In place of a model's name: the embedded engine does that job.
EMBEDDED = "embedded"


@dataclass(frozen=True)
class Choice:
    """A model for a job. Without ``url`` it is OpenAI's, without ``model`` the server's first."""

    model: str | None
    url: str | None
    key: str | None = field(repr=False)
    temperature: float | None = None


@dataclass(frozen=True)
class ModelSettings:
    """``timeout`` is in seconds, for one answer with its retries; ``key`` is the general one."""

    choices: Mapping[Job, Choice] = field(default_factory=dict)
    timeout: float = 30.0
    budget: Budget = field(default_factory=Budget)

    def of(self, job: Job) -> Choice | None:
        """None: the embedded engine does it."""
        return self.choices.get(job)

    def each(self) -> dict[Choice, list[Job]]:
        """The different choices, each with its jobs."""
        found: dict[Choice, list[Job]] = {}
        for job, choice in self.choices.items():
            found.setdefault(choice, []).append(job)
        return found


def one_model(
    url: str | None = None,
    key: str | None = None,
    model: str | None = None,
    timeout: float = 30.0,
    budget: Budget | None = None,
) -> ModelSettings:
    """The same model for all jobs; none without an address and a key."""
    choice = Choice(model, url, key)
    choices = dict.fromkeys(Job, choice) if url or key else {}
    return ModelSettings(choices, timeout, budget or Budget())


@dataclass(frozen=True)
class ModelReading:
    """Reads the model's part of the environment; ``text`` gives a variable, None where unset."""

    text: Callable[[str], str | None]

    def settings(self) -> ModelSettings:
        """Raises Misconfigured, naming the variable."""
        found = {job: self._choice(job) for job in Job}
        return ModelSettings(
            {job: choice for job, choice in found.items() if choice},
            self._number("COACH_MODEL_TIMEOUT", "seconds") or 30.0,
            Budget(self._tokens("SESSION"), self._tokens("DAY")),
        )

    def key(self) -> str | None:
        """The general key, from the environment or a file."""
        return self.text("OPENAI_API_KEY") or self._key_in("OPENAI_API_KEY_FILE")

    def url(self, name: str) -> str | None:
        given = self.text(name)
        if given and not given.startswith(("http://", "https://")):
            raise Misconfigured(f"{name} must start with http:// or https://, not {given!r}")
        return given

    def _choice(self, job: Job) -> Choice | None:
        suffix = job.value.upper()
        own_url = self.url(f"COACH_MODEL_URL_{suffix}")
        url = own_url or self.url("COACH_MODEL_URL")
        # A server of its own needn't know the general model's name.
        general = None if own_url else self.text("COACH_MODEL")
        model = self.text(f"COACH_MODEL_{suffix}") or general
        provider, _ = provider_and_name(model)
        key = self._key_in(f"COACH_MODEL_KEY_FILE_{suffix}") or self._general_key(url, provider)
        temperature = self._temperature(suffix)
        if model == EMBEDDED or not (url or key or provider != OPENAI):
            return None
        return Choice(model, url, key, temperature)

    def _general_key(self, url: str | None, provider: str) -> str | None:
        """It goes to the general server, and to no other that one job names; OpenAI's to no other
        provider, whose own variable langchain reads."""
        if _host(url) != _host(self.url("COACH_MODEL_URL")):
            return None
        openai = self.key() if provider == OPENAI else None
        return self._key_in("COACH_MODEL_KEY_FILE") or openai

    def _temperature(self, suffix: str) -> float | None:
        own = self._number(f"COACH_MODEL_TEMPERATURE_{suffix}", "from 0 to 2")
        given = own if own is not None else self._number("COACH_MODEL_TEMPERATURE", "from 0 to 2")
        if given is not None and given > 2:
            raise Misconfigured("a COACH_MODEL_TEMPERATURE must be from 0 to 2")
        return given

    def _tokens(self, suffix: str) -> int | None:
        given = self._number(f"COACH_MODEL_BUDGET_{suffix}", "of tokens")
        return None if given is None else int(given)

    def _number(self, name: str, of: str) -> float | None:
        given = self.text(name)
        try:
            number = float(given.replace("_", "")) if given else None
        except ValueError as error:
            raise Misconfigured(f"{name} must be a number {of}") from error
        if number is not None and not 0 <= number < float("inf"):
            raise Misconfigured(f"{name} must be a number {of}, not below 0")
        return number

    def _key_in(self, name: str) -> str | None:
        place = self.text(name)
        if place is None:
            return None
        try:
            key = Path(place).expanduser().read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise Misconfigured(
                f"{name}: that file can't be read; it holds the key alone"
            ) from error
        if not key or not key.isascii() or len(key.split()) > 1:
            raise Misconfigured(f"{name}: that file must hold the key alone, on one line")
        return key


def _host(url: str | None) -> str | None:
    return urlsplit(url).netloc if url else None
