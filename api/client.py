"""A client of the HTTP API, for the CLI: of the server that runs on this home, or of its own."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from api.announcement import announced
from api.following import Following, Problem, events_of, problem_in
from api.wiring import Progress
from coach.errors import BadInput, Unavailable
from coach.settings import Settings
from knowledge.errors import IndexInUse

PATIENCE_SECONDS = 10.0  # another command may hold the index for that long
TIMEOUT = httpx.Timeout(60.0, connect=5.0)


class ApiClient:
    """Requests to one home's coach; where the server it used has gone it finds the next one."""

    def __init__(self, settings: Settings, progress: Progress | None = None) -> None:
        self._settings, self._progress = settings, progress
        self._open = ExitStack()
        self._http = self._connected()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.close()

    def get(self, path: str, **query: Any) -> Any:
        """The JSON at ``path``; a query value of None is left out."""
        return self._json("GET", path, params=_given(query))

    def text(self, path: str, **query: Any) -> str:
        return self._checked("GET", path, params=_given(query)).text

    def content(self, path: str, **query: Any) -> bytes:
        """A document, as it is written to a file."""
        return self._checked("GET", path, params=_given(query)).content

    def post(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        return self._json("POST", path, content=_encoded(body or {}), headers=JSON)

    def send(self, path: str, content: bytes, kind: str, **query: Any) -> Any:
        """Posts bytes of a media type."""
        headers = {"Content-Type": kind}
        return self._json("POST", path, content=content, headers=headers, params=_given(query))

    def upload(
        self, path: str, files: Sequence[tuple[str, bytes]], fields: Mapping[str, Any], key: str
    ) -> Any:
        """A form with ``files`` and other fields (lists: once for each); ``key`` makes it once."""
        parts = [("files", (_encodable(name), content)) for name, content in files]
        # an empty part keeps the form a multipart one where there is no file
        more = {"files": parts} if parts else {"files": [("present", (None, fields["present"]))]}
        data = {name: value for name, value in fields.items() if parts or name != "present"}
        headers = {"Idempotency-Key": key}
        return self._json("POST", path, data=data, headers=headers, **more)

    def send_file(self, path: str, name: str, content: bytes) -> Any:
        """Posts the one file of a form."""
        return self._json("POST", path, files={"file": (_encodable(name), content)})

    def download(self, path: str, file: Path) -> None:
        """Into ``file``, piece by piece; OSError where it can't be written."""
        self._checked("GET", "/healthz")  # a lost server is noticed before anything is written
        with _lost_connection_named(), self._http.stream("GET", path) as response:
            if response.is_error:
                raise problem_in(response)
            with file.open("wb") as out:
                for piece in response.iter_bytes():
                    out.write(piece)

    def delete(self, path: str) -> None:
        self._checked("DELETE", path)

    def take_turn(self, session_id: str, text: str) -> Iterator[tuple[str, Any]]:
        """The turn's events as (name, content), as they come, to its end: a broken stream is
        resumed, also from the next server. An ``error`` event is raised."""
        _encodable(text)
        following = Following(self._reached, session_id)
        return ((event.name, event.content) for event in following.take(text))

    def suggestions(self, body: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        """What was objected and what to say, as (name, content), as they come."""
        return self._streamed("/v1/suggestions", body)

    def _streamed(self, url: str, body: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        headers, content = {**JSON, "Accept": "text/event-stream"}, _encoded(body)
        self._checked("GET", "/healthz")  # a lost server is noticed before anything is sent
        with (
            _lost_connection_named(),
            self._http.stream("POST", url, content=content, headers=headers) as response,
        ):
            if response.is_error:
                raise problem_in(response)
            for name, told in events(response.iter_lines()):
                if name == "error":
                    raise Problem(told.get("status", 500), told)
                yield name, told

    def _json(self, method: str, path: str, **more: Any) -> Any:
        return self._checked(method, path, **more).json()

    def _checked(self, method: str, path: str, **more: Any) -> httpx.Response:
        with _lost_connection_named():
            try:
                response = self._http.request(method, path, **more)
            except httpx.ConnectError:
                self._open.close()
                self._http = self._connected()
                response = self._http.request(method, path, **more)
        if response.is_error:
            raise problem_in(response)
        return response

    def _reached(self) -> httpx.Client:
        """The client of a server that answers."""
        self._checked("GET", "/healthz")
        return self._http

    def _connected(self) -> httpx.Client:
        url = find_running(self._settings) or self._own_server()
        return self._open.enter_context(_http(url, self._settings.token))

    def _own_server(self) -> str:
        from api.server import private_server  # noqa: PLC0415  # only where no server runs yet

        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return self._open.enter_context(private_server(self._settings, self._progress))
            except IndexInUse:
                if url := find_running(self._settings):
                    return url
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)


JSON = {"Content-Type": "application/json"}


@contextmanager
def open_client(settings: Settings, progress: Progress | None = None) -> Iterator[ApiClient]:
    """A client of the server that runs on this home, or of a private one that ends with it.

    ``progress`` is called while a private server first builds the index.
    """
    with ApiClient(settings, progress) as client:
        yield client


def find_running(settings: Settings) -> str | None:
    """The address of the server that runs on this home, or None; never a stranger's."""
    found = announced(settings.home)
    if found is None:
        return None
    try:
        with _http(found.url) as client:
            told = client.get("/healthz", timeout=2.0).json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        return None
    is_ours = isinstance(told, dict) and told.get("instance") == found.instance
    return found.url if is_ours else None


def events(lines: Iterable[str]) -> Iterator[tuple[str, Any]]:
    """Server-sent events as (name, content of its JSON); comments are skipped."""
    return ((event.name, event.content) for event in events_of(lines))


@contextmanager
def _lost_connection_named() -> Iterator[None]:
    try:
        yield
    except httpx.HTTPError as error:
        reason = str(error) or type(error).__name__
        raise Unavailable(
            f"the connection to the coach's server broke ({reason}); try again"
        ) from error


def _http(url: str, token: str | None = None) -> httpx.Client:
    headers = {"Authorization": f"Bearer {token}"} if token else None
    # trust_env=False: a proxy of the environment has no business between us and this machine
    return httpx.Client(base_url=url, timeout=TIMEOUT, trust_env=False, headers=headers)


def _given(query: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _encodable(value) for key, value in query.items() if value is not None}


def _encodable(value: Any) -> Any:
    try:
        str(value).encode()
    except UnicodeEncodeError as error:
        raise BadInput("the text isn't valid Unicode; check your terminal's encoding") from error
    return value


def _encoded(body: Mapping[str, Any]) -> bytes:
    for value in body.values():
        _encodable(value)
    return json.dumps(body).encode()
