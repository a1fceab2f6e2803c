"""All configuration, frozen, from the environment; only ``api.wiring`` reads it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from coach.errors import Misconfigured
from coach.messenger.settings import SlackSettings, read_slack
from coach.model_settings import ModelReading, ModelSettings

LOGS = ("text", "json")
LEVELS = ("debug", "info", "warning", "error")


def _level(log: str | None) -> str:
    """Who asks for a log gets one; a person's terminal only hears of trouble."""
    return "info" if log else "warning"


if TYPE_CHECKING:
    from coach.accounts.sign_on import SignOn

MOST_DAYS = 36_500


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

    Where ``models`` names none, the embedded engine speaks. ``embedding`` is the model the index is
    searched by, as ``provider:model`` or a plain name; without one it is the embedded model, and
    ``openai_api_key`` is for the others.
    ``public_url`` is the address by which exports name this coach; it is never fetched.
    Sessions older than ``keep_sessions_days`` are deleted; None keeps them for ever.
    The limits are for each caller; None is the default, 0 none.
    ``token`` is what the commands show a server that has users.
    ``log`` is ``text`` or ``json``. ``collector`` is an OpenTelemetry collector's address.
    """

    home: Path
    openai_api_key: str | None = None
    models: ModelSettings = field(default_factory=ModelSettings)
    database_url: str | None = None
    embedding: str | None = None
    embedding_url: str | None = None
    chroma_url: str | None = None
    public_url: str | None = None
    keep_sessions_days: int | None = None
    requests_per_minute: int | None = None
    turns_per_minute: int | None = None
    turns_per_day: int | None = None
    token: str | None = field(default=None, repr=False)
    sign_on: SignOn | None = None
    slack: SlackSettings | None = None
    log: str = "text"
    log_level: str = "WARNING"
    collector: str | None = None

    @property
    def index_place(self) -> Path | str:
        """A folder of this home, or the URL of a Chroma server."""
        return self.chroma_url or self.home / "index"

    def index_place_of(self, tenant: str) -> tuple[Path | str, str]:
        """Where a tenant's own index lies, and what the names of its collections begin with."""
        if self.chroma_url:
            return self.chroma_url, f"tenant.{tenant}."
        return self.home / "tenants" / tenant / "index", ""

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.home / 'coach.db'}"


def _days(name: str, given: str | None) -> int | None:
    if given is None:
        return None
    if not given.isdecimal() or not 1 <= int(given) <= MOST_DAYS:
        raise Misconfigured(f"{name} must be a whole number of days, 1 to {MOST_DAYS:,}")
    return int(given)


def load_settings(home: Path | None = None, env: Mapping[str, str] | None = None) -> Settings:
    """Settings from ``env`` (default: the process environment over ``./.env``).

    Raises Misconfigured, naming the variable.
    """
    values = {**read_env_file(Path(".env")), **os.environ} if env is None else env

    def text(name: str) -> str | None:
        return values.get(name, "").strip() or None

    def one_of(choices: tuple[str, ...], name: str, chosen: str | None) -> str | None:
        given = (chosen or "").lower()
        if given and given not in choices:
            raise Misconfigured(f"{name} must be {' or '.join(choices)}, not {given!r}")
        return given or None

    def count(name: str, given: str | None) -> int | None:
        if given is not None and not (given.isascii() and given.isdecimal() and len(given) < 10):
            raise Misconfigured(f"{name} must be a whole number (0 for no limit), not {given!r}")
        return None if given is None else int(given)

    reading = ModelReading(text)
    chosen = home or Path(text("COACH_HOME") or Path.home() / ".objection-coach")
    return Settings(
        home=chosen.expanduser().absolute(),
        openai_api_key=reading.key(),
        models=reading.settings(),
        database_url=text("COACH_DATABASE_URL"),
        embedding=text("COACH_EMBEDDING"),
        embedding_url=reading.url("COACH_EMBEDDING_URL") or reading.url("COACH_MODEL_URL"),
        chroma_url=reading.url("COACH_CHROMA_URL"),
        public_url=reading.url("COACH_PUBLIC_URL"),
        keep_sessions_days=_days("COACH_KEEP_SESSIONS_DAYS", text("COACH_KEEP_SESSIONS_DAYS")),
        token=text("COACH_TOKEN"),
        sign_on=_sign_on(text),
        slack=read_slack(text, reading.url),
        log=one_of(LOGS, "COACH_LOG", text("COACH_LOG")) or "text",
        log_level=(
            one_of(LEVELS, "COACH_LOG_LEVEL", text("COACH_LOG_LEVEL")) or _level(text("COACH_LOG"))
        ).upper(),
        collector=reading.url("OTEL_EXPORTER_OTLP_ENDPOINT"),
        requests_per_minute=count("COACH_REQUESTS_PER_MINUTE", text("COACH_REQUESTS_PER_MINUTE")),
        turns_per_minute=count("COACH_TURNS_PER_MINUTE", text("COACH_TURNS_PER_MINUTE")),
        turns_per_day=count("COACH_TURNS_PER_DAY", text("COACH_TURNS_PER_DAY")),
    )


def _sign_on(text: Callable[[str], str | None]) -> SignOn | None:
    issuer, client = text("COACH_OIDC_ISSUER"), text("COACH_OIDC_CLIENT_ID")
    if issuer is None:
        return None
    if client is None:
        raise Misconfigured("COACH_OIDC_CLIENT_ID is needed with COACH_OIDC_ISSUER")
    secret, file = text("COACH_OIDC_CLIENT_SECRET"), text("COACH_OIDC_CLIENT_SECRET_FILE")
    try:
        secret = Path(file).read_text(encoding="utf-8").strip() if file else secret
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(f"COACH_OIDC_CLIENT_SECRET_FILE can't be read: {file}") from error
    if not secret:
        raise Misconfigured("COACH_OIDC_CLIENT_SECRET or COACH_OIDC_CLIENT_SECRET_FILE is needed")
    from coach.accounts.sign_on import SignOn  # noqa: PLC0415  # the commands that need none

    return SignOn.of(issuer, client, secret, text("COACH_OIDC_TENANTS"), text("COACH_OIDC_ROLES"))
