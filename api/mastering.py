"""``coach progress`` and ``coach next``: what a rep can do by now, and what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from api import terminal
from api.connecting import client_of
from api.options import Home, Json

BAR = 20  # signs of a full bar


def progress(home: Home = None, as_json: Json = False) -> None:
    """Show how well each check is mastered, and which drills are due."""
    with client_of(home) as client:
        found = client.get("/v1/me/progress")
    (terminal.show_json if as_json else show_progress)(found)


def next_(
    start: Annotated[bool, typer.Option("--start", help="Practise it at once.")] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Say what to practise next, and why."""
    with client_of(home) as client:
        found = client.get("/v1/me/next")
        (terminal.show_json if as_json else show_next)(found)
        if start:
            from api.practise import Practice  # noqa: PLC0415  # only to practise

            wanted = {name: found[name] for name in ("scenario", "difficulty", "persona")}
            Practice(client, client.post("/v1/sessions", wanted)).run()


def show_progress(found: Mapping[str, Any]) -> None:
    for one in found["checks"]:
        filled = round(one["share"] * BAR)
        bar = "█" * filled + "·" * (BAR - filled)
        sure = f"{one['low']:.0%} to {one['high']:.0%}"
        terminal.heading(f"{bar} {one['share']:>4.0%}  {one['question']}")
        times = "once" if one["seen"] == 1 else f"{one['seen']} times"
        where = "one session" if one["sessions"] == 1 else f"{one['sessions']} sessions"
        told = f"{one['level']}; likely {sure}; seen {times} in {where}"
        terminal.say(told, indent=4)
    due = [one for one in found["drills"] if one["is_due"]]
    for one in due:
        terminal.say(f"Due since {one['due_at'][:10]}: {one['question']}")
    later = [one for one in found["drills"] if not one["is_due"]]
    if later:
        terminal.say(f"{len(later)} more to come back, the first on {later[0]['due_at'][:10]}.")
    for one in found["advisory"]:
        terminal.say(f"Counts nowhere (people judge it otherwise): {one['question']}")
    show_next(found["next"])


def show_next(found: Mapping[str, Any]) -> None:
    terminal.say(f"Next: {found['why']}")
    terminal.say(
        f"coach practise {found['scenario']} --difficulty {found['difficulty']} "
        f"--persona {found['persona']}",
        indent=4,
    )
