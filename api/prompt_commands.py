"""``coach prompts``: see what models are told, and how your own prompts differ from ours."""

from __future__ import annotations

import asyncio
import difflib
import os
import sys
from typing import Annotated, Any, Literal

import typer

from api import terminal
from api.options import Home, Json
from api.progress import progress_bar
from coach.errors import BadInput
from coach.settings import load_settings

prompts_ = typer.Typer(
    name="prompts",
    help="What models are told: list, show, diff, render.",
    no_args_is_help=True,
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="As `coach prompts list` names it.")]
Shipped = Annotated[bool, typer.Option("--shipped", help="Ours, even where you have your own.")]
COLOURS = {"+": "\x1b[32m", "-": "\x1b[31m", "@": "\x1b[36m"}


def taken_up(home: Any) -> None:
    """Own prompts in use, as a server of this home has them; what is wrong with one is told."""
    from coach.prompting.own import take_up  # noqa: PLC0415  # pydantic is slow to load
    from coach.scenario_book import load_scenarios  # noqa: PLC0415

    for fault in take_up(load_settings(home).home, load_scenarios().all()):
        terminal.complain(f"{fault}; the shipped prompt is used instead")


def _known(name: str) -> str:
    """The name in full; a version may be left off."""
    import prompts  # noqa: PLC0415

    fits = [one for one in prompts.names() if name in (one, one.rpartition(".")[0])]
    if not fits:
        raise BadInput(f"there is no prompt {name!r}; there are: {', '.join(prompts.names())}")
    return fits[-1]


@prompts_.command("list")
def list_(home: Home = None, as_json: Json = False) -> None:
    """List every prompt with its hash, where it comes from and its variables."""
    import prompts  # noqa: PLC0415

    taken_up(home)
    found = [
        {
            "name": name,
            "hash": prompts.hash_of(name),
            "origin": "own" if prompts.is_own(name) else "shipped",
            "variables": dict(prompts.documented(name)),
        }
        for name in prompts.names()
    ]
    if as_json:
        terminal.show_json({"items": found})
        return
    for one in found:
        terminal.heading(f"{one['name']}  {one['hash']}  {one['origin']}")
        for variable, meaning in prompts.documented(str(one["name"])).items():
            terminal.say(f"{variable}: {meaning}", indent=2)


@prompts_.command()
def show(name: Name, shipped: Shipped = False, home: Home = None) -> None:
    """Print a template: copy it to prompts/NAME.jinja in your home, and change it."""
    import prompts  # noqa: PLC0415

    name = _known(name)
    if not shipped:
        taken_up(home)
    sys.stdout.write(terminal.plain(prompts.shipped(name) if shipped else prompts.source_of(name)))


@prompts_.command()
def diff(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="[default: all]")] = None,
    home: Home = None,
) -> None:
    """Show how your own prompts differ from the shipped ones; also of those that don't hold yet."""
    import prompts  # noqa: PLC0415
    from coach.prompting.own import FOLDER  # noqa: PLC0415
    from prompts.own import found_in  # noqa: PLC0415

    taken_up(home)
    own = found_in(load_settings(home).home / FOLDER)
    wanted = [_known(name)] if name else [one for one in prompts.names() if one in own]
    if missing := [one for one in wanted if one not in own]:
        place = load_settings(home).home / FOLDER / f"{missing[0]}{prompts.SUFFIX}"
        raise BadInput(f"there is no prompt of your own at {place}")
    for one in wanted:
        before = prompts.shipped(one).splitlines(keepends=True)
        after = own[one].read_text(encoding="utf-8", errors="replace").splitlines(keepends=True)
        for line in difflib.unified_diff(before, after, f"shipped/{one}", f"own/{one}"):
            sys.stdout.write(_coloured(line))


def _coloured(line: str) -> str:
    plain = terminal.plain(line.rstrip("\n"))
    colour = COLOURS.get(line[:1], "")
    if not colour or not sys.stdout.isatty() or "NO_COLOR" in os.environ:
        return f"{plain}\n"
    return f"{colour}{plain}\x1b[0m\n"


@prompts_.command()
def render(
    name: Name,
    scenario: Annotated[str, typer.Option(help="Whose talk it is.")] = "trust-unknown",
    difficulty: Annotated[Literal["easy", "normal", "hard"] | None, typer.Option()] = None,
    turn: Annotated[int, typer.Option(help="At which message of the seller.", min=1, max=3)] = 2,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Render a prompt at a moment of a short scripted talk, as a model would be told it."""
    import prompts  # noqa: PLC0415
    from api.rehearsing import rehearsal  # noqa: PLC0415  # numpy is slow to load
    from coach.prompting.talk import told_in  # noqa: PLC0415  # so is all it stands on
    from coach.scenario import Difficulty  # noqa: PLC0415

    name = _known(name)
    taken_up(home)
    level = Difficulty(difficulty) if difficulty else None
    with progress_bar("Reading the sample") as progress, rehearsal(progress) as opening:
        given = asyncio.run(told_in(opening, name, scenario, level, turn))
    made = prompts.render(name, **given)
    if as_json:
        terminal.show_json(
            {"name": name, "hash": made.hash, "system": made.system, "user": made.user}
        )
        return
    for part, text in (("system", made.system), ("user", made.user)):
        terminal.heading(f"--- {part}")
        sys.stdout.write(terminal.plain(text) + "\n")
