"""What models are told: versioned Jinja files, ``prompts/<job>/<name>.v<N>.jinja``.

A template has a ``system`` and a ``user`` block and starts with a comment that lists its
variables, one ``- name: meaning`` a line. A change that alters what a model is asked gets a new
version; stored turns name the version and hash they were made with. A team may put a file of its
own in place of one (``own``); ``use`` takes what was checked.
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
Given = Mapping[str, Any]  # the variables of a prompt
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


def use(own: Mapping[str, str]) -> None:
    """From now on these sources, by name, stand in for the shipped ones, in the whole process.

    They must have been checked: see ``prompts.own``.
    """
    global _own  # noqa: PLW0603  # a prompt is the same wherever it is rendered
    _own = dict(own)
    for cached in (hash_of, variables, _template):
        cached.cache_clear()


_own: dict[str, str] = {}


def is_own(name: str) -> bool:
    """Whether the team's template is used, not the shipped one."""
    return name in _own


@cache
def hash_of(name: str) -> str:
    """12 hex digits of the SHA-256 of the template's source that is used."""
    return hash_in(source_of(name))


def hash_in(source: str) -> str:
    return sha256(source.encode()).hexdigest()[:12]


@cache
def documented(name: str) -> Mapping[str, str]:
    """What each variable of a prompt means, from the comment at the top of the shipped one."""
    return dict(_DOCUMENTED.findall(shipped(name).partition("#}")[0]))


@cache
def variables(name: str) -> frozenset[str]:
    """The variables that a prompt reads: all must be given, and no others."""
    return variables_in(source_of(name))


def variables_in(source: str) -> frozenset[str]:
    """Raises jinja2's TemplateSyntaxError."""
    from jinja2 import meta  # noqa: PLC0415  # ``coach --help`` never renders

    return frozenset(meta.find_undeclared_variables(_environment().parse(source))) - {"fence"}


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
    return _rendered(_template(name), name, hash_of(name), given)


def rendered(source: str, name: str, given: Mapping[str, Any]) -> Rendered:
    """As ``render``, of a source that is not in use."""
    return _rendered(template_of(source), name, hash_in(source), given)


def _rendered(template: Template, name: str, digest: str, given: Mapping[str, Any]) -> Rendered:
    bare = _blocks(template, name, given, mark="")
    whole = "\n".join(bare.values())
    mark = sha256(whole.encode()).hexdigest()[:8]
    while mark in whole:
        mark = sha256(mark.encode()).hexdigest()[:8]
    return Rendered(**_blocks(template, name, given, mark), name=name, hash=digest)


def _blocks(template: Template, name: str, given: Mapping[str, Any], mark: str) -> dict[str, str]:
    from jinja2 import UndefinedError  # noqa: PLC0415

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


def source_of(name: str) -> str:
    """The template that is used: the team's own, or else the shipped one."""
    return _own[name] if name in _own else shipped(name)


@cache
def shipped(name: str) -> str:
    if name not in names():
        raise PromptError(f"there is no prompt {name!r}; there are: {', '.join(names())}")
    return (FOLDER / f"{name}{SUFFIX}").read_text(encoding="utf-8")


@cache
def _template(name: str) -> Template:
    return template_of(source_of(name))


def template_of(source: str) -> Template:
    return _environment().from_string(source)


@cache
def _environment() -> Environment:
    """Sandboxed: a team's template fills in words, and reaches nothing of the process."""
    from jinja2 import StrictUndefined  # noqa: PLC0415
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415

    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # plain text for a model: escaped quotes would not be verbatim
    )
    band: Callable[..., str] = _band
    environment.globals["band"] = band
    return environment
