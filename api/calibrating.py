"""``coach calibrate``: does the coach judge as people do?"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from api import terminal
from api.connecting import client_of
from api.options import Home, Json
from coach.errors import BadInput

FAILED = 1

calibrate = typer.Typer(
    name="calibrate",
    help="Measure how far the coach's verdicts agree with people's.",
    no_args_is_help=True,
)


@calibrate.command()
def export(
    out: Annotated[Path | None, typer.Option("--out", "-o", help="File; else printed.")] = None,
    count: Annotated[int, typer.Option(help="Rows at most.", min=1, max=5_000)] = 200,
    seed: Annotated[int, typer.Option(help="The same seed, the same rows.", min=0)] = 1,
    with_verdicts: Annotated[
        bool, typer.Option("--with-verdicts", help="Show what the coach said (it leads the hand).")
    ] = False,
    home: Home = None,
) -> None:
    """Write replies of your sessions as a sheet to label, balanced over checks and verdicts."""
    with client_of(home) as client:
        sheet = client.text(
            "/v1/calibration/sheet", count=count, seed=seed, with_verdicts=with_verdicts
        )
    rows = sheet.count("\n") - 1
    if not out:
        sys.stdout.write(sheet)
        return
    try:
        out.write_text(sheet, encoding="utf-8", newline="")
    except OSError as error:
        raise BadInput(f"{out} can't be written: {error.strerror or error}") from error
    terminal.say(
        f"{out}: fill in the column `label` with yes, no or not observable, then "
        f"coach calibrate score {out}"
        if rows
        else f"{out} is empty: there are no judged replies yet, practise first"
    )


@calibrate.command()
def score(
    files: Annotated[list[Path], typer.Argument(help="Filled-in sheets, one or several people's.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell; change nothing.")] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Tell the agreement per check; checks below 0.6 become advisory and leave the score."""
    from api.label_sheet import read_labels  # noqa: PLC0415  # after the quick checks

    labels, faults = [], []
    for file in files:
        try:
            content = file.read_bytes()
        except OSError as error:
            raise BadInput(f"{file} can't be opened: {error.strerror or error}") from error
        found, bad = read_labels(content, file)
        labels += [(file.name, one) for one in found]
        faults += bad
    if not labels:
        raise BadInput(faults[0] if faults else "no row has a label: fill in the column `label`")
    body = [{"row": o.row, "rater": o.rater, "verdict": o.verdict.value} for _, o in labels]
    with client_of(home) as client:
        scored = client.post("/v1/calibration/labels", {"labels": body, "keep": not dry_run})
    for fault in scored["faults"]:
        name, one = labels[fault["place"]]
        faults.append(f"{name} line {one.line}: {fault['message']}")
    for fault in faults:
        terminal.complain(fault)
    (terminal.show_json if as_json else show_agreements)(scored)
    if faults:
        raise typer.Exit(FAILED)


def show_agreements(scored: Mapping[str, Any]) -> None:
    from coach.calibration import ENOUGH  # noqa: PLC0415  # the domain is slow to load

    for one in scored["items"]:
        few = "" if one["coach"]["rows"] >= ENOUGH else f"  (fewer than {ENOUGH}: decides nothing)"
        note = "  advisory: leaves the score" if one["is_advisory"] else few
        terminal.heading(f"{one['check']}: kappa {kappa_words(one['coach'])}{note}")
        terminal.say(one["question"], indent=4)
        if one["people"]:
            terminal.say(f"people among each other: {kappa_words(one['people'])}", indent=4)
    terminal.say(f"{scored['labelled']:,} labels used.")


def kappa_words(kappa: Mapping[str, Any]) -> str:
    """As in "0.71 [0.52, 0.88], 85% the same, 40 labels"."""
    same = f"{kappa['same']:.0%} the same, {kappa['n']} labels"
    if kappa["value"] is None:
        return f"not told (people all said the same), {same}"
    return f"{kappa['value']:.2f} [{kappa['low']:.2f}, {kappa['high']:.2f}], {same}"
