"""``coach export`` and ``coach webhook``: what was practised, for other programs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import quote

import typer

from api import terminal
from api.connecting import client_of
from api.options import Home, Json
from coach.errors import Misconfigured

FAILED = 1
#: File by form, with where it comes from.
FORMS = {
    "csv": ("sessions.csv", "/v1/exports/sessions.csv"),
    "xapi": ("statements.json", "/v1/exports/xapi"),
}

webhook = typer.Typer(
    name="webhook", help="Tell other programs when a session ends.", no_args_is_help=True
)


def export(
    form: Annotated[Literal["csv", "xapi"], typer.Argument(help="A sheet, or LMS statements.")],
    folder: Annotated[Path, typer.Option("-o", "--out", help="Folder to write to.")] = Path(),
    home: Home = None,
) -> None:
    """Write your sessions as CSV, or as xAPI statements for an LMS."""
    name, path = FORMS[form]
    with client_of(home) as client:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            part = folder / f"{name}.part"
            try:
                client.download(path, part)
                written = part.replace(folder / name)
            finally:  # a coach that broke off leaves no half file
                part.unlink(missing_ok=True)
        except OSError as error:
            raise Misconfigured(f"{folder} can't be written: {error.strerror}") from error
    terminal.say(f"Wrote {written}")


@webhook.command()
def add(
    url: Annotated[str, typer.Argument(help="Where to POST to: http or https.")],
    secret: Annotated[str | None, typer.Option(help="whsec_...; made if left out.")] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Add a webhook; its secret is shown once."""
    with client_of(home) as client:
        made = client.post("/v1/webhooks", {"url": url, **({"secret": secret} if secret else {})})
    if as_json:
        terminal.show_json(made)
        return
    terminal.say(f"{made['id']}  {made['url']}")
    terminal.say(f"secret: {made['secret']}")
    terminal.say("Keep the secret: with it the receiver checks each signature. Not shown again.")


@webhook.command("list")
def show(home: Home = None, as_json: Json = False) -> None:
    """List the webhooks and what became of their messages."""
    with client_of(home) as client:
        found = client.get("/v1/webhooks")
    (terminal.show_json if as_json else show_webhooks)(found)


@webhook.command()
def remove(webhook_id: Annotated[str, typer.Argument(metavar="ID")], home: Home = None) -> None:
    """Remove a webhook; what still waits for it is dropped."""
    with client_of(home) as client:
        client.delete(f"/v1/webhooks/{quote(webhook_id, safe='')}")
    terminal.say(f"Removed {webhook_id}")


@webhook.command("test")
def try_out(webhook_id: Annotated[str, typer.Argument(metavar="ID")], home: Home = None) -> None:
    """Send one signed test message now."""
    with client_of(home) as client:
        told = client.post(f"/v1/webhooks/{quote(webhook_id, safe='')}/test")
    if not told["delivered"]:
        terminal.complain(f"not delivered: {told['says']}")
        raise typer.Exit(FAILED)
    terminal.say(f"Delivered: {told['says']}")


def show_webhooks(found: Mapping[str, Any]) -> None:
    for hook in found["items"]:
        told = hook["deliveries"]
        terminal.heading(f"{hook['id']}  {hook['url']}")
        counts = ", ".join(f"{told[name]} {name}" for name in ("done", "waiting", "failed"))
        problem = f"; last problem: {told['last_problem']}" if told["last_problem"] else ""
        terminal.say(f"{counts}{problem}", indent=4)
    if not found["items"]:
        terminal.say("No webhooks; `coach webhook add URL` makes one.")
