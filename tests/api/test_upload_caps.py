"""Requests of any size and shape, byte by byte over a socket: a problem, and nothing is kept."""

from __future__ import annotations

import io
import json
import socket
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from api import doorway
from api.server import private_server
from coach.jobs import Background
from coach.library import Holding, Library
from coach.session import LOCAL
from coach.settings import Settings
from coach.store import SqlStore, open_store
from knowledge.reading import archive
from tests.fakes import FixedClock
from tests.fakes_service import FakeService

MB = 1024 * 1024
FORM = "multipart/form-data; boundary=x"
PART = b"--x\r\nContent-Disposition: form-data; name=files; filename=a.csv\r\n\r\n"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('caps') / 'coach.db'}")
    yield store
    store.close()


@pytest.fixture
def url(
    store: SqlStore, service: FakeService, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """A server that takes 1 MB, on a library that only stores what it is sent."""

    def held(_tenant: str) -> Holding:
        raise AssertionError("nothing is worked on here")

    monkeypatch.setattr(doorway, "LARGEST_UPLOAD", MB)
    monkeypatch.setattr(doorway, "DRAINED", 4 * MB)
    monkeypatch.setattr(doorway, "DRAINED_WITHIN", 0.2)
    service.library = Library(Background(store.jobs, FixedClock()), held, FixedClock())
    with private_server(settings) as url:
        yield url


class Wire:
    """One request by hand, and its answer."""

    def __init__(self, url: str, path: str, **headers: object) -> None:
        place = urlsplit(url)
        self._socket = socket.create_connection((place.hostname, place.port or 80), timeout=20)
        lines = [f"POST {path} HTTP/1.1", f"Host: {place.netloc}", f"Content-Type: {FORM}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self.send("\r\n".join([*lines, "", ""]).encode())

    def send(self, content: bytes) -> None:
        self._socket.sendall(content)

    def chunk(self, content: bytes) -> None:
        self.send(f"{len(content):x}\r\n".encode() + content + b"\r\n")

    def answer(self) -> tuple[int, dict[str, Any]]:
        with self._socket, self._socket.makefile("rb") as read:
            status = int(read.readline().split()[1])
            length = 0
            while (line := read.readline().strip()) != b"":
                name, _, value = line.decode().partition(":")
                length = int(value) if name.lower() == "content-length" else length
            body = read.read(length)
            return status, json.loads(body) if body.startswith(b"{") else {}


def kept(store: SqlStore) -> int:
    return len(store.jobs.listing(LOCAL, "import", 9, None)[0])


@pytest.mark.parametrize("path", doorway.UPLOADS)
def test_what_says_it_is_too_large(url: str, store: SqlStore, path: str) -> None:
    """413 without the body, even if none ever comes."""
    status, told = Wire(url, path, Content_Length=10**12).answer()
    assert (status, "1 MB" in told["detail"], kept(store)) == (413, True, 0)


def test_what_never_says_how_large_it_is(url: str, store: SqlStore) -> None:
    """In chunks without a length: 413 once it is over."""
    wire = Wire(url, "/v1/evidence", Transfer_Encoding="chunked")
    wire.chunk(PART)
    for _ in range(3):
        wire.chunk(bytes(MB // 2))
    wire.send(b"0\r\n\r\n")
    status, told = wire.answer()
    assert (status, "1 MB" in told["detail"], kept(store)) == (413, True, 0)


def test_a_length_that_isnt_so(url: str, store: SqlStore) -> None:
    """Only what was said is read; the rest is no second request, and the server lives on."""
    wire = Wire(url, "/v1/evidence", Content_Length=len(PART) + 10)
    wire.send(PART + bytes(MB // 4))
    assert wire.answer()[0] in (400, 422)  # which the server sees first
    assert Wire(url, "/v1/evidence", Content_Length="-5").answer()[0] == 400
    assert httpx.get(f"{url}/healthz", trust_env=False).status_code == 200
    assert kept(store) == 0


def test_other_routes_take_less(url: str) -> None:
    """Words for a buyer aren't megabytes, said or not."""
    wire = Wire(url, "/v1/suggestions", Transfer_Encoding="chunked")
    for _ in range(3):
        wire.chunk(bytes(doorway.LARGEST_BODY // 2))
    wire.send(b"0\r\n\r\n")
    status, told = wire.answer()
    assert (status, "256 KB" in told["detail"]) == (413, True)


def test_a_zip_that_says_less_than_it_holds() -> None:
    """What a member unpacks to is bounded by what the zip says of it, and that by the caps."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("bomb.md", bytes(5_000_000))
        made.writestr("lies.md", bytes(5_000_000))
    content = bytearray(whole.getvalue())
    size = (5_000_000).to_bytes(4, "little")
    at = content.rindex(size)  # the directory's entry of the last member
    content[at : at + 4] = (100_000).to_bytes(4, "little")
    found = list(archive.members(bytes(content), Path("a.zip")))
    told = [str(one) for one in found]
    assert "looks like a bomb" in told[0]
    assert isinstance(found[1], archive.UnreadableFile) or len(found[1].content) <= 100_000
