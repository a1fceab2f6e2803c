"""Whether a team's template fences what the shipped one fences: the words of people and documents.

What must be fenced is found out by rendering the shipped template with a mark on every text, so
there is no list that could fall behind the templates.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import prompts

_FENCED = re.compile(r"(<<<[^\n]* ([0-9a-f]{8})\n).*?(\n\2>>>)", re.DOTALL)
_SAID = re.compile(r"\"[^\"]*\"|'[^']*'")
_KEPT_IN = re.compile(r"(?<=,).*(?=\))", re.DOTALL)  # a fence's second argument; its first is shown
_PRINTED = re.compile(r"\{\{.*?\}\}", re.DOTALL)


def fenced_in(name: str, given: prompts.Given) -> frozenset[str]:
    """The texts, as ``reply`` or ``history[].text``, that the shipped template prints in fences and
    nowhere else. What ``given`` leaves empty is looked at as if it weren't."""
    paths: set[str] = set()

    def every(path: str) -> bool:
        paths.add(path)
        return True

    made = prompts.rendered(prompts.shipped(name), name, _planted(given, every))
    whole, outside = made.system + made.user, _unfenced(made.system) + _unfenced(made.user)
    return frozenset(p for p in paths if _mark(p) in whole and _mark(p) not in outside)


def loose(name: str, source: str, given: prompts.Given, fenced: frozenset[str]) -> str | None:
    """One of ``fenced`` that ``source`` prints outside of a fence; None where there is none."""
    made = prompts.rendered(source, name, _planted(given, fenced.__contains__))
    shown = (_unfenced(made.system) + _unfenced(made.user)).casefold()
    return next((path for path in sorted(fenced) if _mark(path) in shown), None)


def line_of(source: str, path: str) -> int:
    """Where ``path`` is printed without a fence, counted from 1; as well as it can be told."""
    last = path.replace("[]", "").rpartition(".")[2]
    for found in _PRINTED.finditer(source):
        if re.search(rf"\b{re.escape(last)}\b", _KEPT_IN.sub("", _SAID.sub("", found[0]))):
            return source.count("\n", 0, found.start()) + 1
    return 1


def _unfenced(text: str) -> str:
    return _FENCED.sub(r"\1\3", text)


def _planted(given: prompts.Given, wanted: Callable[[str], bool]) -> dict[str, Any]:
    """``given`` with a mark before and behind each text that is wanted, so that it is known again
    also when it is cut short."""

    def plant(value: Any, path: str) -> Any:
        if isinstance(value, Mapping):
            return {key: plant(one, f"{path}.{key}") for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [plant(one, f"{path}[]") for one in value or ("",)]
        if (value is None or isinstance(value, str)) and wanted(path):
            return f"{_mark(path)} {value or ''} {_mark(path)}"
        return value

    return {key: plant(value, key) for key, value in given.items()}


def _mark(path: str) -> str:
    """A word that nothing else holds, and that outlasts a change of case."""
    return f"qz{prompts.hash_in(path)}zq"
