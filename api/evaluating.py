"""``coach eval``: cases run with each model and with the embedded engine, side by side."""

from __future__ import annotations

import asyncio
import json
import shlex
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer

from api import terminal
from api.options import Home, Json
from api.progress import progress_bar
from coach.errors import BadInput, Misconfigured
from coach.models import Job
from coach.settings import Settings, load_settings

if TYPE_CHECKING:
    from coach.evals.case import Case
    from coach.evals.running import Result
    from coach.llm import LanguageModel
    from coach.models import Models

RESULTS, REPORT, PAGE = "results.jsonl", "eval.json", "eval.html"

Named = Annotated[
    list[str] | None,
    typer.Option("--model", help="As COACH_MODEL names it; may be given again."),
]


def evaluate(  # noqa: PLR0913, PLR0917  # a command's options are its arguments
    model: Named = None,
    cases: Annotated[list[Path] | None, typer.Option(help="Folder of further cases.")] = None,
    only: Annotated[str | None, typer.Option(help="Only cases whose id holds this.")] = None,
    job: Annotated[list[Job] | None, typer.Option(help="Only these jobs.")] = None,
    report: Annotated[
        Path | None, typer.Option(help="Folder for the report; a run broken off goes on there.")
    ] = None,
    prices: Annotated[
        Path | None, typer.Option(help='JSON: {"model": {"input": 0.15, "output": 0.6}}')
    ] = None,
    at_once: Annotated[int, typer.Option(help="Cases at a time.", min=1, max=64)] = 4,
    schema: Annotated[bool, typer.Option("--schema", help="Print the schema of cases.")] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Hold models to cases: who stays in role, cites every fact, and judges as labelled?"""
    from coach.evals.case import case_schema  # noqa: PLC0415  # pydantic is slow to load

    if schema:
        terminal.show_json(case_schema())
        return
    settings = load_settings(home)
    wanted = _cases(settings, cases or (), only, job)
    found = _run(settings, wanted, model or [], report, _prices(prices), at_once)
    if report:
        from api.eval_page import as_html  # noqa: PLC0415

        (report / REPORT).write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        (report / PAGE).write_text(as_html(found), encoding="utf-8")
    if as_json:
        terminal.show_json(found)
    else:
        _show(found, report)


def _cases(
    settings: Settings, folders: Sequence[Path], only: str | None, jobs: Sequence[Job] | None
) -> list[Case]:
    from coach.evals.case import OWN, SHIPPED, read_cases  # noqa: PLC0415  # as above
    from coach.scenario_book import load_scenarios  # noqa: PLC0415  # as above

    if absent := [folder for folder in folders if not folder.is_dir()]:
        raise BadInput(f"{absent[0]} is no folder of cases")
    all_folders = [SHIPPED, settings.home / OWN, *folders]
    found = [
        case
        for case in read_cases(all_folders, load_scenarios())
        if (not only or only in case.id) and (not jobs or case.job in jobs)
    ]
    if not found:
        raise BadInput("no case fits; see --only and --job")
    return found


def _prices(file: Path | None) -> dict[str, dict[str, float]]:
    if file is None:
        return {}
    example = 'write {"model": {"input": 0.15, "output": 0.6}}, for a million tokens each'
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        return {
            name: {way: float(one[way]) for way in ("input", "output")}
            for name, one in told.items()
        }
    except OSError as error:
        raise BadInput(f"{file} can't be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInput(f"{file} holds no prices; {example}") from error


def _run(
    settings: Settings,
    cases: list[Case],
    models: list[str],
    folder: Path | None,
    prices: dict[str, dict[str, float]],
    at_once: int,
) -> dict[str, Any]:
    from api.prompt_commands import taken_up  # noqa: PLC0415
    from api.rehearsing import rehearsal  # noqa: PLC0415  # numpy is slow to load
    from api.staging import AS_OF  # noqa: PLC0415  # as above
    from api.wiring import coach_version  # noqa: PLC0415
    from coach.evals.report import report_of  # noqa: PLC0415  # as above
    from coach.evals.running import Engine, Run  # noqa: PLC0415  # as above

    taken_up(settings.home)
    connected = {name: _connected(settings, name) for name in dict.fromkeys(models)}
    labels = ["embedded", *connected]

    async def play(opening: Any, run: Run) -> None:
        for label in labels:
            one = connected.get(label)
            for job in Job:  # one job at a time: a model isn't asked what no grade looks at
                service = opening(_only(job, one))
                try:
                    await run.with_(Engine(label, one.name if one else "embedded", service), job)
                finally:
                    await service.close()
            if one:
                await one.aclose()

    with _kept(folder, cases, labels) as (results, keep), progress_bar("Reading the sample") as bar:
        with rehearsal(bar) as opening, progress_bar("Running cases") as progress:

            def told(result: Result) -> None:
                results.append(result)
                keep(result)
                progress(len(results), len(cases) * len(labels))

            done = {(r.engine, r.case, r.digest) for r in results}
            asyncio.run(play(opening, Run(cases, at_once, told, done)))
        made = {
            "command": shlex.join(["coach", *sys.argv[1:]]),
            "version": coach_version(),
            "evidence_read_as_of": AS_OF.date().isoformat(),
            "cases": len(cases),
        }
        return report_of(results, labels, prices, made)


def _only(job: Job, model: LanguageModel | None) -> Models:
    from coach.evals.watching import WatchedModel  # noqa: PLC0415  # as above
    from coach.models import Models  # noqa: PLC0415

    made = WatchedModel(model) if model else None
    voice, suggest, judge = (made if one is job else None for one in Job)
    return Models(voice, suggest, judge)


def _connected(settings: Settings, name: str) -> LanguageModel:
    from coach.llm import connect  # noqa: PLC0415  # only where there is a model

    general = next(iter(settings.models.each()), None)
    if general is None:
        raise Misconfigured("no model server is configured; set COACH_MODEL_URL or OPENAI_API_KEY")
    return connect(general.url, general.key, name, settings.models.timeout, general.temperature)


@contextmanager
def _kept(
    folder: Path | None, cases: list[Case], labels: list[str]
) -> Iterator[tuple[list[Result], Any]]:
    """The results there are already, of these cases as they are now, and how to keep another."""
    if folder is None:
        yield [], lambda _: None
        return
    from coach.evals.report import as_line  # noqa: PLC0415  # as above

    try:
        folder.mkdir(parents=True, exist_ok=True)
        found = _read(folder / RESULTS, {(c.id, c.digest) for c in cases}, labels)
        with (folder / RESULTS).open("a", encoding="utf-8") as file:
            yield found, lambda result: _write(file, as_line(result))
    except OSError as error:
        raise BadInput(f"{folder} can't be written: {error.strerror or error}") from error


def _write(file: TextIO, line: str) -> None:
    file.write(line + "\n")
    file.flush()  # killed now, this case need not be run again


def _read(file: Path, wanted: set[tuple[str, str]], labels: list[str]) -> list[Result]:
    from coach.evals.report import from_line  # noqa: PLC0415  # as above

    found: dict[tuple[str, str], Result] = {}
    for line in file.read_text(encoding="utf-8").splitlines() if file.exists() else ():
        try:
            result = from_line(line)
        except (ValueError, TypeError, KeyError):
            continue  # cut off in the middle of a line: it is run again
        if (result.case, result.digest) in wanted and result.engine in labels and not result.error:
            found[result.engine, result.case] = result
    return list(found.values())


def _show(found: dict[str, Any], folder: Path | None) -> None:
    jobs = list(dict.fromkeys(row["job"] for row in found["jobs"]))
    terminal.heading(f"{'cases passed':<28}" + "".join(f"{job:>14}" for job in jobs))
    for engine in found["engines"]:
        cells = {
            r["job"]: f"{r['passed']} of {r['of']}" for r in found["jobs"] if r["engine"] == engine
        }
        terminal.say(f"{engine:<28}" + "".join(f"{cells.get(job, ''):>14}" for job in jobs))
    for cost in found["costs"]:
        if cost["calls"]:
            money = "" if cost["money"] is None else f", {cost['money']:.4f} in money"
            terminal.say(
                f"{cost['engine']}: {cost['calls']:,} calls, {cost['tokens_in']:,} tokens sent, "
                f"{cost['tokens_out']:,} received{money}"
            )
    for failure in found["failures"][:20]:
        terminal.say(f"- {failure['engine']}, {failure['case']}: {'; '.join(failure['wrong'])}")
    if len(found["failures"]) > 20:
        terminal.say(f"- and {len(found['failures']) - 20} more")
    if folder:
        terminal.say(f"The report is in {folder / PAGE} and {folder / REPORT}.")
