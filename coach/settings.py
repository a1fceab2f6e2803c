"""All configuration, frozen, from the environment; only ``api.wiring`` reads it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from coach.errors import Misconfigured


def read_env_file(path: Path) -> dict[str, str]:
    """``KEY=value`` lines of a ``.env`` file; comments and blank lines are skipped."""
    if not path.is_file():
        return {}
    found: dict[str, str] = {}
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        line = raw.strip().removeprefix("export ")
        if not line or line.startswith("#"):
            continue
        key, separator, value = line.partition("=")
        if not separator:
            raise Misconfigured(f"{path} line {number}: write NAME=value, or start it with #")
        found[key.strip()] = value.strip().strip("'\"")
    return found


@dataclass(frozen=True)
class Settings:
    """Where things live and which engines run.

    ``model_url`` or ``openai_api_key`` switches a language model on; without both the embedded
    engine speaks. ``model_timeout`` is in seconds. ``embedding`` is the model the index is searched
    by, as ``provider:model`` or a plain name; without one it is the embedded model.
    ``public_url`` is the address by which exports name this coach; it is never fetched.
    """

    home: Path
    openai_api_key: str | None = None
    model: str | None = None
    model_url: str | None = None
    model_timeout: float = 30.0
    database_url: str | None = None
    embedding: str | None = None
    embedding_url: str | None = None
    chroma_url: str | None = None
    public_url: str | None = None

    @property
    def has_model(self) -> bool:
        return bool(self.openai_api_key or self.model_url)

    @property
    def index_place(self) -> Path | str:
        """A folder of this home, or the URL of a Chroma server."""
        return self.chroma_url or self.home / "index"

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.home / 'coach.db'}"


def load_settings(home: Path | None = None, env: Mapping[str, str] | None = None) -> Settings:
    """Settings from ``env`` (default: the process environment over ``./.env``).

    Raises Misconfigured, naming the variable.
    """
    values = {**read_env_file(Path(".env")), **os.environ} if env is None else dict(env)

    def text(name: str) -> str | None:
        return values.get(name, "").strip() or None

    def url(name: str, given: str | None) -> str | None:
        if given and not given.startswith(("http://", "https://")):
            raise Misconfigured(f"{name} must start with http:// or https://, not {given!r}")
        return given

    model_url = url("COACH_MODEL_URL", text("COACH_MODEL_URL"))
    try:
        timeout = float(text("COACH_MODEL_TIMEOUT") or 30)
    except ValueError as error:
        raise Misconfigured("COACH_MODEL_TIMEOUT must be a number of seconds") from error
    chosen = home or Path(text("COACH_HOME") or Path.home() / ".objection-coach")
    return Settings(
        home=chosen.expanduser().absolute(),
        openai_api_key=text("OPENAI_API_KEY"),
        model=text("COACH_MODEL"),
        model_url=model_url,
        model_timeout=timeout,
        database_url=text("COACH_DATABASE_URL"),
        embedding=text("COACH_EMBEDDING"),
        embedding_url=url("COACH_EMBEDDING_URL", text("COACH_EMBEDDING_URL")) or model_url,
        chroma_url=url("COACH_CHROMA_URL", text("COACH_CHROMA_URL")),
        public_url=url("COACH_PUBLIC_URL", text("COACH_PUBLIC_URL")),
    )
