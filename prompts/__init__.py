"""What models are told: versioned Jinja files, ``prompts/<job>/<name>.v<N>.jinja``.

A template has a ``system`` and a ``user`` block and starts with a comment that lists its
variables, one ``- name: meaning`` a line. A change that alters what a model is asked gets a new
version; stored turns name the version and hash they were made with.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment, Template

FOLDER = Path(__file__).parent
SUFFIX = ".jinja"
_DOCUMENTED = re.compile(r"^- (\w+): (.+)$", re.MULTILINE)


class PromptError(Exception):
    """There is no such prompt, or its variables don't fit: a fault of the calling code."""


@dataclass(frozen=True)
class Rendered:
    """``hash`` is the template's ``hash_of``, not the hash of this text."""

    system: str
    user: str
    name: str
    hash: str


def names() -> list[str]:
    """Every prompt, as ``job/name.vN``."""
    found = FOLDER.rglob(f"*{SUFFIX}")
    return sorted(path.relative_to(FOLDER).as_posix().removesuffix(SUFFIX) for path in found)


@cache
def hash_of(name: str) -> str:
    """12 hex digits of the SHA-256 of the template's source."""
    return sha256(_source(name).encode()).hexdigest()[:12]


@cache
def documented(name: str) -> Mapping[str, str]:
    """What each variable of a prompt means, from the comment at its top."""
    return dict(_DOCUMENTED.findall(_source(name).partition("#}")[0]))


@cache
def variables(name: str) -> frozenset[str]:
    """The variables that a prompt reads: all must be given, and no others."""
    from jinja2 import meta  # noqa: PLC0415  # ``coach --help`` never renders

    return frozenset(meta.find_undeclared_variables(_environment().parse(_source(name)))) - {
        "fence"
    }


def render(name: str, /, **given: Any) -> Rendered:
    """Raises PromptError for an unknown prompt and for a missing, superfluous or hollow variable.

    Texts that people or documents wrote stand in fences whose mark occurs nowhere else in the
    prompt, so that no text can close its own fence.
    """
    needed = variables(name)
    if wrong := needed ^ given.keys():
        fault = ", ".join(
            f"{v} is {'missing' if v in needed else 'unknown'}" for v in sorted(wrong)
        )
        raise PromptError(f"prompt {name}: {fault}; its variables: {', '.join(sorted(needed))}")
    bare = _blocks(name, given, mark="")
    whole = "\n".join(bare.values())
    mark = sha256(whole.encode()).hexdigest()[:8]
    while mark in whole:
        mark = sha256(mark.encode()).hexdigest()[:8]
    return Rendered(**_blocks(name, given, mark), name=name, hash=hash_of(name))


def _blocks(name: str, given: Mapping[str, Any], mark: str) -> dict[str, str]:
    from jinja2 import UndefinedError  # noqa: PLC0415

    template = _template(name)
    context = template.new_context({**given, "fence": partial(_fence, mark)})
    try:
        return {
            part: "".join(template.blocks[part](context)).strip() for part in ("system", "user")
        }
    except UndefinedError as error:
        raise PromptError(f"prompt {name}: {error}") from error


def _fence(mark: str, label: str, text: str) -> str:
    return f"<<<{label} {mark}\n{text}\n{mark}>>>"


def _band(value: float, *words: str) -> str:
    """The word for a number from 0 to 100, of as many equal bands as there are words."""
    return words[max(0, min(int(value * len(words) / 100), len(words) - 1))]


@cache
def _source(name: str) -> str:
    if name not in names():
        raise PromptError(f"there is no prompt {name!r}; there are: {', '.join(names())}")
    return (FOLDER / f"{name}{SUFFIX}").read_text(encoding="utf-8")


@cache
def _template(name: str) -> Template:
    return _environment().from_string(_source(name))


@cache
def _environment() -> Environment:
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415

    environment = Environment(
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701  # plain text for a model: escaped quotes would not be verbatim
    )
    band: Callable[..., str] = _band
    environment.globals["band"] = band
    return environment
