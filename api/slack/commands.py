"""``coach slack``: the manifest to paste into Slack, and what of the set-up is missing."""

from __future__ import annotations

import asyncio
import json
from typing import Annotated, Any

import typer

from api import terminal
from api.finding import Finding, Verdict, as_record
from api.options import Home, Json
from coach.errors import BadInput
from coach.messenger.settings import SlackSettings
from coach.settings import Settings, load_settings

FAILED = 1

slack = typer.Typer(
    name="slack", help="Set up the Slack bot: manifest and check.", no_args_is_help=True
)


@slack.command()
def manifest(
    url: Annotated[str, typer.Argument(help="Where Slack reaches the coach, with https.")] = "",
    socket: Annotated[bool, typer.Option("--socket", help="For Socket Mode: no address.")] = False,
    home: Home = None,
) -> None:
    """Print the manifest to paste at api.slack.com/apps (Create New App, From a manifest)."""
    from api.slack.manifest import manifest as made  # noqa: PLC0415

    address = (url or load_settings(home).public_url or "").rstrip("/")
    if not socket and not address.startswith("https://"):
        raise BadInput("say where Slack reaches the coach: coach slack manifest https://HOST")
    terminal.say(json.dumps(made(address, socket), indent=2))


@slack.command()
def check(home: Home = None, as_json: Json = False) -> None:
    """Say what the Slack bot still lacks; asks Slack whether it takes the token."""
    settings = load_settings(home)
    report = as_record(settings, _findings(settings))
    terminal.say(json.dumps(report, indent=2)) if as_json else terminal.show_findings(report)
    if any(one["verdict"] != Verdict.OK for one in report["checks"]):
        raise typer.Exit(FAILED)


def _findings(settings: Settings) -> list[Finding]:
    found = [_library()]
    slack = settings.slack
    if slack is None:
        return [*found, _no_secret()]
    found += [_way_in(slack), _address(settings), _users(settings)]
    if found[0].verdict is Verdict.OK and slack.bot_token:
        found.append(_token(slack))
    return found


def _library() -> Finding:
    try:
        import slack_bolt  # noqa: F401, PLC0415  # only asked whether it is there
    except ModuleNotFoundError:
        todo = "pip install 'objection-coach[slack]'"
        return Finding("slack-bolt", Verdict.BROKEN, "isn't installed", todo)
    return Finding("slack-bolt", Verdict.OK, "is installed")


def _no_secret() -> Finding:
    return Finding(
        "settings",
        Verdict.BROKEN,
        "say nothing of Slack",
        "set COACH_SLACK_SIGNING_SECRET (Basic Information) and COACH_SLACK_BOT_TOKEN "
        "(OAuth & Permissions); for Socket Mode COACH_SLACK_APP_TOKEN in place of the secret",
    )


def _way_in(slack: SlackSettings) -> Finding:
    if slack.signing_secret:
        return Finding("events", Verdict.OK, "by HTTP, signed")
    return Finding("events", Verdict.OK, "by Socket Mode, for development")


def _address(settings: Settings) -> Finding:
    if (settings.public_url or "").startswith("https://"):
        return Finding("links", Verdict.OK, f"lead to {settings.public_url}")
    return Finding(
        "links",
        Verdict.MISSING,
        "none to debriefs, nobody linked by a link, no workspace added by OAuth",
        "set COACH_PUBLIC_URL to the https address of this coach",
    )


def _users(settings: Settings) -> Finding:
    from api.wiring import open_accounts  # noqa: PLC0415

    with open_accounts(settings) as accounts:
        in_use = accounts.in_use()
    if in_use:
        anyone = settings.slack and settings.slack.join == "anyone"
        told = "become reps" if anyone else "are told how to get in"
        return Finding("users", Verdict.OK, f"members of the workspace without one {told}")
    return Finding(
        "users",
        Verdict.MISSING,
        "none: people can practise in Slack, but not open their debriefs as pages",
        "make an admin: coach user add NAME@COMPANY --role admin",
    )


def _token(slack: SlackSettings) -> Finding:
    from api.slack.asked import client_for  # noqa: PLC0415
    from api.slack.manifest import SCOPES  # noqa: PLC0415

    try:
        answer = asyncio.run(client_for(slack.api, slack.bot_token).auth_test())
    except Exception as error:  # noqa: BLE001  # whatever Slack or the network says, it is told
        told = f"Slack doesn't take it: {_said(error)}"
        return Finding("bot token", Verdict.BROKEN, told, "copy it from OAuth & Permissions")
    granted = str(answer.headers.get("x-oauth-scopes", "")).replace(" ", "").split(",")
    if granted != [""] and (lacking := sorted(set(SCOPES) - set(granted))):
        advice = f"add {', '.join(lacking)} under OAuth & Permissions, then reinstall the app"
        return Finding("bot token", Verdict.BROKEN, "lacks scopes", advice)
    return Finding("bot token", Verdict.OK, f"of {answer.get('team')}")


def _said(error: Any) -> str:
    response = getattr(error, "response", None)
    return str(response["error"]) if response else type(error).__name__
