"""Scenarios in a zip to hand on: YAML files and a manifest with versions and hashes. Pure."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any

from coach.authoring.writing import SCHEMA_FILE
from coach.errors import BadInput
from coach.scenario import Scenario
from knowledge.errors import UnreadableFile
from knowledge.reading.archive import Member, members

MANIFEST = "manifest.json"
FORMAT = "objection-coach-scenarios/1"
SUFFIXES = (".yaml", ".yml", ".json")
MOST_SCENARIOS = 200
_ALWAYS = (1980, 1, 1, 0, 0, 0)  # the same scenarios give the same bytes


@dataclass(frozen=True)
class Entry:
    """One file: its text, or the ``trouble`` why there is none."""

    file: str
    source: str = ""
    trouble: str = ""


def pack(scenarios: Iterable[tuple[Scenario, str]]) -> bytes:
    out, listed = io.BytesIO(), []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for scenario, source in scenarios:
            content, file = source.encode(), f"{scenario.id}.yaml"
            listed.append(
                {
                    "id": scenario.id,
                    "version": scenario.version,
                    "title": scenario.title,
                    "file": file,
                    "sha256": sha256(content).hexdigest(),
                }
            )
            _add(archive, file, content)
        manifest = {"format": FORMAT, "scenarios": listed}
        _add(archive, MANIFEST, json.dumps(manifest, indent=2, ensure_ascii=False).encode())
    return out.getvalue()


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    info = zipfile.ZipInfo(name, _ALWAYS)
    info.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(info, content)


def is_zip(content: bytes) -> bool:
    return content.startswith(b"PK")


def unpack(content: bytes, name: str) -> list[Entry]:
    """Every scenario in the zip, made by ``pack`` or by hand; BadInput where there is none."""
    files: dict[str, bytes] = {}
    refused: list[Entry] = []
    for found in members(content, Path(name)):
        if isinstance(found, UnreadableFile):
            refused.append(Entry(name, trouble=str(found)))
        elif _is_wanted(found):
            files[found.name] = found.content
        if len(files) > MOST_SCENARIOS:
            raise BadInput(f"{name} holds over {MOST_SCENARIOS} scenarios: send them in parts")
    hashes = _hashes(files.pop(MANIFEST, b""), name)
    if not (files or refused or hashes):
        raise BadInput(f"{name} holds no scenario: a scenario is a .yaml file")
    absent = [
        Entry(file, trouble="is in the manifest and not in the zip")
        for file in hashes.keys() - files
    ]
    return [*refused, *(_entry(file, files[file], hashes) for file in files), *absent]


def _is_wanted(found: Member) -> bool:
    path = PurePosixPath(found.name)
    return path.name != SCHEMA_FILE and path.suffix.casefold() in SUFFIXES


def _entry(file: str, content: bytes, hashes: dict[str, str]) -> Entry:
    if file in hashes and hashes[file] != sha256(content).hexdigest():
        return Entry(file, trouble="isn't the file that the manifest names: it was changed since")
    try:
        return Entry(file, content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return Entry(file, trouble="isn't UTF-8 text")


def _hashes(manifest: bytes, name: str) -> dict[str, str]:
    """SHA-256 by file; empty where there is no manifest."""
    if not manifest:
        return {}
    try:
        return dict(_listed(json.loads(manifest)))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadInput(f"the manifest of {name} can't be read: export the bundle again") from error


def _listed(manifest: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if manifest["format"] != FORMAT:
        raise ValueError("another format")
    for one in manifest["scenarios"]:
        yield str(one["file"]), str(one["sha256"])
