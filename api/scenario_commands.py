"""``coach scenario``: write, check, try and hand on what is practised."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from api import terminal
from api.connecting import client_of
from api.options import Home, Json
from coach.errors import BadInput
from coach.settings import load_settings

FAILED = 1
YAML = "application/yaml"

scenario = typer.Typer(
    name="scenario",
    help="Write scenarios of your own: new, validate, try, import, export, draft.",
    no_args_is_help=True,
)

Files = Annotated[list[Path], typer.Argument(help="YAML files.")]
Out = Annotated[Path | None, typer.Option("-o", "--out", help="Where to write it.")]


@scenario.command()
def new(
    scenario_id: Annotated[str, typer.Argument(metavar="ID", help="Of the new one: my-scenario.")],
    source: Annotated[str | None, typer.Option("--from", help="Copy this scenario.")] = None,
    bare: Annotated[bool, typer.Option("--blank", help="Only the frame, to fill in.")] = False,
    out: Out = None,
    home: Home = None,
) -> None:
    """Write a scenario file to change, and its schema for your editor beside it."""
    from api.wiring import open_shelf  # noqa: PLC0415
    from coach.authoring.starting import blank, copied, started  # noqa: PLC0415
    from coach.session import LOCAL  # noqa: PLC0415

    settings = load_settings(home)
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", scenario_id) or len(scenario_id) > 60:
        raise BadInput(f"an id is small letters, digits and hyphens, not {scenario_id[:80]!r}")
    if source and bare:
        raise BadInput("--from copies and --blank doesn't: choose one of them")
    if source:
        with open_shelf(settings) as shelf:
            text = copied(scenario_id, shelf.source(LOCAL.tenant, source))
    else:
        text = blank(scenario_id) if bare else started(scenario_id)
    file = out or Path(f"{scenario_id}.yaml")
    _write_new(file, text)
    _write_schema(file.parent)
    terminal.say(f"{file} is written. Next: coach scenario validate {file}")


@scenario.command()
def schema() -> None:
    """Print the JSON Schema of a scenario file."""
    from coach.authoring.schema import scenario_schema  # noqa: PLC0415

    terminal.show_json(scenario_schema())


@scenario.command()
def validate(
    files: Files,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings fail too.")] = False,
    offline: Annotated[
        bool, typer.Option("--offline", help="Without the evidence and the buyer's ear.")
    ] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Check scenario files: every fault and every warning, with file, line and field."""
    load_settings(home)
    found = [_checked(file) for file in files]
    if not offline and any(one["valid"] for one in found):
        with client_of(home) as client:
            for one, file in zip(found, files, strict=True):
                if one["valid"]:
                    with terminal.waiting(f"Playing {file.name}"):
                        answer = client.send("/v1/scenarios/validate", _bytes_of(file), YAML)
                    one.update(answer)
    (terminal.show_json if as_json else show_checked)({"items": found})
    if not all(one["valid"] and not (strict and one["warnings"]) for one in found):
        raise typer.Exit(FAILED)


@scenario.command(name="try")
def try_out(
    file: Annotated[Path, typer.Argument(help="A YAML file.")],
    difficulty: Annotated[Literal["easy", "normal", "hard"] | None, typer.Option()] = None,
    seed: Annotated[int | None, typer.Option(help="The same seed, the same buyer.")] = None,
    persona: Annotated[str | None, typer.Option(help="Whom to meet.")] = None,
    home: Home = None,
) -> None:
    """Practise against a scenario file at once; the scenario isn't stored."""
    from api.practise import Practice  # noqa: PLC0415

    checked = _checked(file)
    if not checked["valid"]:
        show_checked({"items": [checked]})
        raise typer.Exit(FAILED)
    wanted = {"source": _text_of(file), "difficulty": difficulty, "seed": seed, "persona": persona}
    given = {name: value for name, value in wanted.items() if value is not None}
    with client_of(home) as client:
        Practice(client, client.post("/v1/scenarios/try", given)).run()


@scenario.command()
def export(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Which scenarios.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="A .zip file, or - for the output.")],
    home: Home = None,
) -> None:
    """Put scenarios into a zip to hand on."""
    from api.wiring import open_shelf  # noqa: PLC0415
    from coach.authoring.bundle import pack  # noqa: PLC0415
    from coach.session import LOCAL  # noqa: PLC0415

    with open_shelf(load_settings(home)) as shelf:
        wanted = dict.fromkeys(ids)
        content = pack((shelf.get(LOCAL.tenant, i), shelf.source(LOCAL.tenant, i)) for i in wanted)
    if str(out) == "-":
        sys.stdout.buffer.write(content)
        return
    _write(out, content)
    terminal.say(f"{out} holds {len(wanted)} scenario(s).")


@scenario.command(name="import")
def bring_in(files: Files, home: Home = None, as_json: Json = False) -> None:
    """Put scenarios into the gallery, from files or a bundle; a known id gets a new version."""
    from api.schemas_scenarios import Brought  # noqa: PLC0415
    from api.wiring import open_shelf  # noqa: PLC0415
    from coach.authoring.bringing import bring  # noqa: PLC0415
    from coach.session import LOCAL  # noqa: PLC0415

    with open_shelf(load_settings(home)) as shelf:
        found = [one for f in files for one in bring(shelf, LOCAL, f.name, _bytes_of(f))]
    items = [Brought.of(one).model_dump(mode="json") for one in found]
    (terminal.show_json if as_json else show_arrivals)({"items": items})
    if any(item["status"] == "refused" for item in items):
        raise typer.Exit(FAILED)


@scenario.command()
def draft(
    evidence: Annotated[
        str | None, typer.Option("--from-evidence", help="Id of a fact or case study.")
    ] = None,
    battlecard: Annotated[
        Path | None, typer.Option(help="A file of competitive facts, as coach ingest reads it.")
    ] = None,
    scenario_id: Annotated[str | None, typer.Option("--id", help="Of the new scenario.")] = None,
    model: Annotated[bool, typer.Option("--model", help="Let the model word the lines.")] = False,
    out: Out = None,
    home: Home = None,
) -> None:
    """Draft a scenario to edit from evidence: valid, and playable at once."""
    if (evidence is None) == (battlecard is None):
        raise BadInput("draft either --from-evidence ID or --battlecard FILE")
    items = _items_of(battlecard) if battlecard else []
    wanted = {"evidence": evidence, "items": items, "id": scenario_id, "model": model}
    given = {name: value for name, value in wanted.items() if value is not None}
    with client_of(home) as client, terminal.waiting("Drafting"):
        made = client.post("/v1/scenarios/draft", given)
    if made["note"]:
        terminal.complain(made["note"])
    file = out or Path(f"{made['id']}.yaml")
    _write_new(file, made["source"])
    _write_schema(file.parent)
    terminal.say(f"{file} is a draft: read the notes at its top, then coach scenario try {file}")


def _items_of(battlecard: Path) -> list[dict[str, Any]]:
    """What can be read in the file; the rest is told."""
    from knowledge.errors import UnreadableFile  # noqa: PLC0415
    from knowledge.evidence import as_record  # noqa: PLC0415
    from knowledge.reading.readers import read_file  # noqa: PLC0415

    items: list[dict[str, Any]] = []
    for found in read_file(battlecard):
        if isinstance(found, UnreadableFile):
            terminal.complain(f"{battlecard.name}: {found}")
        else:
            items.append(as_record(found))
    if not items:
        raise BadInput(f"{battlecard} holds nothing that can be read as evidence")
    return items


# --- files ---


def _checked(file: Path) -> dict[str, Any]:
    """What the text alone tells."""
    from coach.authoring.reading import read_scenario  # noqa: PLC0415
    from coach.authoring.review import review  # noqa: PLC0415

    reading = read_scenario(_text_of(file))
    return {
        "file": str(file),
        "valid": reading.scenario is not None,
        "errors": [fault.as_record() for fault in reading.faults],
        "warnings": [fault.as_record() for fault in review(reading)],
    }


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise BadInput(f"{file} can't be read: {error.strerror or error}") from error


def _text_of(file: Path) -> str:
    try:
        return _bytes_of(file).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"{file} isn't UTF-8 text") from error


def _write_new(file: Path, text: str) -> None:
    if file.exists():
        raise BadInput(f"{file} is there already; choose another name with -o")
    _write(file, text.encode())


def _write(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except OSError as error:
        raise BadInput(f"{file} can't be written: {error.strerror or error}") from error


def _write_schema(folder: Path) -> None:
    """What the first line of a new file names, for an editor."""
    import json  # noqa: PLC0415

    from coach.authoring.schema import scenario_schema  # noqa: PLC0415
    from coach.authoring.writing import SCHEMA_FILE  # noqa: PLC0415

    _write(folder / SCHEMA_FILE, (json.dumps(scenario_schema(), indent=1) + "\n").encode())


# --- as people read it ---


def show_checked(found: Mapping[str, Any]) -> None:
    for one in found["items"]:
        for kind, label in (("errors", "error"), ("warnings", "warning")):
            for fault in one[kind]:
                terminal.say(f"{one['file']}:{_line(fault)} {label}: {_said(fault)}")
    for one in found["items"]:
        state = "is valid" if one["valid"] else "is not valid"
        terminal.say(f"{one['file']} {state}{_counted(one['errors'], one['warnings'])}.")


def show_arrivals(found: Mapping[str, Any]) -> None:
    for one in found["items"]:
        known = f": {one['id']}, version {one['version']}" if one["id"] else ""
        terminal.say(f"{one['file']} {one['status']}{known}")
        for fault in one["errors"]:
            terminal.say(f"{one['file']}:{_line(fault)} error: {_said(fault)}")


def _line(fault: Mapping[str, Any]) -> str:
    return f"{fault['line']}:" if fault["line"] else ""


def _said(fault: Mapping[str, Any]) -> str:
    where = ".".join(map(str, fault["loc"]))
    return f"{where}: {fault['msg']}" if where else str(fault["msg"])


def _counted(errors: Sequence[Any], warnings: Sequence[Any]) -> str:
    parts = [
        f"{len(many)} {word}{'s' if len(many) > 1 else ''}"
        for many, word in ((errors, "error"), (warnings, "warning"))
        if many
    ]
    return f" ({', '.join(parts)})" if parts else ""
