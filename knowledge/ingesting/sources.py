"""The files to take in: those that are given, those below a folder, and what each is called."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path, PurePath

from knowledge.errors import UnreadableFile
from knowledge.reading.naming import base_of, printable, shortened
from knowledge.reading.readers import content_of, left_out


@dataclass(frozen=True)
class Source:
    """One file, wherever its bytes lie.

    ``name`` tells it from every other (for a local file its absolute path). ``place`` is where it
    lies below the folder that was given, and names its items. Readers see ``path``: its last
    part, and folders that may be named for a kind. ``read`` raises ``UnreadableFile``.
    """

    name: str
    place: PurePath
    path: Path
    read: Callable[[], bytes] = field(compare=False)

    @classmethod
    def local(cls, path: Path, below: Path | None = None) -> Source:
        """A file of this machine; ``below`` is the folder that was given."""
        path = path.parent.resolve() / path.name
        place = PurePath(path.name) if below is None else path.relative_to(below)
        return cls(printable(str(path)), place, path, lambda: content_of(path))

    @classmethod
    def sent(cls, name: str, place: str, content: bytes) -> Source:
        """A file that came another way; neither name is ever opened."""
        inside = PurePath(*(part for part in PurePath(place).parts if part not in {"/", ".."}))
        return cls(printable(name), inside, Path(inside), lambda: content)

    def bases(self) -> Iterator[str]:
        """What ids of its items may begin with, the plainest first; without end."""
        own = base_of(self.place)
        yield own
        suffix = printable(self.place.suffix.removeprefix(".").casefold())
        yield shortened(f"{own}-{suffix}")
        for number in range(len(self.place.parts) + 1, len(self.path.parts)):
            yield base_of(PurePath(*self.path.parts[-number:]))
        for number in count(2):
            yield shortened(f"{own}-{suffix}-{number}")


@dataclass(frozen=True)
class Walk:
    """The files below what was given; what else was ingested below ``seen`` is gone.

    Nothing is known of what lies below ``blind``: folders that can't be opened, or are empty as
    a drive is that isn't mounted.
    """

    sources: tuple[Source, ...]
    seen: tuple[str, ...] = ()
    blind: tuple[str, ...] = ()
    present: tuple[str, ...] = ()  # files that are there and aren't among ``sources``
    deleted: tuple[str, ...] = ()  # files and folders that are known to be gone

    def gone(self, known: Iterable[str]) -> list[str]:
        """Those of the ``known`` names that must have been deleted."""
        there = {*self.present, *(source.name for source in self.sources)}
        return [name for name in known if name not in there and self._must_be_gone(name)]

    def _must_be_gone(self, name: str) -> bool:
        if name in self.deleted or _below(name, self.deleted):
            return True
        return _below(name, self.seen) and not _below(name, self.blind)

    def out_of_sight(self, known: Iterable[str]) -> dict[str, int]:
        """How many of the ``known`` names lie below each folder that nothing is known of."""
        names = list(known)
        counts = {folder: sum(_below(n, (folder,)) for n in names) for folder in self.blind}
        return {folder: count for folder, count in counts.items() if count}


def walk(paths: Iterable[Path]) -> Walk:
    """The files in the order given; folders in order of names, without what is left out."""
    sources: dict[str, Source] = {}
    seen: list[str] = []
    blind: list[str] = []
    for path in paths:
        if not path.is_dir():
            one = Source.local(path)
            sources.setdefault(one.name, one)
            blind += [] if path.exists() else [one.name]
            continue
        root = path.resolve()
        before = len(sources)
        for one in _inside(root, root, blind):
            sources.setdefault(one.name, one)
        seen.append(printable(str(root)))
        if len(sources) == before and not any(_below(name, seen[-1:]) for name in sources):
            blind.append(seen[-1])
    return Walk(tuple(sources.values()), tuple(seen), tuple(dict.fromkeys(blind)))


def walk_changed(changed: Iterable[Path], paths: Iterable[Path]) -> Walk:
    """Of ``paths`` only what ``changed``, with all that lies below a folder that did."""
    sources: dict[str, Source] = {}
    deleted: list[str] = []
    given = list(paths)
    for path in sorted(changed):
        root = next((one for one in given if path.is_relative_to(one)), None)
        if root is None or not root.exists():  # its drive may be gone, its files needn't be
            continue
        below = root if root.is_dir() else None
        if path.is_dir():
            found = list(_inside(path, root, []))
        else:
            found = [Source.local(path, below)] if path.is_symlink() or path.exists() else []
            deleted += [] if found else [Source.local(path, below).name]
        sources.update((one.name, one) for one in found)
    return Walk(tuple(sources.values()), deleted=tuple(deleted))


def _inside(folder: Path, root: Path, blind: list[str]) -> Iterator[Source]:
    try:
        children = sorted(folder.iterdir())
    except OSError as error:
        blind.append(printable(str(folder)))
        yield _closed(folder, root, error)
        return
    for child in children:
        if left_out(child.name) or (child.is_symlink() and child.is_dir()):
            continue
        if child.is_dir():
            yield from _inside(child, root, blind)
        else:
            yield Source.local(child, root)


def _closed(folder: Path, root: Path, error: OSError) -> Source:
    """A folder that can't be looked into has its line in the report, like a file."""
    why = UnreadableFile(
        f"the folder {printable(folder.name)} can't be opened: {error.strerror or error}"
    )

    def refuse() -> bytes:
        raise why

    return Source(printable(str(folder)), folder.relative_to(root), folder, refuse)


def _below(name: str, folders: Iterable[str]) -> bool:
    return any(name.startswith(folder.rstrip(os.sep) + os.sep) for folder in folders)
