"""How far the coach agrees with hand labels. Run: pytest -m eval -s tests/evals/test_calibration.py

The replies were written and labelled before the coach had read them, by one hand of ours: this is
agreement with us, not with your trainers. `coach calibrate` measures that with your own.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import yaml

from coach.assessment import Assessment, Verdict
from coach.calibration import COUNTS_FROM, ENOUGH, Kappa
from coach.calibration.kappa import Pair, kappa_of
from coach.events import AssessmentReady
from coach.scenario import Act
from coach.scenario_book import load_scenarios
from coach.service import CoachService
from coach.session import LOCAL, Speaker, Turn
from knowledge.indexing.index import KnowledgeIndex
from knowledge.searching.retrieval import HybridRetriever
from knowledge.vectors.embedding import MiniLMEmbedder
from tests.fakes import FixedClock, MemoryStore

pytestmark = [pytest.mark.eval, pytest.mark.timeout(600)]

ROWS: list[dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("calibration.yaml").read_text("utf-8")
)
LABELS = {"kept": Verdict.YES, "missed": Verdict.NO, "unseen": Verdict.NOT_OBSERVABLE}
BOOK = load_scenarios()


class Judge:
    """The service as it is served, asked about one reply at a time."""

    def __init__(self, retriever: HybridRetriever, embedder: MiniLMEmbedder) -> None:
        self.store = MemoryStore()
        self.service = CoachService(
            scenarios=BOOK,
            store=self.store,
            retriever=retriever,
            embedder=embedder,
            clock=FixedClock(),
        )

    async def of(self, row: dict[str, Any]) -> Assessment:
        session = await self.service.start(LOCAL, row["scenario"], seed=7)
        if "buyer" in row:
            before = Turn(1, Speaker.SELLER, "Good morning.", session.created_at)
            asked = replace(
                session.turns[0], index=2, text=row["buyer"], act=Act.PRESS.value, reason="presses"
            )
            turns = (*session.turns, before, asked)
            self.store.delete(LOCAL, session.id)
            self.store.create(replace(session, turns=turns, turn_count=3))
        events = await self.service.take_turn(LOCAL, session.id, row["reply"])
        found = [e.assessment async for e in events if isinstance(e, AssessmentReady)]
        return found[0]


@pytest.fixture(scope="module")
def judged(copy_of_sample: Callable[[], Path]) -> Iterator[list[Assessment]]:
    embedder = MiniLMEmbedder()
    index = KnowledgeIndex(copy_of_sample() / "index", embedder)
    judge = Judge(HybridRetriever(index, embedder), embedder)

    async def all_of_them() -> list[Assessment]:
        found = [await judge.of(row) for row in ROWS]
        await judge.service.close()
        return found

    yield asyncio.run(all_of_them())
    index.close()


def pairs(judged: list[Assessment]) -> dict[str, dict[str, list[Pair]]]:
    """What the coach and the label say, by check and row; a rule that only forbids is kept in
    silence."""
    found: defaultdict[str, dict[str, list[Pair]]] = defaultdict(dict)
    number = count()
    for row, assessment in zip(ROWS, judged, strict=True):
        verdicts = {check.id: check.verdict for check in assessment.checks}
        silent = {item.id for item in BOOK.get(row["scenario"]).checks if not item.yes}
        for name, label in LABELS.items():
            for check in row.get(name, ()):
                coach = verdicts[check]  # a label on a check that there isn't must not pass
                if check in silent and coach is Verdict.NOT_OBSERVABLE:
                    coach = Verdict.YES
                found[check][str(next(number))] = [(coach, label)]
    return found


def told(kappa: Kappa) -> str:
    value = "  not told" if kappa.value is None else f"{kappa.value:5.2f}"
    between = "" if kappa.low is None else f" [{kappa.low:.2f}, {kappa.high:.2f}]"
    return f"{value}{between:>15}  {kappa.same:4.0%} the same"


def differing(by_check: dict[str, dict[str, list[Pair]]]) -> None:
    """Where coach and label differ, in the order of the file."""
    words = {verdict: name for name, verdict in LABELS.items()}
    labelled = [
        (check, row["reply"]) for row in ROWS for name in LABELS for check in row.get(name, ())
    ]
    found = {int(n): two for rows in by_check.values() for n, [two] in rows.items()}
    for number, (check, reply) in enumerate(labelled):
        coach, label = found[number]
        if coach is not label:
            print(f"    {check}: coach {words[coach]}, we {words[label]}: {reply[:90]}")


def test_the_coach_agrees_with_hand_labels(judged: list[Assessment]) -> None:
    """Prints kappa per check, with its interval, and over all rows."""
    by_check = pairs(judged)
    everything = {f"{c}/{row}": two for c, rows in by_check.items() for row, two in rows.items()}
    whole = kappa_of(everything)
    assert whole
    print(f"\nall {whole.n} rows, {len(by_check)} checks, {len(ROWS)} replies: {told(whole)}")
    weak = []
    for check, rows in sorted(by_check.items(), key=lambda item: -len(item[1])):
        kappa = kappa_of(rows)
        assert kappa
        few = "  (too few to say)" if kappa.n < ENOUGH else ""
        print(f"  {check:28} {kappa.n:3}  {told(kappa)}{few}")
        if kappa.rows >= ENOUGH and kappa.value is not None and kappa.value < COUNTS_FROM:
            weak.append(check)
    differing(by_check)
    print(f"below {COUNTS_FROM}, on {ENOUGH} labels or more: {', '.join(weak) or 'none'}")
    assert len(everything) >= 150
    assert len(by_check) >= 10
    assert whole.value is not None
    assert whole.value >= COUNTS_FROM
