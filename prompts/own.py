"""Templates that a team puts in place of the shipped ones: read, checked, and only then used."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import prompts
from prompts.fencing import fenced_in, line_of, loose

FENCES_SEEN = 40  # samples in which fences are looked for: every act of one scenario
LARGEST = 64 * 1024  # bytes of a template; a model would not read more either
#: What a prompt of that name is given here and there; only asked about those that are looked at.
Samples = Callable[[str], Iterable[prompts.Given]]


@dataclass(frozen=True)
class Fault:
    """Why a file isn't used; ``line`` is counted from 1."""

    file: Path
    line: int
    says: str

    def __str__(self) -> str:
        return f"{self.file} line {self.line}: {self.says}"


def found_in(folder: Path) -> dict[str, Path]:
    """The files below ``folder`` by the name of the prompt that they would replace."""
    if not folder.is_dir():
        return {}
    files = sorted(folder.rglob(f"*{prompts.SUFFIX}"))
    return {
        path.relative_to(folder).as_posix().removesuffix(prompts.SUFFIX): path for path in files
    }


def read(folder: Path, samples: Samples) -> tuple[dict[str, str], list[Fault]]:
    """The sources that can be used, by prompt, and what is wrong with the others.

    ``samples`` are variables that each prompt must render with.
    """
    sources: dict[str, str] = {}
    faults: list[Fault] = []
    for name, file in found_in(folder).items():
        source, wrong = _source_of(file)
        wrong = wrong or next(_faults(name, file, source, samples), None)
        if wrong:
            faults.append(wrong)
        else:
            sources[name] = source
    return sources, faults


def _source_of(file: Path) -> tuple[str, Fault | None]:
    try:
        raw = file.read_bytes()
        if len(raw) > LARGEST:
            return "", Fault(file, 1, f"is over {LARGEST // 1024} KB; a prompt must be shorter")
        return raw.decode("utf-8"), None
    except UnicodeDecodeError as error:
        at = raw[: error.start].count(b"\n") + 1
        return "", Fault(file, at, "is not UTF-8; save it as UTF-8")
    except OSError as error:
        return "", Fault(file, 1, f"can't be read ({error.strerror})")


def _faults(name: str, file: Path, source: str, samples: Samples) -> Iterator[Fault]:
    """The first one says enough: mend it, and look again."""
    from jinja2 import TemplateSyntaxError  # noqa: PLC0415  # as in ``prompts``

    if name not in prompts.names():
        there = ", ".join(prompts.names())
        yield Fault(file, 1, f"replaces no prompt; name it as one of these: {there}")
        return
    try:
        reads = prompts.variables_in(source)
        template = prompts.template_of(source)
    except TemplateSyntaxError as error:
        yield Fault(file, error.lineno, str(error.message))
        return
    known = prompts.documented(name)
    for variable in sorted(reads - known.keys()):
        yield Fault(
            file, _line_of(source, variable),
            f"there is no variable {variable!r}; there are: {', '.join(sorted(known))}",
        )  # fmt: skip
    for variable in sorted(known.keys() - reads):
        yield Fault(file, 1, f"leaves out the variable {variable!r}: {known[variable]}")
    for part in ("system", "user"):
        if part not in template.blocks:
            yield Fault(file, 1, f"needs a block: {{% block {part} %}} ... {{% endblock %}}")
            return
    fenced: frozenset[str] | None = None
    for at, given in enumerate(samples(name)):
        yield from _rendered(name, file, source, given)
        fenced = fenced_in(name, given) if fenced is None else fenced
        if at < FENCES_SEEN and (path := loose(name, source, given, fenced)):
            yield Fault(
                file, line_of(source, path),
                f"prints {path} outside a fence: people or documents wrote it, and a model may "
                'obey it; put it in one, {{ fence("...", ...) }}, as the shipped prompt does',
            )  # fmt: skip
            return


def _rendered(name: str, file: Path, source: str, given: prompts.Given) -> Iterator[Fault]:
    try:
        made = prompts.rendered(source, name, given)
    except Exception as error:  # noqa: BLE001  # a template can go wrong in any way
        yield Fault(file, _line_in(error), f"doesn't render ({type(error).__name__}: {error})")
        return
    if not made.system or not made.user:
        yield Fault(file, 1, "renders an empty block: a model needs both, system and user")


def _line_of(source: str, variable: str) -> int:
    found = re.search(rf"\b{re.escape(variable)}\b", source.partition("#}")[2] or source)
    start = len(source) - len(source.partition("#}")[2] or source)
    return source.count("\n", 0, start + found.start()) + 1 if found else 1


def _line_in(error: BaseException) -> int:
    """The innermost line of the template that the error came through."""
    line, at = 1, (error.__cause__ or error).__traceback__
    while at is not None:
        template = at.tb_frame.f_globals.get("__jinja_template__")
        if template is not None:  # its frames count the lines of the Python that it became
            line = template.get_corresponding_lineno(at.tb_lineno)
        at = at.tb_next
    return line
