"""What became of the files that were taken in."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.checking.finding import Finding
from knowledge.errors import UnreadableFile


@dataclass(frozen=True)
class FileReport:
    """What became of one file, counted in items; ``gone`` when there is no such file any more."""

    name: str
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    problems: tuple[UnreadableFile, ...] = ()
    copy_of: str | None = None
    gone: bool = False

    @property
    def items(self) -> int:
        return self.added + self.changed + self.unchanged


@dataclass(frozen=True)
class Repeats:
    """The first of what now says nearly the same as something else, and how many there are."""

    first: tuple[Finding, ...] = ()
    total: int = 0


@dataclass(frozen=True)
class Report:
    """What became of each file, in the order given, then of those that are gone."""

    files: tuple[FileReport, ...]
    removed: int = 0
    alike: Repeats = Repeats()

    @property
    def items(self) -> int:
        return sum(file.items for file in self.files)

    @property
    def added(self) -> int:
        return sum(file.added for file in self.files)

    @property
    def changed(self) -> int:
        return sum(file.changed for file in self.files)

    @property
    def unchanged(self) -> int:
        return sum(file.unchanged for file in self.files)

    @property
    def problems(self) -> tuple[tuple[str, UnreadableFile], ...]:
        return tuple((file.name, problem) for file in self.files for problem in file.problems)
