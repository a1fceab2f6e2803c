"""Scenarios that somebody hands on, file by file: the good ones are stored, the others told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coach.authoring.bundle import Entry, is_zip, unpack
from coach.authoring.reading import Fault, read_scenario
from coach.authoring.shelf import Kept, Shelf
from coach.authoring.writing import as_yaml
from coach.authoring.yaml_text import is_json
from coach.errors import CoachError

if TYPE_CHECKING:
    from coach.session import Caller


@dataclass(frozen=True)
class Brought:
    """``kept`` is None where the ``faults`` say why not."""

    file: str
    kept: Kept | None = None
    faults: tuple[Fault, ...] = ()

    @property
    def status(self) -> str:
        if self.kept is None:
            return "refused"
        if not self.kept.is_changed:
            return "unchanged"
        return "new" if self.kept.is_new else "changed"


def bring(shelf: Shelf, caller: Caller, name: str, content: bytes) -> list[Brought]:
    """A scenario whose id is known becomes its next version."""
    entries = unpack(content, name) if is_zip(content) else [_single(name, content)]
    return [_brought(shelf, caller, entry) for entry in entries]


def _single(name: str, content: bytes) -> Entry:
    try:
        return Entry(name, content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return Entry(name, trouble="is neither a zip nor UTF-8 text")


def _brought(shelf: Shelf, caller: Caller, entry: Entry) -> Brought:
    if entry.trouble:
        return Brought(entry.file, faults=(Fault((), None, entry.trouble),))
    reading = read_scenario(entry.source)
    if reading.scenario is None:
        return Brought(entry.file, faults=reading.faults)
    source = as_yaml(reading.scenario) if is_json(entry.source) else entry.source
    try:
        return Brought(entry.file, shelf.put(caller, reading.scenario, source))
    except CoachError as error:
        return Brought(entry.file, faults=(Fault((), None, error.message),))
