"""Texts to unit vectors on a server: any model that langchain opens, most of them OpenAI's way.

The only file of this room that touches langchain and openai; both load at the first text.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from threading import Event, Lock
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from knowledge.errors import EmbedderUnavailable
from knowledge.vectors.embedding import Vectors, encodable
from knowledge.vectors.embedding_faults import CHECK_MODEL, PAUSE, Fault, fault_of
from knowledge.vectors.vector_memory import VectorMemory

OPENAI_URL = "https://api.openai.com/v1"
#: Prefixes of ``provider:model`` that langchain opens; any other colon belongs to the model.
# fmt: off
PROVIDERS = frozenset({
    "azure_ai", "azure_openai", "bedrock", "cohere", "google_genai", "google_vertexai",
    "huggingface", "mistralai", "ollama", "openai",
})
# fmt: on

BATCH, BATCH_CHARACTERS = 100, 80_000  # of one request, at most
# How many texts a server manages in good time is only known by trying: from few to many.
FIRST_BATCH, QUICK, SLOW = 16, 2.0, 10.0  # texts; seconds for one request
# What a model reads is only known by its refusal; a text that it refuses is cut to the next.
LONGEST = (8_000, 4_000, 2_000, 1_000, 500, 250)  # characters
TRIES, TRIES_OF_QUERY = 5, 2
QUERY_PATIENCE = 5.0  # seconds for one try of a query
REST = 15.0  # seconds without queries after one failed: words alone answer meanwhile
REMEMBERED = 2_000  # texts, 4 to 12 KB each


class _TooMany(Exception):
    """A request of several texts got no answer in time."""


@dataclass(frozen=True)
class Address:
    """Which model where. As JSON it is what an index records, so it never holds a password."""

    provider: str
    model: str
    url: str | None

    @classmethod
    def of(cls, spec: str, url: str | None) -> Address:
        """From ``provider:model``, or a plain name for a server that speaks OpenAI's way."""
        prefix, colon, rest = spec.partition(":")
        provider, model = (prefix, rest) if colon and prefix in PROVIDERS else ("openai", spec)
        return cls(provider, model, url or (OPENAI_URL if provider == "openai" else None))

    @classmethod
    def from_json(cls, text: str) -> Address:
        return cls(**json.loads(text))

    @property
    def host(self) -> str:
        return urlsplit(self.url or "").netloc.rpartition("@")[2] or self.provider

    @property
    def name(self) -> str:
        """Letters, digits, dots and dashes that fit a collection's name."""
        said = re.sub(r"[^a-zA-Z0-9]+", "-", f"{self.model}-{self.host}").strip("-").lower()
        exact = f"{self.provider} {self.model} {self.host}"
        return f"{said[:200]}-{hashlib.sha256(exact.encode()).hexdigest()[:8]}"

    def __str__(self) -> str:
        return f"{self.model} at {self.host}"

    def as_json(self) -> str:
        parts = urlsplit(self.url or "")
        public = parts._replace(netloc=self.host).geturl() if parts.netloc else self.url
        return json.dumps({"provider": self.provider, "model": self.model, "url": public})


class RemoteEmbedder:
    """An ``Embedder`` on a server.

    Retries live here and nowhere else. Texts to store are worth waiting for; a query isn't: after
    one failure the next ``REST`` seconds of queries fail at once. ``dimensions`` are known from
    the first answer, or from what the index has; another number later is an error.
    """

    def __init__(
        self, address: Address, api_key: str | None, timeout: float, dimensions: int | None = None
    ) -> None:
        self.address = address
        self.name = address.name
        self.origin = address.as_json()
        self.dimensions = dimensions
        self._api_key = api_key
        self._patience = timeout
        self._memory = VectorMemory(REMEMBERED)
        self._opening = Lock()
        self._clients: dict[float, Any] = {}  # by timeout
        self._connections: list[Any] = []
        self._longest = LONGEST[0]
        self._batch = FIRST_BATCH
        self._failed: EmbedderUnavailable | None = None
        self._rests_until = 0.0
        self._closing = Event()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Raises EmbedderUnavailable when a batch failed for good; none of them is returned."""
        if not texts:
            return np.zeros((0, self.dimensions or 0), dtype=np.float32)
        return self._in_batches(texts, self._patience, TRIES)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimensions or 0), dtype=np.float32)
        return self._memory.through(texts, self._sought)

    @property
    def trouble(self) -> str | None:
        """What the last request died of; None when it went well."""
        return self._failed.reason if self._failed else None

    def close(self) -> None:
        """Ends the connections; who waits gives up at the next pause."""
        self._closing.set()
        with self._opening:
            for connection in self._connections:
                connection.close()
            self._connections.clear()
            self._clients.clear()

    def _sought(self, texts: Sequence[str]) -> Vectors:
        if self._failed and time.monotonic() < self._rests_until:
            raise self._failed
        self._rests_until = time.monotonic() + REST  # while one tries, the others don't wait
        return self._in_batches(texts, min(QUERY_PATIENCE, self._patience), TRIES_OF_QUERY)

    def _in_batches(self, texts: Sequence[str], patience: float, tries: int) -> Vectors:
        parts: list[Vectors] = []
        done = 0
        while done < len(texts):
            batch = texts[done : done + _fitting(texts[done:], self._batch)]
            since = time.monotonic()
            try:
                parts.append(self._asked(batch, patience, tries))
            except _TooMany:
                self._batch = max(1, len(batch) // 4)
                continue
            done += len(batch)
            self._learn(len(batch), time.monotonic() - since)
        return np.concatenate(parts)

    def _learn(self, texts: int, took: float) -> None:
        if took > SLOW:
            self._batch = max(1, texts // 2)
        elif took < QUICK and texts >= self._batch:
            self._batch = min(2 * self._batch, BATCH)

    def _asked(self, texts: Sequence[str], patience: float, tries: int) -> Vectors:
        """One request with its retries. A text that is too long costs no try: it is cut.

        Raises _TooMany when there was no answer in time, and fewer texts may have one.
        """
        tried = 0
        while True:
            sent = [_sendable(text, self._longest) for text in texts]
            try:
                vectors = self._unit_rows(self._client(patience).embed_documents(sent), len(sent))
            except EmbedderUnavailable as error:
                self._rest(error)
                raise
            except Exception as error:  # each library has its own; all become one
                fault = fault_of(error, patience)
                if fault.too_long and self._shorten(max(map(len, sent))):
                    continue
                if fault.slow and len(sent) > 1 and tries == TRIES:  # a query has no time for that
                    raise _TooMany from error
                tried += 1
                self._pause_or_fail(error, fault, tried, tries)
            else:
                self._failed = None
                return vectors

    def _pause_or_fail(self, error: Exception, fault: Fault, tried: int, tries: int) -> None:
        pause = max(fault.pause, PAUSE * 2 ** (tried - 1))
        given_up = not fault.again or tried >= tries or (tries < TRIES and pause > PAUSE)
        if given_up or self._closing.wait(pause):
            failed = fault.error(str(self.address))
            self._rest(failed)
            raise failed from error

    def _rest(self, failed: EmbedderUnavailable) -> None:
        self._failed = failed
        self._rests_until = time.monotonic() + REST

    def _shorten(self, longest: int) -> bool:
        """Cuts texts from now on below ``longest`` characters; False when that is short enough."""
        self._longest = next((size for size in LONGEST if size < longest), 0) or self._longest
        return self._longest < longest

    def _unit_rows(self, answer: Any, count: int) -> Vectors:
        """``answer`` as unit vectors; raises EmbedderUnavailable when it is anything else."""
        if len(answer) != count:
            raise self._wrong(f"answered {count} texts with {len(answer)} vectors")
        width = len(answer[0])
        if not width or any(len(row) != width for row in answer):
            raise self._wrong("answered with vectors of different lengths")
        rows = np.asarray(answer, dtype=np.float32)
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        if not np.isfinite(lengths).all() or not (lengths > 0).all():
            raise self._wrong("answered with a vector that is empty or not of numbers")
        if width != (self.dimensions or width):
            raise self._wrong(f"answered with {width} numbers a vector, not {self.dimensions}")
        self.dimensions = width
        unit: Vectors = rows / lengths
        return unit

    def _wrong(self, reason: str) -> EmbedderUnavailable:
        advice = f"it serves another model than before, or none for embeddings; {CHECK_MODEL}"
        return replace(Fault(reason), advice=advice).error(str(self.address))

    def _client(self, patience: float) -> Any:
        with self._opening:
            if patience not in self._clients:
                self._clients[patience] = self._opened(patience)
            return self._clients[patience]

    def _opened(self, patience: float) -> Any:
        from langchain.embeddings import init_embeddings  # noqa: PLC0415  more than a second

        at = self.address
        given: dict[str, Any] = {"base_url": at.url} if at.url else {}
        if at.provider == "openai":
            self._connections.append(_http_client(at.url or OPENAI_URL))
            given |= {
                # Always a key: langchain would fall back to that of the environment.
                "api_key": self._api_key or "none",
                "http_client": self._connections[-1],
                "timeout": patience,
                "max_retries": 0,
                "chunk_size": BATCH,
                "check_embedding_ctx_length": False,  # else tiktoken downloads a vocabulary
            }
        try:
            return init_embeddings(at.model, provider=at.provider, **given)
        except (ImportError, ValueError) as error:
            package = f"langchain-{at.provider.partition('_')[0]}"
            raise EmbedderUnavailable(
                f"the embedding model {at.provider}:{at.model} can't be opened",
                f"install what opens it (often {package}), or correct COACH_EMBEDDING",
            ) from error


def _fitting(texts: Sequence[str], most: int) -> int:
    """How many of ``texts`` go into one request: ``most``, or as many as are small enough."""
    sizes = np.cumsum([min(len(text), LONGEST[0]) for text in texts[:most]])
    return max(1, int(np.searchsorted(sizes, BATCH_CHARACTERS, side="right")))


def _sendable(text: str, longest: int) -> str:
    """Cut, and never blank: some servers refuse a blank text."""
    return encodable(text[:longest].replace("\x00", " ")).strip() or "-"


def _http_client(url: str) -> Any:
    """Follows no redirect, so that a text never goes to another host than the given one."""
    from openai import DefaultHttpxClient  # noqa: PLC0415

    # A server on this machine isn't reached through a proxy of the environment.
    is_local = urlsplit(url).hostname in ("localhost", "127.0.0.1", "::1")
    return DefaultHttpxClient(follow_redirects=False, trust_env=not is_local)
