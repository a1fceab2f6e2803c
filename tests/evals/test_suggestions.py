"""Suggestions over other people's material: a vendor's real evidence, not written for this coach.

Run: pytest -m eval -s tests/evals/test_suggestions.py
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from coach.suggestion import Advice, CitedClaim, Situation, Suggestion
from coach.suggestion.advisor import Advisor
from coach.suggestion.grounding import uncovered
from knowledge.evidence import Advantage
from knowledge.indexing.index import KnowledgeIndex
from knowledge.ingesting.ingest import ingest
from knowledge.searching.retrieval import HybridRetriever
from knowledge.vectors.embedding import MiniLMEmbedder

pytestmark = [pytest.mark.eval, pytest.mark.timeout(600)]

DATA = Path(os.environ.get("COACH_EVAL_DATA", Path(__file__).parents[3] / "shared" / "data"))
NOW = datetime(2026, 11, 23, tzinfo=UTC)

OBJECTIONS = (
    "Why should we move when GitHub already gives us CI, and our developers love it?",
    "GitHub has a better marketplace than you.",
    "Backup on GitHub is easier, why would we use yours?",
    "We've been with GitHub for eight years.",
    "Isn't GitHub Codespaces simply better than what you have?",
    "Our developers prefer GitHub's code review.",
    "GitHub is easier to configure than your product.",
    "Everyone knows that GitHub's search is superior.",
    "GitHub's command line tool beats yours.",
    "We are happy with Jenkins, why change?",
    "Jenkins has a plugin for everything.",
    "Jenkins does everything we need.",
    "I don't see what we would get out of this for the money.",
    "What would we gain? Our builds work.",
    "Why should we trust a company we have never worked with?",
    "Who else of our size uses it?",
    "Moving our repositories is too risky.",
)
WIN = re.compile(
    r"\bwe(?:['’]re| are) (?:\w+ )?(?:better|ahead|stronger|superior)\b", re.IGNORECASE
)


@pytest.fixture(scope="module")
def advisor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Advisor, HybridRetriever]]:
    path = DATA / "kb_gitlab" / "evidence.jsonl"
    if not path.exists():
        pytest.skip(f"{path} is not there: set COACH_EVAL_DATA to the folder that holds it")
    embedder = MiniLMEmbedder()
    index = KnowledgeIndex(tmp_path_factory.mktemp("gitlab") / "index", embedder)
    report = ingest([path], index)
    assert report.items == len(path.read_text("utf-8").splitlines())
    assert list(report.problems) == []
    retriever = HybridRetriever(index, embedder)
    yield Advisor(retriever, embedder, lambda: NOW), retriever
    index.close()


def advantage_in_file() -> dict[str, set[str]]:
    """What the file itself says of who is ahead, by id (some ids stand there twice)."""
    found: dict[str, set[str]] = {}
    for line in (DATA / "kb_gitlab" / "evidence.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        found.setdefault(row["id"], set()).add(row.get("advantage", ""))
    return found


def conceded(suggestion: Suggestion, claim: CitedClaim) -> bool:
    before = suggestion.text[: suggestion.text.index(claim.quote)]
    return before.rstrip(" “").endswith(
        ("They are ahead on this one, and you should know it:", "our side of it:")
    )


def test_every_claim_is_cited_and_no_win_is_claimed_where_there_is_none(
    advisor: tuple[Advisor, HybridRetriever],
) -> None:
    """Quotes verbatim, nothing outside them, and GitHub's leads and draws are conceded."""
    advising, retriever = advisor
    rows = advantage_in_file()
    cited = suggested = 0
    missed: set[str] = set()
    for objection in OBJECTIONS:
        advice: Advice = advising.advise(objection, Situation())
        if not advice.suggestions:
            missed.add(objection)
            continue
        assert any(s.claims for s in advice.suggestions) or advice.gaps, objection
        for suggestion in advice.suggestions:
            suggested += 1
            cited += bool(suggestion.claims)
            quotes = [c.quote for c in suggestion.claims]
            assert uncovered(suggestion.text, quotes, objection) == set(), suggestion.text
            for claim in suggestion.claims:
                item = retriever.get(claim.evidence_id)
                assert item is not None
                assert item.text[claim.span[0] : claim.span[1]] == claim.quote
                said = " ".join(rows.get(claim.evidence_id, ())).casefold()
                if "github" in said or "similar" in said:
                    assert item.advantage is not Advantage.US, (objection, item.id)
                    assert conceded(suggestion, claim), (objection, suggestion.text)
                    assert not WIN.search(suggestion.text)
    print(
        f"\n{len(OBJECTIONS)} objections, {len(missed)} not recognised; "
        f"{suggested} suggestions, {cited} with citations"
    )
    assert missed == set()
    assert cited >= 0.9 * suggested
