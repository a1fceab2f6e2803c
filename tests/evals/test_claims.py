"""How well the claim ledger reads sellers. Run: pytest -m eval -s tests/evals/test_claims.py

The set is our own (`claims.yaml`: sentences written and labelled by us over the sample knowledge
base). Rules and thresholds were set on the half that isn't held out.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from coach.claims import ClaimChecker, ClaimStatus
from coach.claims.figures import figures
from knowledge.chunking import sentences
from knowledge.evidence import Evidence, Kind, Visibility
from knowledge.indexing.index import KnowledgeIndex
from knowledge.searching.retrieval import HybridRetriever
from knowledge.vectors.embedding import MiniLMEmbedder

pytestmark = [pytest.mark.eval, pytest.mark.timeout(600)]

NOW = datetime(2026, 11, 23, tzinfo=UTC)
S = ClaimStatus
WORST_FIRST = (
    S.CONTRADICTED, S.OVERSTATED, S.UNSUPPORTED, S.STALE, S.SUPPORTED, S.NOT_A_CLAIM
)  # fmt: skip


class Row(NamedTuple):
    text: str
    status: ClaimStatus
    held_out: bool


class Score(NamedTuple):
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def rows() -> list[Row]:
    raw = yaml.safe_load((Path(__file__).parent / "claims.yaml").read_text("utf-8"))
    return [Row(row["text"], S(row["status"]), row["held_out"]) for row in raw]


@pytest.fixture(scope="module")
def index(copy_of_sample: Callable[[], Path]) -> Iterator[KnowledgeIndex]:
    opened = KnowledgeIndex(copy_of_sample() / "index", MiniLMEmbedder())
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def checker(index: KnowledgeIndex) -> ClaimChecker:
    embedder = MiniLMEmbedder()
    checker = ClaimChecker(
        HybridRetriever(index, embedder), embedder, lambda: NOW, "Corvane Communications"
    )
    checker.warm()
    return checker


def status_of(checker: ClaimChecker, text: str) -> ClaimStatus:
    return min((claim.status for claim in checker.check(text)), key=WORST_FIRST.index)


def scores(pairs: Sequence[tuple[ClaimStatus, ClaimStatus]]) -> dict[ClaimStatus, Score]:
    """Per status, from pairs of label and finding."""
    labels, found = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    right = Counter(a for a, b in pairs if a is b)
    return {s: Score(right[s] / max(found[s], 1), right[s] / max(labels[s], 1)) for s in S}


def macro(by_status: dict[ClaimStatus, Score]) -> float:
    return sum(score.f1 for score in by_status.values()) / len(by_status)


def show(title: str, by_status: dict[ClaimStatus, Score], count: int) -> None:
    print(f"\n{title} ({count} sentences)  macro-F1 {macro(by_status):.3f}")
    for status, score in by_status.items():
        print(f"  {status:13} P {score.precision:.2f}  R {score.recall:.2f}  F1 {score.f1:.2f}")


def test_statuses_agree_with_the_labels(checker: ClaimChecker) -> None:
    """Prints both halves; the floors are for the one that no rule was set on."""
    found = [(row, status_of(checker, row.text)) for row in rows()]
    tuning = scores([(row.status, got) for row, got in found if not row.held_out])
    held_out = scores([(row.status, got) for row, got in found if row.held_out])
    show("tuning", tuning, sum(not row.held_out for row, _ in found))
    show("held out", held_out, sum(row.held_out for row, _ in found))
    assert macro(held_out) >= 0.83
    assert held_out[S.UNSUPPORTED].recall >= 0.85
    assert held_out[S.CONTRADICTED].recall >= CONTRADICTED_FLOOR


# Short of the 0.90 that is wanted: refuting words without figures needs inference that rules
# and sentence vectors don't give.
CONTRADICTED_FLOOR = 0.60


def altered(item: Evidence) -> Iterator[str]:
    """Sentences of the item, each with one figure of three made larger."""
    for start, end in sentences(item.text):
        sentence = item.text[start:end]
        for figure in figures(sentence)[:2]:
            number = re.match(r"[0-9][0-9,.]*(?<![,.])", sentence[figure.span[0] :])
            if number and figure.unit not in {"date", "clock", "24/7"} and not figure.bound:
                grown = f"{float(number[0].replace(',', '')) * 2.3 + 3:.0f}"
                at = figure.span[0]
                yield sentence[:at] + grown + sentence[at + len(number[0]) :]


def test_altered_figures_do_not_pass(checker: ClaimChecker, index: KnowledgeIndex) -> None:
    """Of the sample's own sentences with one figure changed, hardly any is called supported."""
    found: Counter[ClaimStatus] = Counter()
    for item in index.all():
        if item.visibility is Visibility.PUBLIC and item.kind is not Kind.RUMOUR:
            found.update(status_of(checker, text) for text in altered(item))
    passed = found[S.SUPPORTED] + found[S.STALE]
    print(f"\naltered figures: {dict(found.most_common())}")
    assert passed <= 0.05 * found.total()


@pytest.mark.bench
def test_a_message_is_checked_in_time(checker: ClaimChecker) -> None:
    """Five sentences with three claims, each message new."""
    message = (
        "I understand that. Nordhavn cut missed calls from 18% to 6% in {n} months. "
        "We answer the phone in {n} seconds at night. Pellicom needs {n} weeks for that. "
        "Shall we look at it together?"
    )
    times = []
    for number in range(2, 42):
        start = time.perf_counter()
        checker.check(message.format(n=number))
        times.append(time.perf_counter() - start)
    times.sort()
    p50, p95 = times[len(times) // 2] * 1e3, times[int(len(times) * 0.95)] * 1e3
    print(f"\nclaims of one message: p50 {p50:.0f} ms, p95 {p95:.0f} ms")
    assert p50 < 120  # 60 on a quiet machine
