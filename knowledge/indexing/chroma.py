"""The only file that touches Chroma: one database, in a folder of this process or on a server.

Everything else sees tables of rows. A table is read in pages (Chroma gives up on 100,000 rows at
once) and whatever Chroma raises leaves here as a ``KnowledgeError`` of one line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any
from urllib.parse import SplitResult, urlsplit

import httpx
import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from knowledge.errors import IndexBroken, IndexInUse, IndexUnavailable, KnowledgeError

PAGE = 2_000  # rows read or deleted at a time: few round trips, little memory
ANSWER_WITHIN = httpx.Timeout(30, connect=5)  # seconds; Chroma's own client waits for ever

Metadata = dict[str, Any]


class Chroma:
    """The database at ``place``, opened at first use: a folder, or the URL of a server.

    A folder is held by this process alone; a server is shared with others. ``prefix`` keeps what
    is opened here apart from collections of the same names with another prefix.
    """

    def __init__(self, place: Path | str, prefix: str = "") -> None:
        self.place = place
        self._prefix = prefix
        self.guard = RLock()  # held for moments, while opening and closing
        self._client: Any = None
        self._collections: dict[str, Any] = {}
        self._lock: FileLock | None = None
        if isinstance(place, Path):
            self._lock = FileLock(place / ".lock", timeout=0, thread_local=False)
        else:
            self._server = _server(place)

    @property
    def shared(self) -> bool:
        """True when other processes may write to it too."""
        return self._lock is None

    def close(self) -> None:
        """Let go of the folder or the server; the next use opens it again."""
        with self.guard:
            if self._client is not None:
                self._client.close()
                if self.shared:
                    for client in (self._client, self._client._admin_client):
                        client._server._session.close()  # which Chroma leaves open
            self._client = None
            self._collections.clear()
            if self._lock is not None:
                self._lock.release()

    def collection(self, name: str, space: str) -> Any:
        """Chroma's own object for the collection ``name``, made when it isn't there."""
        with self.guard:
            if name not in self._collections:
                self._collections[name] = self._opened().get_or_create_collection(
                    f"{self._prefix}{name}",
                    embedding_function=None,  # the default one downloads a model
                    configuration={"hnsw": {"space": space, "ef_search": 200}},
                )
            return self._collections[name]

    def names(self) -> list[str]:
        """The collections there are."""
        with self.errors_named(), self.guard:
            found = [one.name for one in self._opened().list_collections()]
        ours = (name for name in found if name.startswith(self._prefix))
        return sorted(name.removeprefix(self._prefix) for name in ours)

    def drop(self, name: str) -> None:
        """Delete the collection ``name``, which must exist, for good."""
        with self.errors_named(), self.guard:
            self._collections.pop(name, None)
            self._opened().delete_collection(f"{self._prefix}{name}")

    @contextmanager
    def errors_named(self) -> Iterator[None]:
        """Chroma's errors come out as ``IndexBroken`` or ``IndexUnavailable``."""
        try:
            yield
        except (KnowledgeError, KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError):
            raise
        except BaseException as error:  # Chroma's Rust panics aren't Exceptions
            raise self._named(error) from error

    def _named(self, error: BaseException) -> KnowledgeError:
        cause = (str(error).splitlines() or [""])[0] or type(error).__name__
        if not self.shared:
            return IndexBroken(
                f"the index can't be read ({cause}): delete {self.place} and start again: "
                "it is rebuilt from the sample and `coach ingest`"
            )
        with self.guard:
            self._collections.clear()  # a server that was set up anew has others
        return IndexUnavailable(
            f"the Chroma server at {self.place} doesn't answer as it should ({cause}): "
            "start it (`chroma run --path FOLDER`) or correct COACH_CHROMA_URL"
        )

    def _opened(self) -> Any:
        if self._client is None and self._lock is not None:
            self._hold(self._lock)
            try:
                self._client = _embedded(self.place)
            except BaseException:
                self._lock.release()
                raise
        elif self._client is None:
            self._client = _connected(self._server)
        return self._client

    def _hold(self, lock: FileLock) -> None:
        try:
            Path(self.place).mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except Timeout as error:
            raise IndexInUse(
                f"another process holds the index in {self.place}: stop it, "
                "or give this one its own folder (--home or COACH_HOME)"
            ) from error
        except OSError as error:
            raise IndexBroken(
                f"{self.place} can't be written ({error.strerror or error}): "
                "make it writable, or choose another folder (--home or COACH_HOME)"
            ) from error


class Table:
    """The rows of one collection: an id, a vector, a text and metadata each."""

    def __init__(self, chroma: Chroma, name: str, space: str = "cosine") -> None:
        self.chroma = chroma
        self.name = name
        self._space = space

    def count(self) -> int:
        with self.chroma.errors_named():
            return int(self._collection().count())

    def ids(self) -> list[str]:
        with self.chroma.errors_named():
            return list(self._collection().get(include=[])["ids"])

    def metadatas(self, ids: Sequence[str] | None = None) -> Iterator[tuple[str, Metadata]]:
        """These rows or all, page by page; one that was deleted since is left out."""
        for page in _pages(self.ids() if ids is None else ids):
            with self.chroma.errors_named():
                found = self._collection().get(ids=page, include=["metadatas"])
            yield from zip(found["ids"], found["metadatas"], strict=True)

    def matching(self, field: str, values: Sequence[str]) -> Iterator[tuple[str, Metadata]]:
        """The rows whose metadata has one of ``values`` in ``field``."""
        for start in range(0, len(values), 200):
            where = {field: {"$in": list(values[start : start + 200])}}
            with self.chroma.errors_named():
                found = self._collection().get(where=where, include=["metadatas"])
            yield from zip(found["ids"], found["metadatas"], strict=True)

    def vectors(self, ids: Sequence[str]) -> Iterator[tuple[str, NDArray[np.float32]]]:
        """As ``metadatas``, with the stored vectors."""
        for page in _pages(ids):
            with self.chroma.errors_named():
                found = self._collection().get(ids=page, include=["embeddings"])
            vectors = np.asarray(found["embeddings"], dtype=np.float32)  # a server sends decimals
            yield from zip(found["ids"], vectors, strict=True)

    def nearest(self, vector: NDArray[np.float32], limit: int) -> list[tuple[str, float]]:
        """Up to ``limit`` ids with their distance, nearest first."""
        with self.chroma.errors_named():
            found = self._collection().query(
                query_embeddings=[vector.astype(np.float32)],
                n_results=limit,
                include=["distances"],
            )
        return list(zip(found["ids"][0], map(float, found["distances"][0]), strict=True))

    def put(
        self,
        ids: Sequence[str],
        vectors: NDArray[np.float32],
        metadatas: Sequence[Metadata],
        texts: Sequence[str] | None = None,
    ) -> None:
        """Add or replace rows, all in one call: at most a few thousand."""
        with self.chroma.errors_named():
            self._collection().upsert(
                ids=list(ids),
                embeddings=vectors,
                metadatas=list(metadatas),
                documents=None if texts is None else list(texts),
            )

    def delete(self, ids: Sequence[str], where: Metadata | None = None) -> None:
        """In order, page by page, those that match; ids that aren't there are no error."""
        for page in _pages(ids):
            with self.chroma.errors_named():
                self._collection().delete(ids=page, where=where)

    def _collection(self) -> Any:
        return self.chroma.collection(self.name, self._space)


def _pages(ids: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(ids), PAGE):
        yield list(ids[start : start + PAGE])


def _embedded(folder: Path | str) -> Any:
    import chromadb  # noqa: PLC0415  0.6 s that `coach --help` need not pay
    from chromadb.api.shared_system_client import SharedSystemClient  # noqa: PLC0415
    from chromadb.config import Settings  # noqa: PLC0415

    settings = Settings(anonymized_telemetry=False)
    try:
        return chromadb.PersistentClient(path=str(folder), settings=settings)
    except BaseException:
        # Chroma keeps the half-started system and would hand it out again after a repair.
        SharedSystemClient._identifier_to_system.pop(str(folder), None)
        raise


def _server(url: str) -> SplitResult:
    """The parts of ``url``; raises ``IndexUnavailable`` for one that can't be a Chroma server."""
    advice = "write it as http://HOST:PORT or https://HOST:PORT"
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # a port that is no number
        usable = False
    if not usable:
        raise IndexUnavailable(f"{url!r} isn't the URL of a Chroma server: {advice}")
    if parts.username or parts.password or parts.query or parts.path.strip("/"):
        raise IndexUnavailable(
            f"the URL of the Chroma server may have no path, query or password: {advice}"
        )
    return parts


def _connected(server: SplitResult) -> Any:
    import chromadb  # noqa: PLC0415  as above
    from chromadb.config import Settings  # noqa: PLC0415

    secure = server.scheme == "https"
    # Chroma's constructor asks the server without any timeout, so ask first with one.
    alive = f"{server.scheme}://{server.netloc}/api/v2/heartbeat"
    httpx.get(alive, timeout=ANSWER_WITHIN.connect).raise_for_status()
    client = chromadb.HttpClient(
        host=f"[{server.hostname}]" if ":" in (server.hostname or "") else server.hostname or "",
        port=server.port or (443 if secure else 80),
        ssl=secure,
        settings=Settings(anonymized_telemetry=False),
    )
    client._server._session.timeout = ANSWER_WITHIN  # type: ignore[attr-defined]
    return client
