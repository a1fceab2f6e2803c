"""The file of a backup: a zip of JSON Lines, with a list of what is in it and checksums.

``manifest.json`` is written last: a file that broke off has none, and is refused.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from coach.errors import BadInput, Misconfigured

FORMAT = 1
MANIFEST = "manifest.json"

Record = Mapping[str, Any]


class Draft:
    """A backup that is being written."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._zip = file
        self.parts: dict[str, dict[str, Any]] = {}

    def put(self, name: str, records: Iterable[Record]) -> int:
        """One member, a line for each record; how many there were."""
        digest, count = hashlib.sha256(), 0
        with self._zip.open(name, "w", force_zip64=True) as member:
            for record in records:
                line = json.dumps(record, ensure_ascii=True).encode("ascii") + b"\n"
                digest.update(line)
                member.write(line)
                count += 1
        self.parts[name] = {"records": count, "sha256": digest.hexdigest()}
        return count


@contextmanager
def written(path: Path, about: Record) -> Iterator[Draft]:
    """A file at ``path``, for its owner's eyes only; there when it is whole, or not at all.

    Raises Misconfigured where nothing can be written.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        handle = os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            with (
                os.fdopen(handle, "w+b") as raw,
                zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as file,
            ):
                draft = Draft(file)
                yield draft
                manifest = {"format": FORMAT, **about, "parts": draft.parts}
                file.writestr(MANIFEST, json.dumps(manifest, indent=1))
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise Misconfigured(f"{path} can't be written: {error.strerror or error}") from error


class Backup:
    """A backup that is read."""

    def __init__(self, file: zipfile.ZipFile, path: Path) -> None:
        self._zip, self._path = file, path
        try:
            self.manifest: Record = json.loads(file.read(MANIFEST))
            self.parts: Mapping[str, Record] = self.manifest["parts"]
            made_as = int(self.manifest["format"])
        except (KeyError, ValueError, TypeError) as error:
            raise BadInput(f"{path} is not a whole backup of the coach") from error
        if made_as > FORMAT:
            raise BadInput(f"{path} was made by a newer coach; restore it with that one")

    def check(self) -> None:
        """Reads all of it once; raises BadInput where a part isn't as it was written."""
        for name, part in self.parts.items():
            digest = hashlib.sha256()
            with self._member(name) as member:
                while block := member.read(1 << 20):
                    digest.update(block)
            if digest.hexdigest() != part["sha256"]:
                raise self._damaged(name)

    def records(self, name: str) -> Iterator[Record]:
        with self._member(name) as member:
            for line in member:
                yield json.loads(line)

    @contextmanager
    def _member(self, name: str) -> Iterator[Any]:
        try:
            with self._zip.open(name) as member:
                yield member
        except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
            raise self._damaged(name) from error

    def _damaged(self, name: str) -> BadInput:
        return BadInput(f"{self._path} is damaged: {name} is not as it was written; use another")


@contextmanager
def opened(path: Path) -> Iterator[Backup]:
    """Raises BadInput for what isn't a backup, or a newer one."""
    try:
        file = zipfile.ZipFile(path)
    except OSError as error:
        raise BadInput(f"{path} can't be read: {error.strerror or error}") from error
    except zipfile.BadZipFile as error:
        raise BadInput(f"{path} is not a backup of the coach, or it broke off") from error
    with file:
        yield Backup(file, path)
