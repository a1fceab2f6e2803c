"""``coach export-user``, ``forget-user`` and ``clear-old``: what is known of people, and how long.

They work on the home's database itself: whoever may write that is trusted.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api import terminal
from api.options import Home, Json
from coach.errors import BadInput, Misconfigured, NotFound
from coach.settings import Settings, load_settings

if TYPE_CHECKING:
    from coach.store import SqlStore

User = Annotated[str, typer.Argument(help="Such as anna@acme.example; local without accounts.")]
Tenant = Annotated[str, typer.Option("--tenant", help="Of which tenant; see coach tenant list.")]


def export_user(
    user: User,
    file: Annotated[Path, typer.Option("-o", "--out", help="The JSON file to write.")],
    tenant: Tenant = "local",
    home: Home = None,
) -> None:
    """Write everything that is known of a person to a file."""
    with _store(load_settings(home)) as store:
        found = store.people.everything(tenant, user)
    if not found:
        raise _nobody(user, tenant)
    body = json.dumps({"tenant": tenant, "user": user, "rows": found}, indent=1, ensure_ascii=False)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as out:
            out.write(body)
    except OSError as error:
        raise Misconfigured(f"{file} can't be written: {error.strerror}") from error
    terminal.say(f"Wrote {file}: {_told({name: len(rows) for name, rows in found.items()})}")


def forget_user(
    user: User,
    tenant: Tenant = "local",
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask; it can't be undone.")] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Delete a person: their account, practice, shared answers; their name elsewhere."""
    with _store(load_settings(home)) as store:
        known = {name: len(rows) for name, rows in store.people.everything(tenant, user).items()}
        if not known:
            raise _nobody(user, tenant)
        if not yes:
            typer.confirm(f"Delete {_told(known)} of {user} for ever?", abort=True, err=True)
        counts = store.people.forget(tenant, user)
    if as_json:
        terminal.show_json({"tenant": tenant, "user": user, "forgotten": counts})
        return
    terminal.say(f"Forgot {user}: {_told(counts)}. Backups made before still hold them.")


def clear_old(
    days: Annotated[
        int | None, typer.Option(help="Keep so many; else COACH_KEEP_SESSIONS_DAYS.", min=1)
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count.")] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Delete sessions of all people that are older than they are kept."""
    from api.wiring import now  # noqa: PLC0415  # slow to load
    from coach.keeping.keeper import Keeper  # noqa: PLC0415

    settings = load_settings(home)
    with _store(settings) as store:
        keeper = Keeper(store.people, settings.keep_sessions_days, now)
        limit = keeper.limit(days)
        if limit is None:
            raise BadInput("everything is kept: give --days, or set COACH_KEEP_SESSIONS_DAYS")
        counts = (store.people.older if dry_run else store.people.clear)(limit)
    if as_json:
        terminal.show_json({"before": limit.isoformat(), "dry_run": dry_run, "rows": counts})
        return
    verb = "Would delete" if dry_run else "Deleted"
    terminal.say(f"{verb} what began before {limit:%Y-%m-%d %H:%M} UTC: {_told(counts)}")


@contextmanager
def _store(settings: Settings) -> Iterator[SqlStore]:
    from api.wiring import prepare_home  # noqa: PLC0415  # as above
    from coach.store import open_store  # noqa: PLC0415

    prepare_home(settings.home)
    store = open_store(settings.database)
    try:
        yield store
    finally:
        store.close()


def _told(counts: Mapping[str, int]) -> str:
    named = (f"{count} in {name.replace('_', ' ')}" for name, count in counts.items())
    return ", ".join(named) or "nothing"


def _nobody(user: str, tenant: str) -> NotFound:
    return NotFound(f"nothing is known of {user[:60]!r} in tenant {tenant[:60]!r}")
