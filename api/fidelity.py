"""``coach fidelity``: scripted sellers play against every buyer, and what came of it is told."""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from api import terminal
from api.options import Home, Json
from api.progress import phases
from coach.errors import BadInput, Misconfigured
from coach.models import Job
from coach.settings import Settings, load_settings

if TYPE_CHECKING:
    from coach.fidelity.tournament import Plan

Levels = Annotated[
    list[str] | None,
    typer.Option("--difficulty", help="easy, normal or hard; may be given again. [default: all]"),
]
Some = Annotated[
    list[str] | None,
    typer.Option("--scenario", help="Only this one; may be given again. [default: all]"),
]
Who = Annotated[
    list[str] | None,
    typer.Option("--seller", help="Only this one; may be given again. [default: all]"),
]
EMBEDDED_SEEDS, MODEL_SEEDS = 20, 1
TURNS, MOST_TURNS = 9, 40  # of a session: about, and at most
JSON_FILE, PAGE_FILE = "fidelity.json", "fidelity.html"


def fidelity(  # noqa: PLR0913, PLR0917  # a command's options are its arguments
    scenario: Some = None,
    difficulty: Levels = None,
    seller: Who = None,
    seeds: Annotated[
        int | None, typer.Option(help="Per persona. [default: 20; 1 with a model]", min=1, max=1000)
    ] = None,
    spread: Annotated[
        bool, typer.Option("--spread", help="Share the seeds out among the personas.")
    ] = False,
    engine: Annotated[
        Literal["embedded", "model"], typer.Option(help="Who words what the buyer says.")
    ] = "embedded",
    out: Annotated[Path | None, typer.Option(help="Folder for the report.")] = None,
    processes: Annotated[
        int | None, typer.Option(help="[default: one per processor]", min=1, max=64)
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask before a model is used.")] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Prove that the buyers are honest: scripted sellers play every one of them."""
    settings = load_settings(home)
    plan = _plan(scenario, difficulty, seller, seeds or _seeds(engine), spread)
    if engine == "model":
        _agreed(plan, settings, yes)
    if out:
        _writable(out)
    report = played(plan, settings if engine == "model" else None, processes or os.cpu_count() or 1)
    if out:
        write(report, out)
    if as_json:
        terminal.show_json(report)
    else:
        show(report, out)
    if not all(floor["held"] for floor in report["floors"]):
        raise typer.Exit(1)


def _seeds(engine: str) -> int:
    return MODEL_SEEDS if engine == "model" else EMBEDDED_SEEDS


def _plan(
    scenarios: Sequence[str] | None,
    difficulties: Sequence[str] | None,
    sellers: Sequence[str] | None,
    seeds: int,
    spread: bool,
) -> Plan:
    from coach.fidelity.asking import Wish, plan_of  # noqa: PLC0415  # numpy is slow to load

    return plan_of(Wish(scenarios or (), difficulties or (), sellers or (), seeds, spread))


def _agreed(plan: Plan, settings: Settings, yes: bool) -> None:
    """Says what a model will be asked for, and goes on only if that is wanted."""
    if settings.models.of(Job.VOICE) is None:
        raise Misconfigured("no model is configured; set COACH_MODEL and COACH_MODEL_URL first")
    games = len(plan.games())
    told = (
        f"{games:,} sessions make about {games * TURNS:,} calls to {_named(settings)}, "
        f"at most {games * MOST_TURNS:,}"
    )
    terminal.complain(told)
    if not yes and not (sys.stdin.isatty() and typer.confirm("Go on?", err=True)):
        raise BadInput(f"{told}; say --yes to go on, or narrow it with --scenario and --seller")


def _named(settings: Settings) -> str:
    voice = settings.models.of(Job.VOICE)
    return (voice and voice.model) or "the configured model"


def played(plan: Plan, settings: Settings | None, processes: int) -> dict[str, Any]:
    """Plays ``plan`` and reports; ``settings`` name the model where one words the buyer."""
    from api.playing import report_on  # noqa: PLC0415  # multiprocessing is slow to load

    command = shlex.join(["coach", *sys.argv[1:]])
    with phases() as progress:
        return report_on(plan, settings, 1 if settings else processes, command, progress)


def _writable(out: Path) -> None:
    """Before minutes are spent, not after."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / JSON_FILE).touch()
    except OSError as error:
        raise BadInput(f"{out} can't be written: {error.strerror or error}") from error


def write(report: dict[str, Any], out: Path) -> None:
    """The report as JSON and as a page."""
    from api.fidelity_page import as_html  # noqa: PLC0415

    (out / JSON_FILE).write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    (out / PAGE_FILE).write_text(as_html(report), encoding="utf-8")


def show(report: dict[str, Any], out: Path | None) -> None:
    """The report on a terminal: who won how often, and whether the floors hold."""
    done, made = report["played"], report["made"]
    levels = done["difficulties"]
    terminal.say(
        f"{done['sessions']:,} sessions, {done['turns']:,} turns, {made['seconds']:,} s, "
        f"engine {made['engine']}, {done['seeds']} seeds {done['seeds_are']}"
    )
    terminal.say()
    terminal.heading(f"{'won':<12}" + "".join(f"{level:>22}" for level in levels))
    rows = {(row["seller"], row["difficulty"]): row for row in report["by_seller"]}
    for name in done["sellers"]:
        cells = [_cell(rows[name, level]) for level in levels]
        terminal.say(f"{name:<12}" + "".join(f"{cell:>22}" for cell in cells))
    terminal.say()
    for floor in report["floors"]:
        terminal.say(f"{'ok  ' if floor['held'] else 'FAIL'} {floor['claim']} {floor['found']}")
        if not floor["held"]:
            for where in floor["where"][:10]:
                terminal.say(f"- {where}", indent=7)
    if out:
        terminal.say()
        terminal.say(f"The report is in {out / PAGE_FILE} and {out / JSON_FILE}.")


def _cell(row: dict[str, Any]) -> str:
    turns = f" in {row['turns_to_win']:g}" if row["turns_to_win"] else ""
    return f"{row['won']:,}/{row['sessions']:,} ({row['win_rate']:.0%}{turns})"
