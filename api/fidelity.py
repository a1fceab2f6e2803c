"""``coach fidelity``: scripted sellers play against every buyer, and what came of it is told."""

from __future__ import annotations

import json
import os
import shlex
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from api import terminal
from api.options import Home, Json
from api.progress import progress_bar
from coach.errors import BadInput, Misconfigured
from coach.settings import Settings, load_settings

if TYPE_CHECKING:
    from coach.fidelity.outcome import Outcome
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
PLAYING, BUILDING = "Playing sessions", "Reading the sample"
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
    plan = plan_of(scenario, difficulty, seller, seeds or _seeds(engine), spread)
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


def plan_of(
    scenarios: Sequence[str] | None,
    difficulties: Sequence[str] | None,
    sellers: Sequence[str] | None,
    seeds: int,
    spread: bool,
) -> Plan:
    """What is to be played; raises BadInput or NotFound for what there isn't."""
    from coach.fidelity.sellers import SELLERS  # noqa: PLC0415  # numpy is slow to load
    from coach.fidelity.tournament import Plan  # noqa: PLC0415  # as above
    from coach.scenario import Difficulty  # noqa: PLC0415  # so is pydantic
    from coach.scenario_book import load_scenarios  # noqa: PLC0415  # as above

    if unknown := set(sellers or ()) - set(SELLERS):
        known = ", ".join(SELLERS)
        raise BadInput(f"there is no seller {sorted(unknown)[0]!r}; there are: {known}")
    if unknown := set(difficulties or ()) - set(Difficulty):
        raise BadInput(f"there is no difficulty {sorted(unknown)[0]!r}; say easy, normal or hard")
    book = load_scenarios()
    return Plan(
        scenarios=[book.get(key) for key in dict.fromkeys(scenarios)] if scenarios else book.all(),
        difficulties=[d for d in Difficulty if not difficulties or d in difficulties],
        sellers=[name for name in SELLERS if not sellers or name in sellers],
        seeds=seeds,
        spread=spread,
    )


def _agreed(plan: Plan, settings: Settings, yes: bool) -> None:
    """Says what a model will be asked for, and goes on only if that is wanted."""
    if not settings.has_model:
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
    return settings.model or "the configured model"


def played(plan: Plan, settings: Settings | None, processes: int) -> dict[str, Any]:
    """Plays ``plan`` and reports; ``settings`` name the model where one words the buyer."""
    from api.staging import AS_OF, Staging  # noqa: PLC0415  # numpy is slow to load
    from api.wiring import coach_version  # noqa: PLC0415
    from coach.fidelity.report import Made, report_of  # noqa: PLC0415  # as above
    from knowledge.vectors.embedding import MiniLMEmbedder  # noqa: PLC0415  # as above

    began = time.monotonic()
    processes = 1 if settings else processes
    with TemporaryDirectory(prefix="coach-fidelity-") as folder:
        staging = Staging(Path(folder), settings)
        with progress_bar(BUILDING) as progress:
            staging.build(progress)
        outcomes = _outcomes(plan, staging, processes)
    made = Made(
        command=shlex.join(["coach", *sys.argv[1:]]),
        engine=_named(settings) if settings else "embedded",
        embedding=MiniLMEmbedder.name,
        version=coach_version(),
        evidence_read_as_of=AS_OF.date().isoformat(),
        seconds=round(time.monotonic() - began, 1),
        processes=processes,
    )
    return report_of(plan, outcomes, made)


def _outcomes(plan: Plan, staging: Any, processes: int) -> list[Outcome]:
    from coach.fidelity.tournament import run  # noqa: PLC0415  # as above

    games = plan.games()
    with progress_bar(PLAYING) as progress:
        return run(games, staging, processes, lambda done: progress(done, len(games)))


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
