"""``coach goals``: what the team aims at, and the numbers that say how far it is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import quote

import typer

from api import terminal
from api.connecting import client_of
from api.options import Home, Json
from coach.errors import BadInput

FAILED = 1

goals = typer.Typer(
    name="goals",
    help="Set goals, soon and in the long run; bring in their numbers; see them beside practice.",
    no_args_is_help=True,
)


@goals.command("list")
def show(
    weeks: Annotated[int, typer.Option(help="How many weeks back.", min=2, max=104)] = 26,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Show the goals, how far they are, and what went together with practice."""
    with client_of(home) as client:
        found = client.get("/v1/goals", weeks=weeks)
    (terminal.show_json if as_json else show_goals)(found)


@goals.command()
def add(
    name: Annotated[str, typer.Argument(help='Such as "Deals closed" or "Market share".')],
    horizon: Annotated[Literal["short", "long"] | None, typer.Option()] = None,
    unit: Annotated[str | None, typer.Option(help="What is counted: deals, %, EUR.")] = None,
    counting: Annotated[
        Literal["sum", "latest"] | None,
        typer.Option(help="sum: numbers add up; latest: the last one stands."),
    ] = None,
    target: Annotated[float | None, typer.Option(help="The number to reach.")] = None,
    by: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="By when.")] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Set a goal; what the usual goals of that name have needn't be said.

    From when numbers count, and that less is better, is for the page and the API to say.
    """
    wanted = {
        "name": name,
        "horizon": horizon,
        "unit": unit,
        "counting": counting,
        "target": target,
        "due": by,
    }
    with client_of(home) as client:
        made = client.post("/v1/goals", {k: v for k, v in wanted.items() if v is not None})
    if as_json:
        terminal.show_json(made)
    else:
        terminal.say(f"Set: {made['name']} ({made['horizon']} term), id {made['id']}")


@goals.command("import")
def import_(
    files: Annotated[list[Path], typer.Argument(help="CSV files, as a CRM or sheet exports them.")],
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Bring in numbers; the same file again changes nothing."""
    told = []
    contents = [(path, _content(path)) for path in files]
    with client_of(home) as client:
        for path, content in contents:
            report = client.send_file("/v1/goals/numbers", path.name, content)
            told.append({"file": str(path), **report})
    if as_json:
        terminal.show_json({"items": told})
    else:
        for report in told:
            show_import(report)
    if any(report["faults"] for report in told):
        raise typer.Exit(FAILED)


@goals.command()
def remove(
    name: Annotated[str, typer.Argument(help="The goal's name or id.")], home: Home = None
) -> None:
    """Remove a goal with its numbers."""
    with client_of(home) as client:
        for goal in client.get("/v1/goals", weeks=2)["items"]:
            if name.casefold() in (goal["id"], goal["name"].casefold()):
                client.delete(f"/v1/goals/{quote(goal['id'])}")
                terminal.say(f"Removed {goal['name']} and its numbers.")
                return
    raise BadInput(f"no goal is called {name!r}; see `coach goals list`")


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadInput(f"{path} can't be read: {error.strerror}") from error


def show_import(report: Mapping[str, Any]) -> None:
    terminal.say(
        f"{report['file']}: {report['read']:,} numbers read, {report['changed']:,} new or changed"
    )
    if report["ignored"]:
        terminal.say(f"Columns that are no goal: {', '.join(report['ignored'])}", indent=4)
    for fault in report["faults"]:
        terminal.complain(f"{report['file']} line {fault['line']}: {fault['says']}")
    if more := report.get("more_faults"):
        terminal.complain(f"{report['file']}: {more:,} more lines were left out")


def show_goals(found: Mapping[str, Any]) -> None:
    terminal.say(found["balance"])
    for horizon in ("short", "long"):
        mine = [goal for goal in found["items"] if goal["horizon"] == horizon]
        if mine:
            terminal.say()
            terminal.heading(f"{horizon} term".capitalize())
        for goal in mine:
            terminal.say(f"{goal['name']}: {_how_far(goal)}", indent=2)
            for what, words in (("with_sessions", "sessions"), ("with_skill", "skill")):
                terminal.say(f"with {words}: {_together(goal[what])}", indent=6)
    if found["items"]:
        terminal.say()
        terminal.say("What goes together over weeks says nothing about what led to what.")


def _how_far(goal: Mapping[str, Any]) -> str:
    progress = goal["progress"]
    now = (
        "no numbers" if progress["now"] is None else f"{progress['now']:,g} {goal['unit']}".strip()
    )
    target = "" if goal["target"] is None else f" of {goal['target']:,g}"
    by = f" by {goal['due']}" if goal["due"] else ""
    return f"{now}{target}{by}, {progress['standing'].replace('_', ' ')}"


def _together(told: Mapping[str, Any]) -> str:
    if told["rho"] is None:
        return f"{told['why']} ({told['n']} weeks)"
    interval = f"{told['low']:.2f} to {told['high']:.2f}"
    return f"rank correlation {told['rho']:.2f} ({interval}) over {told['n']} weeks"
