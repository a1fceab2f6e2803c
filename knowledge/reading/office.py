"""What Office files have in common: a zip that must be sound before a library opens it."""

from __future__ import annotations

import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from knowledge.errors import UnreadableFile

LARGEST_UNPACKED = 200_000_000  # bytes in all
LARGEST_TREE = 20_000_000  # bytes of XML that a library turns into a tree, at fifty times the size
STEEPEST, FROM = 100, 10_000_000  # how many times smaller a part of so many bytes may be packed
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@contextmanager
def sound(content: bytes, path: Path) -> Iterator[io.BytesIO]:
    """The file for a library to open; whatever that stumbles over becomes an ``UnreadableFile``."""
    name = path.name
    if not content:
        raise UnreadableFile(f"{name} is empty")
    if content.startswith(_OLE):
        raise UnreadableFile(
            f"{name} is protected by a password or in the format before 2007: "
            f"save it as {path.suffix} without a password"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            _refuse_bombs(parts, path)
        yield io.BytesIO(content)
    except (UnreadableFile, MemoryError):
        raise
    except zipfile.BadZipFile as error:
        raise UnreadableFile(f"{name} is truncated or damaged: {_short(error)}") from error
    except Exception as error:  # the libraries raise KeyError, ValueError, XML errors and more
        raise UnreadableFile(
            f"{name} can't be read as {path.suffix} ({type(error).__name__}: {_short(error)})"
        ) from error


def _refuse_bombs(parts: zipfile.ZipFile, path: Path) -> None:
    name, infos = path.name, parts.infolist()
    if sum(info.file_size for info in infos) > LARGEST_UNPACKED:
        raise UnreadableFile(f"{name} unpacks to over {LARGEST_UNPACKED // 1_000_000} MB")
    for info in infos:
        if info.file_size > max(FROM, STEEPEST * info.compress_size):
            raise UnreadableFile(f"{name} is packed over {STEEPEST} times: it looks like a bomb")
        is_tree = path.suffix.casefold() != ".xlsx" and info.filename.endswith(".xml")
        if is_tree and info.file_size > LARGEST_TREE:
            raise UnreadableFile(
                f"{name} holds over {LARGEST_TREE // 1_000_000} MB of text: split it"
            )


def page_margins(content: bytes) -> str:
    """The words of a Word file's headers and footers, a line each."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        names = [n for n in parts.namelist() if re.fullmatch(r"word/(header|footer)\d*\.xml", n)]
        try:
            found = [parts.read(name).decode("utf-8", "replace") for name in names]
        except (zipfile.BadZipFile, zlib.error):
            return ""
    lines = (part for xml in found for part in xml.split("</w:p>"))
    return "\n".join(html.unescape(re.sub(r"<[^<>]*>", "", line)) for line in lines)


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:160]
