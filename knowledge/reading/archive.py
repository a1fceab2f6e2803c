"""The files in a zip, read in memory: nothing is unpacked to disk, and no bomb goes off."""

from __future__ import annotations

import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from knowledge.errors import UnreadableFile
from knowledge.reading.readers import ARCHIVE, left_out

MOST_MEMBERS = 2_000
LARGEST_MEMBER = 50_000_000  # bytes
LARGEST_IN_ALL = 200_000_000  # bytes
STEEPEST = 100  # how many times smaller a member may be packed
DEEPEST = 1  # zips within the zip

_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,
)


@dataclass(frozen=True)
class Member:
    name: str
    content: bytes


@dataclass
class _Allowance:
    """What is left for the zip and the zips in it together."""

    members: int
    size: int


def members(content: bytes, path: Path) -> Iterator[Member | UnreadableFile]:
    """Each file in the zip, and a line in place of each that is refused."""
    yield from _members(content, path.name, "", 0, _Allowance(MOST_MEMBERS, LARGEST_IN_ALL))


def _members(
    content: bytes, name: str, prefix: str, depth: int, left: _Allowance
) -> Iterator[Member | UnreadableFile]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except _BROKEN as error:
        yield UnreadableFile(f"{name} is no zip, or a truncated one: {_short(error)}")
        return
    with archive:
        files = [
            info
            for info in archive.infolist()
            if not info.filename.endswith(("/", "\\")) and _wanted(info)
        ]
        if not files:
            yield UnreadableFile(f"{name} holds no files")
        for number, info in enumerate(files):
            if left.members <= 0:
                yield UnreadableFile(
                    f"{name} has more than {MOST_MEMBERS:,} members in all: "
                    f"the last {len(files) - number:,} were left out"
                )
                return
            left.members -= 1
            yield from _member(archive, info, prefix, depth, left)


def _wanted(info: zipfile.ZipInfo) -> bool:
    return not any(left_out(part) for part in _parts(info) if part not in {".", ".."})


def _parts(info: zipfile.ZipInfo) -> tuple[str, ...]:
    return PurePosixPath(info.filename.replace("\\", "/")).parts


def _member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, prefix: str, depth: int, left: _Allowance
) -> Iterator[Member | UnreadableFile]:
    own = " ".join(info.filename.replace("\\", "/").split())
    name = prefix + (own or "(a member without a name)")
    nested = info.filename.casefold().endswith(ARCHIVE)
    refusal = _refusal(info, nested and depth >= DEEPEST, left)
    if refusal:
        yield UnreadableFile(f"{name} {refusal}")
        return
    left.size -= info.file_size
    try:
        content = archive.read(info)
    except NotImplementedError:  # a RuntimeError too, so it comes first
        yield UnreadableFile(f"{name} is packed in a way that isn't read: pack it as a plain zip")
        return
    except _BROKEN as error:
        yield UnreadableFile(f"{name} is damaged in the zip: {_short(error)}")
        return
    if nested:
        yield from _members(content, name, f"{name}/", depth + 1, left)
    else:
        yield Member(name, content)


def _refusal(info: zipfile.ZipInfo, too_deep: bool, left: _Allowance) -> str | None:
    parts = _parts(info)
    size, limit = info.file_size, STEEPEST * max(info.compress_size, 1)
    refusals = {
        "has a name with ../ in it, which leads out of the zip: refused": ".." in parts,
        "has an absolute name: refused": _absolute(parts),
        "is a zip in a zip in a zip: unpack it first": too_deep,
        "is protected by a password: pack it without one": info.flag_bits & 0x1,
        f"is larger than {LARGEST_MEMBER // 1_000_000} MB: split it": size > LARGEST_MEMBER,
        f"is packed over {STEEPEST} times: it looks like a bomb": size > limit,
        f"is left out: the zip unpacks to over {LARGEST_IN_ALL // 1_000_000} MB in all": (
            size > left.size
        ),
    }
    return next((why for why, applies in refusals.items() if applies), None)


def _absolute(parts: tuple[str, ...]) -> bool:
    return any(part.startswith("/") or re.match(r"[A-Za-z]:", part) for part in parts[:1])


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:160]
