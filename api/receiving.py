"""A request that brings evidence, as files or as JSON, read without holding it in memory.

What it says of its files (names, where they came from) is text to show, never a path to open.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from pydantic_core import from_json
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from api.schemas_evidence import NewItem
from coach.errors import BadInput
from coach.jobs import Key
from coach.library import Delivery, Upload
from knowledge.evidence import Evidence
from knowledge.reading.naming import printable
from knowledge.reading.readers import ARCHIVE, LARGEST, LARGEST_ARCHIVE, READERS

MOST_FILES = 1_000
MOST_FAULTS = 100  # that are named
LARGEST_JSON = 8 * 1024 * 1024
LARGEST_FIELD = 1024 * 1024
LONGEST_NAME = 255
LONGEST_PATH = 4_096
LONGEST_KEY = 200
PIECE = 1024 * 1024
FIELDS = ("files", "origin", "place", "mapping", "roots", "blind", "deleted", "present")


@dataclass(frozen=True)
class Received:
    """What came: files or items, never both; ``digest`` is of all that was said."""

    delivery: Delivery = field(default_factory=Delivery)
    items: tuple[Evidence, ...] = ()
    digest: str = ""


def key_of(request: Request) -> str | None:
    """The ``Idempotency-Key`` header, or None; BadInput when it can't be one."""
    key = request.headers.get("idempotency-key")
    if key is not None and not (0 < len(key) <= LONGEST_KEY and key.isprintable()):
        raise BadInput(f"an Idempotency-Key has 1 to {LONGEST_KEY} printable characters")
    return key


def as_key(text: str | None, received: Received) -> Key | None:
    return Key(text, received.digest) if text else None


@asynccontextmanager
async def received(request: Request) -> AsyncIterator[Received]:
    """The request's evidence; its temporary files are gone at the end."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().casefold()
    if kind == "multipart/form-data":
        form = await _form(request)
        try:
            yield await asyncio.to_thread(_of_form, form)
        finally:
            await form.close()
    elif kind == "application/json":
        yield await asyncio.to_thread(_of_json, await _body(request))
    else:
        raise HTTPException(
            415, "Send files as multipart/form-data (field `files`), or items as application/json."
        )


# --- JSON ---


async def _body(request: Request) -> bytes:
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size <= LARGEST_JSON:
            pieces.append(piece)
    if size > LARGEST_JSON:
        raise HTTPException(
            413, f"Over {LARGEST_JSON >> 20} MB of JSON: send it as a .jsonl file, in `files`."
        )
    return b"".join(pieces)


def _of_json(body: bytes) -> Received:
    try:
        given = from_json(body, allow_inf_nan=False)
    except ValueError as error:
        fault = {"type": "json_invalid", "loc": ("body",), "msg": str(error), "input": {}}
        raise RequestValidationError([fault]) from error
    many = isinstance(given, dict) and given.keys() == {"items"}
    if many and not (isinstance(given["items"], list) and given["items"]):
        raise BadInput("`items` is a list of one item at least")
    listed = enumerate(given["items"]) if many else [(None, given)]
    return Received(items=_items(listed), digest=hashlib.sha256(body).hexdigest())


def _items(given: Iterable[tuple[int | None, object]]) -> tuple[Evidence, ...]:
    """One by one, not as a list: between two of them others get their turn."""
    items: dict[str, Evidence] = {}
    faults: list[dict[str, Any]] = []
    for number, one in given:
        place = ("body",) if number is None else ("body", "items", number)
        try:
            item = NewItem.model_validate(one)
            if item.id in items:
                again = "another item of this request has this id: give each its own"
                faults.append({"type": "id_twice", "loc": (*place, "id"), "msg": again})
            items[item.id] = item.evidence(item.id)
        except ValidationError as error:
            faults += [{**fault, "loc": (*place, *fault["loc"])} for fault in error.errors()]
        if len(faults) >= MOST_FAULTS:
            break
    if faults:
        raise RequestValidationError(faults)
    return tuple(items.values())


# --- Files ---


async def _form(request: Request) -> FormData:
    parser = MultiPartParser(
        request.headers,
        request.stream(),
        max_files=MOST_FILES,
        max_fields=2 * MOST_FILES + 1,
        max_part_size=LARGEST_FIELD,
    )
    try:
        form = await parser.parse()
        _close_halves(parser, form)
        return form
    except MultiPartException as error:
        if error.message.startswith("Too many files"):
            raise HTTPException(
                413, f"Over {MOST_FILES:,} files: send them in several requests, or as a .zip."
            ) from error
        raise BadInput(
            f"the form can't be read ({error.message.rstrip('.')}): was it cut short, or is a file "
            "name thousands of characters long?"
        ) from error


def _close_halves(parser: MultiPartParser, form: FormData) -> None:
    """A body that is cut short is no error to Starlette, which forgets the file it was in."""
    whole = {id(one.file) for _, one in form.multi_items() if isinstance(one, UploadFile)}
    for file in parser._files_to_close_on_error:
        if id(file) not in whole:
            file.close()


def _of_form(form: FormData) -> Received:
    if unknown := sorted({name for name, _ in form.multi_items()} - set(FIELDS)):
        raise BadInput(f"no field is called {unknown[0][:60]!r}; there are {', '.join(FIELDS)}")
    files = form.getlist("files")
    uploads = [one for one in files if isinstance(one, UploadFile)]
    roots, deleted = _texts(form, "roots"), _texts(form, "deleted")
    if len(uploads) < len(files) or not (uploads or roots or deleted):
        raise BadInput("`files` holds the files to read, each with its file name; there is none")
    origins, places = _labels(form, "origin", uploads), _labels(form, "place", uploads)
    delivery = Delivery(
        tuple(map(_upload, uploads, origins, places)),
        _text(form, "mapping") or None,
        roots,
        _texts(form, "blind"),
        deleted,
        _names(_text(form, "present")),
    )
    if uploads:
        _refuse_unreadable(delivery.uploads)
    return Received(delivery, digest=_digest(delivery))


def _texts(form: FormData, name: str) -> tuple[str, ...]:
    given = form.getlist(name)
    if not all(isinstance(one, str) and len(one) <= LONGEST_PATH for one in given):
        raise BadInput(f"`{name}` is text of {LONGEST_PATH:,} characters at most")
    return tuple(printable(str(one)) for one in given)


def _text(form: FormData, name: str) -> str:
    """A field that may be long: sent as text, or as a file."""
    given = form.get(name, "")
    if not isinstance(given, UploadFile):
        return given
    try:
        return given.file.read().decode()
    except UnicodeDecodeError as error:
        raise BadInput(f"`{name}` isn't UTF-8 text") from error


def _names(present: str) -> tuple[str, ...]:
    try:
        found = json.loads(present or "[]")
    except (ValueError, RecursionError) as error:
        raise BadInput("`present` is a JSON list of names") from error
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise BadInput("`present` is a JSON list of names")
    return tuple(map(printable, found))


def _labels(form: FormData, name: str, uploads: list[UploadFile]) -> list[str]:
    given = _texts(form, name)
    if given and len(given) != len(uploads):
        raise BadInput(
            f"`{name}` is given {len(given)} times for {len(uploads)} files: "
            "send one for each, in the same order, or none"
        )
    return list(given) or [""] * len(uploads)


def _upload(file: UploadFile, origin: str, place: str) -> Upload:
    name = printable(file.filename or "") or "(a file without a name)"
    if len(name) > LONGEST_NAME:  # its end says what kind of file it is
        name = f"…{name[1 - LONGEST_NAME :]}"
    largest = LARGEST_ARCHIVE if name.casefold().endswith(ARCHIVE) else LARGEST
    if (file.size or 0) > largest:
        raise HTTPException(
            413, f"{name} is larger than {largest // 1_000_000} MB: split it, and send the parts."
        )
    return Upload(name, file.size or 0, partial(_pieces, file), origin, place)


def _pieces(file: UploadFile) -> Iterator[bytes]:
    file.file.seek(0)
    yield from iter(partial(file.file.read, PIECE), b"")


def _refuse_unreadable(uploads: Iterable[Upload]) -> None:
    """One unknown kind among others is told in the report; nothing but those is refused here."""
    kinds = {PurePosixPath(one.name).suffix.casefold() for one in uploads}
    if not kinds & {*READERS, ARCHIVE}:
        raise HTTPException(
            415,
            f"None of these files can be read; those that can: {', '.join([*READERS, ARCHIVE])}",
        )


def _digest(delivery: Delivery) -> str:
    about = replace(delivery, uploads=())
    digest = hashlib.sha256(repr(about).encode())
    for one in delivery.uploads:
        digest.update(json.dumps([one.name, one.origin, one.place, one.size]).encode())
        for piece in one.pieces():
            digest.update(piece)
    return digest.hexdigest()
