"""What the nets of the ledger add to its rules, over evidence made for the purpose."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import pytest
from numpy.typing import NDArray

from coach.claims import ClaimChecker, ClaimStatus
from coach.claims.inference import Inference, TokenReader, network
from coach.claims.inference.pairing import SIGNALS
from knowledge.vectors.embedding import MiniLMEmbedder
from tests.coach.test_claims import FewItems, item, only

NOW = datetime(2026, 11, 23, tzinfo=UTC)
S = ClaimStatus


class Vectors:
    """An embedder of another model: vectors, and no states of tokens."""

    name = "vectors only"

    def __init__(self, embedder: MiniLMEmbedder) -> None:
        self._embedder = embedder

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self._embedder.embed(texts)


def test_what_was_learnt_is_small_and_whole() -> None:
    """Less than 1 MB ships; each net has all its weights, and they are finite."""
    nets = network.nets()
    assert nets
    assert sum(value.size for net in nets for value in net.values()) * 2 < 1_000_000
    assert all(np.isfinite(value).all() for net in nets for value in net.values())
    assert all(net["signal_mean"].shape == (SIGNALS,) for net in nets)


def test_each_of_several_facts_is_scored_by_itself() -> None:
    """A fact has the same scores alone as beside another, however long that is."""
    draw = np.random.default_rng(7)
    said, short, long = (draw.normal(size=(n, 128)).astype(np.float32) for n in (9, 6, 70))
    signals = draw.normal(size=(2, SIGNALS)).astype(np.float32)
    net = network.nets()[0]
    both = network.scores(said, [short, long], signals, net)
    alone = network.scores(said, [long], signals[1:], net)
    assert both.shape == (2, 4)
    np.testing.assert_allclose(both[1], alone[0], rtol=1e-4)


@pytest.mark.parametrize(
    ("said", "fact"),
    [
        ("Our night desk sits abroad.", "The people of Acme who answer at night sit in Graz."),
        (
            "Our plant has never stood still.",
            "In May 2025 the plant of Acme stood still for two days after a fire.",
        ),
    ],
)
def test_a_contradiction_in_other_words_is_found(
    embedder: MiniLMEmbedder, said: str, fact: str
) -> None:
    """The nets tell what no rule has the words for; the fact that speaks against it is quoted."""
    claim = only(ClaimChecker(FewItems(item("f", fact)), embedder, lambda: NOW, "Acme").check(said))
    assert claim.status is S.CONTRADICTED
    assert claim.evidence[0].quote == fact


def test_a_figure_that_no_fact_has_is_never_backed(embedder: MiniLMEmbedder) -> None:
    """However alike the words are, another figure can't be read as support."""
    facts = item("f", "Acme washes 40 tonnes of linen a week in its plant in Graz.")
    checker = ClaimChecker(FewItems(facts), embedder, lambda: NOW, "Acme")
    assert only(checker.check("Acme washes 90 tonnes a week in Graz.")).status is not S.SUPPORTED


def test_another_embedder_leaves_the_rules_alone(embedder: MiniLMEmbedder) -> None:
    """The nets know the tokens of one model; beside any other the rules decide by themselves."""
    reader = Vectors(embedder)
    assert isinstance(embedder, TokenReader)
    assert not isinstance(reader, TokenReader)
    facts = item("f", "The pumps of Acme are included free of charge.")
    checker = ClaimChecker(FewItems(facts), reader, lambda: NOW, "Acme")
    assert only(checker.check("Our pumps are billed separately.")).status is S.CONTRADICTED


def test_no_ground_is_no_reading(embedder: MiniLMEmbedder) -> None:
    """Where there is nothing to compare with, nothing is read."""
    checker = ClaimChecker(FewItems(), embedder, lambda: NOW, "Acme")
    assert only(checker.check("Our pumps cost 40 euros.")).status is S.UNSUPPORTED
    assert Inference(embedder).read([]) == []
