"""How well the claim ledger reads sellers. Run: pytest -m eval -s tests/evals/test_claims.py

Five sets over the sample knowledge base, written and labelled by us: `claims.yaml` and
`claims_families.yaml`, of which rules and thresholds were set on what isn't held out, and
`claims_blind.yaml`, `claims_fresh.yaml` and `claims_talk.yaml`, written by somebody who hadn't seen
the rules; the last is how people talk, with hardly a figure. The families are true facts varied in
one respect, most of them without a figure, and more of them false than true.
Every figure has the middle 95% of 1,000 sets drawn from the same sentences.
"""

from __future__ import annotations

import random
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
from tests.evals.inference.worlds import Few, worlds

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


HERE = Path(__file__).parent
OWN = HERE / "claims.yaml"
# Each with the macro-F1 below which the ledger has become worse.
BLIND = {
    HERE / "claims_blind.yaml": 0.75,
    HERE / "claims_fresh.yaml": 0.65,
    HERE / "claims_talk.yaml": 0.60,
    HERE / "claims_spoken.yaml": 0.45,
}
FAMILIES = HERE / "claims_families.yaml"
Pairs = Sequence[tuple[ClaimStatus, ClaimStatus]]  # label, finding


def rows(path: Path) -> list[Row]:
    raw = yaml.safe_load(path.read_text("utf-8"))
    return [Row(row["text"], S(row["status"]), row.get("held_out", True)) for row in raw]


@pytest.fixture(scope="module")
def index(copy_of_sample: Callable[[], Path]) -> Iterator[KnowledgeIndex]:
    opened = KnowledgeIndex(copy_of_sample() / "index", MiniLMEmbedder())
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def embedder() -> MiniLMEmbedder:
    return MiniLMEmbedder()


@pytest.fixture(scope="module")
def checker(index: KnowledgeIndex, embedder: MiniLMEmbedder) -> ClaimChecker:
    checker = ClaimChecker(
        HybridRetriever(index, embedder), embedder, lambda: NOW, "Corvane Communications"
    )
    checker.warm()
    return checker


def status_of(checker: ClaimChecker, text: str) -> ClaimStatus:
    return min((claim.status for claim in checker.check(text)), key=WORST_FIRST.index)


def scores(pairs: Pairs) -> dict[ClaimStatus, Score]:
    """By status, of those that are labelled."""
    labels, found = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    right = Counter(a for a, b in pairs if a is b)
    return {s: Score(right[s] / max(found[s], 1), right[s] / labels[s]) for s in S if labels[s]}


def macro(by_status: dict[ClaimStatus, Score]) -> float:
    return sum(score.f1 for score in by_status.values()) / len(by_status)


def interval(pairs: Pairs, figure: Callable[[Pairs], float]) -> str:
    """The middle 95% of ``figure`` over sets of the same size, drawn with replacement."""
    draw = random.Random(1)
    values = sorted(figure(draw.choices(pairs, k=len(pairs))) for _ in range(DRAWS))
    return f"[{values[int(0.025 * DRAWS)]:.2f}, {values[int(0.975 * DRAWS)]:.2f}]"


def recall_of(status: ClaimStatus) -> Callable[[Pairs], float]:
    def figure(pairs: Pairs) -> float:
        labelled = [b for a, b in pairs if a is status]
        return labelled.count(status) / max(len(labelled), 1)

    return figure


def precision_of(status: ClaimStatus) -> Callable[[Pairs], float]:
    def figure(pairs: Pairs) -> float:
        found = [a for a, b in pairs if b is status]
        return found.count(status) / max(len(found), 1)

    return figure


def show(title: str, pairs: Pairs) -> None:
    """Prints the scores with their intervals, and what was taken for what."""
    by_status, taken = scores(pairs), Counter(pairs)
    overall = interval(pairs, lambda drawn: macro(scores(drawn)))
    print(f"\n{title} ({len(pairs)} sentences)  macro-F1 {macro(by_status):.3f} {overall}")
    for status, score in by_status.items():
        p, r = interval(pairs, precision_of(status)), interval(pairs, recall_of(status))
        print(f"  {status:13} P {score.precision:.2f} {p}  R {score.recall:.2f} {r}")
    print(f"  {'label / found':13}" + "".join(f"{status[:12]:>14}" for status in S))
    for status in by_status:
        print(f"  {status:13}" + "".join(f"{taken[status, found]:14}" for found in S))


def test_statuses_agree_with_the_labels(checker: ClaimChecker) -> None:
    """Prints both parts; the floors are for the one that no rule was set on."""
    found = [(row, status_of(checker, row.text)) for row in rows(OWN)]
    show("tuned on", [(row.status, got) for row, got in found if not row.held_out])
    unused = [(row.status, got) for row, got in found if row.held_out]
    show("held out", unused)
    by_status = scores(unused)
    assert macro(by_status) >= MACRO_FLOOR
    assert by_status[S.UNSUPPORTED].recall >= UNSUPPORTED_FLOOR
    assert by_status[S.CONTRADICTED].recall >= CONTRADICTED_FLOOR


def test_facts_varied_in_one_respect_are_read(checker: ClaimChecker) -> None:
    """Prints both halves; the floors are for the one that no rule was set on."""
    found = [(row, status_of(checker, row.text)) for row in rows(FAMILIES)]
    show("families, tuned on", [(row.status, got) for row, got in found if not row.held_out])
    unused = [(row.status, got) for row, got in found if row.held_out]
    show("families, held out", unused)
    by_status = scores(unused)
    assert macro(by_status) >= FAMILIES_FLOOR
    assert by_status[S.UNSUPPORTED].recall >= UNSUPPORTED_FLOOR


@pytest.mark.parametrize("blind", BLIND, ids=lambda path: path.stem)
def test_words_of_somebody_else_are_read_too(checker: ClaimChecker, blind: Path) -> None:
    """Prints sets whose author had seen the sample and none of the rules."""
    pairs = [(row.status, status_of(checker, row.text)) for row in rows(blind)]
    show(blind.stem, pairs)
    assert macro(scores(pairs)) >= BLIND[blind]


def test_the_evidence_of_another_vendor_is_read(embedder: MiniLMEmbedder) -> None:
    """Prints a vendor that nothing was trained on, and no rule set."""
    for world in worlds("unseen.txt"):
        few = Few(world.items, embedder)
        checker = ClaimChecker(few, embedder, lambda: NOW, world.vendor)
        pairs = [(S(status), status_of(checker, text)) for text, status in world.rows]
        show(world.vendor, pairs)
        assert macro(scores(pairs)) >= UNSEEN_FLOOR


# What is wanted is 0.80 macro-F1 and 0.90 of contradicted and unsupported alike. Refuting words
# without figures needs inference, of which rules and sentence vectors give a part.
MACRO_FLOOR, UNSUPPORTED_FLOOR, CONTRADICTED_FLOOR = 0.80, 0.80, 0.60
FAMILIES_FLOOR = 0.60
UNSEEN_FLOOR = 0.40
DRAWS = 1_000


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
