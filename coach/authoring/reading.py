"""A scenario out of YAML: every fault at once, each with its field and its line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from coach.authoring.yaml_text import Document, NotYaml, Place, parse
from coach.consistency import Inconsistent
from coach.errors import BadInput
from coach.scenario import Scenario

MOST_FAULTS = 100  # that are told


@dataclass(frozen=True)
class Fault:
    """What is wrong at ``loc``, a path of field names and places in lists (from 0)."""

    loc: Place
    line: int | None  # from 1
    msg: str

    def __str__(self) -> str:
        where = ".".join(map(str, self.loc))
        return f"{where}: {self.msg}" if where else self.msg

    def as_record(self) -> dict[str, object]:
        return {"loc": list(self.loc), "line": self.line, "msg": self.msg}


@dataclass(frozen=True)
class Reading:
    """``scenario`` is None where there are ``faults``; ``document`` where it isn't YAML."""

    scenario: Scenario | None
    faults: tuple[Fault, ...] = ()
    document: Document | None = None

    def line_of(self, *loc: str | int) -> int | None:
        return self.document.line_of(loc) if self.document else None


def read_scenario(text: str) -> Reading:
    """Never raises for what a person wrote."""
    try:
        document = parse(text)
    except NotYaml as error:
        return Reading(None, (Fault((), error.line, error.message),))
    faults = [
        Fault(loc, line, "stands twice; only the last would count") for loc, line in document.twice
    ]
    scenario: Scenario | None = None
    try:
        scenario = Scenario.model_validate(document.value)
    except ValidationError as error:
        details = [detail for detail in error.errors() if not _is_echo(detail, error.errors())]
        faults += [fault for detail in details for fault in _faults(detail, document)]
    faults.sort(key=lambda fault: fault.line or 0)
    return Reading(None if faults else scenario, tuple(faults[:MOST_FAULTS]), document)


def scenario_of(text: str, name: str) -> Scenario:
    """The scenario, or BadInput that names ``name``, the first fault's line and holds them all."""
    found = read_scenario(text)
    if found.scenario is None:
        raise bad_scenario(found.faults, name)
    return found.scenario


def bad_scenario(faults: Iterable[Fault], name: str) -> BadInput:
    faults = list(faults)
    first, more = faults[0], len(faults) - 1
    line = f" line {first.line}" if first.line else ""
    others = f" (and {more} more)" if more else ""
    return BadInput(f"{name}{line}: {first}{others}", errors=[f.as_record() for f in faults])


# --- pydantic's words, as a trainer reads them ---

_SAID = {
    "missing": "is missing",
    "string_type": "must be text; if it looks like a number, put it in quotes",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "tuple_type": "must be a list, a line with a dash for each entry",
    "dict_type": "must be fields with their values",
    "model_type": "must be fields with their values",
    "string_pattern_mismatch": "must be small letters, digits and single hyphens: my-scenario",
}


def _is_echo(detail: ErrorDetails, others: list[ErrorDetails]) -> bool:
    """A list of which entries are wrong is also called too short, by as many."""
    loc = detail["loc"]
    return detail["type"] == "too_short" and any(
        len(other["loc"]) > len(loc) and other["loc"][: len(loc)] == loc for other in others
    )


def _faults(detail: ErrorDetails, document: Document) -> list[Fault]:
    error = detail.get("ctx", {}).get("error")
    if isinstance(error, Inconsistent):
        return [Fault(loc, document.line_of(loc), said) for loc, said in error.faults]
    # "[key]" is pydantic's way to say that the key itself is wrong
    loc = tuple(part for part in detail["loc"] if part != "[key]")
    return [Fault(loc, document.line_of(loc), _message(detail, loc))]


def _message(detail: ErrorDetails, loc: Place) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        return _no_such_field(loc)
    if kind == "too_short":
        return f"needs at least {context['min_length']} entries, has {context['actual_length']}"
    if kind == "value_error":
        return str(context.get("error", detail["msg"]))[:300]
    if kind in ("enum", "literal_error"):
        return _none_of(str(detail["input"]), str(context["expected"]))
    return _SAID.get(kind, detail["msg"])[:300]


def _none_of(given: str, expected: str) -> str:
    known = re.findall(r"'([^']+)'", expected)
    near = get_close_matches(given, known, 1)
    return f"{given[:40]!r} isn't one of " + (
        f"those there are; did you mean {near[0]!r}?" if near else ", ".join(known)
    )


def _no_such_field(loc: Place) -> str:
    known = _fields_at(loc[:-1])
    near = get_close_matches(str(loc[-1]), known, 1)
    return "there is no such field; " + (
        f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(known)}"
    )


def _fields_at(place: Place) -> list[str]:
    """The names of fields that the schema has at ``place``."""
    model: type[BaseModel] = Scenario
    for part in place:
        if isinstance(part, str) and part in model.model_fields:
            model = _model_in(model.model_fields[part].annotation) or model
    return list(model.model_fields)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model that an annotation such as ``tuple[Need, ...]`` or ``dict[Act, Lines]`` holds."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((m for part in get_args(annotation) if (m := _model_in(part))), None)
