"""Suggestions: over our sample, and over a vendor's real evidence, not written for this coach.

Run: pytest -m eval -s tests/evals/test_suggestions.py

What is loose in a reply is found by ``tests/loose_ends.py``, which shares nothing with the coach;
who is ahead is read from the vendor's file itself.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from coach.hints import situation_in
from coach.scenario_book import load_scenarios
from coach.suggestion import Advice, CitedClaim, Situation, Suggestion
from coach.suggestion.advisor import Advisor
from knowledge.evidence import Advantage, Evidence
from knowledge.indexing.index import KnowledgeIndex
from knowledge.ingesting.ingest import ingest, sample_paths
from knowledge.searching.retrieval import HybridRetriever
from knowledge.vectors.embedding import MiniLMEmbedder
from tests.loose_ends import known_names, loose_ends

pytestmark = [pytest.mark.eval, pytest.mark.timeout(600)]

DATA = Path(os.environ.get("COACH_EVAL_DATA", Path(__file__).parents[3] / "shared" / "data"))
NOW = datetime(2026, 11, 23, tzinfo=UTC)
QUESTIONS = 60

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
OURS = "gitlab"
WIN = re.compile(
    r"\b(?:we|ours?)\b[^.?]*\b(?:better|ahead|stronger|superior|faster|easier|beats?|best)\b"
    r"|\bthey(?: are|['’]re)? (?:behind|worse|slower)\b",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[a-z]{4,}")
_COMMON = frozenset(
    """what which when where while would will with your have does that this these those there them
    they from into about should could much many more most need needs being been were only also
    than then over under such other each every make made take work works working company product
    customers customer question questions change changes changing current state data like
    choose""".split()  # noqa: SIM905  a word list
)
NEAR = 0.45  # likeness from which a sentence of the file is taken to bear on a question


@dataclass
class Tally:
    """What was counted over the answers to a set of objections."""

    answered: int = 0  # objections with suggestions that answer
    cited: int = 0  # of which at least one cites
    suggestions: int = 0
    with_citation: int = 0
    silent: list[str] = field(default_factory=list)  # neither cited nor a gap told
    loose: dict[str, set[str]] = field(default_factory=dict)
    wins: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.answered} answered, {self.cited} with a citation; {self.suggestions} "
            f"suggestions, {self.with_citation} with one; {len(self.loose)} with numbers or names "
            f"outside quotes, {len(self.wins)} claim a win where there is none"
        )


@pytest.fixture(scope="module")
def embedder() -> MiniLMEmbedder:
    return MiniLMEmbedder()


@pytest.fixture(scope="module")
def vendor(
    tmp_path_factory: pytest.TempPathFactory, embedder: MiniLMEmbedder
) -> Iterator[tuple[Advisor, HybridRetriever]]:
    path = DATA / "kb_gitlab" / "evidence.jsonl"
    if not path.exists():
        pytest.skip(f"{path} is not there: set COACH_EVAL_DATA to the folder that holds it")
    yield from _advising([path], tmp_path_factory.mktemp("gitlab"), embedder, "GitLab")


@pytest.fixture(scope="module")
def sample(
    tmp_path_factory: pytest.TempPathFactory, embedder: MiniLMEmbedder
) -> Iterator[tuple[Advisor, HybridRetriever]]:
    yield from _advising(sample_paths(), tmp_path_factory.mktemp("sample"), embedder, "Corvane")


def _advising(
    paths: Sequence[Path], home: Path, embedder: MiniLMEmbedder, vendor: str
) -> Iterator[tuple[Advisor, HybridRetriever]]:
    index = KnowledgeIndex(home / "index", embedder)
    report = ingest(paths, index)
    assert report.items > 100
    assert list(report.problems) == []
    retriever = HybridRetriever(index, embedder)
    yield Advisor(retriever, embedder, lambda: NOW, vendor), retriever
    index.close()


@cache
def rows() -> tuple[dict[str, object], ...]:
    lines = (DATA / "kb_gitlab" / "evidence.jsonl").read_text("utf-8").splitlines()
    return tuple(json.loads(line) for line in lines)


def not_ours(evidence_id: str) -> bool:
    """Whether the file itself says that a competitor is ahead, or that it is even."""
    said = " ".join(str(r.get("advantage", "")) for r in rows() if r["id"] == evidence_id)
    return bool(said) and ("similar" in said.casefold() or not said.casefold().startswith(OURS))


def conceded(suggestion: Suggestion, claim: CitedClaim) -> bool:
    before = suggestion.text[: suggestion.text.index(claim.quote)]
    return before.rstrip(" “").endswith(
        ("They are ahead on this one, and you should know it:", "our side of it:")
    )


def count(
    tally: Tally, objection: str, advice: Advice, retriever: HybridRetriever, names: frozenset[str]
) -> None:
    """Adds one answer; quotes are verbatim or the test fails."""
    claims = [claim for s in advice.suggestions for claim in s.claims]
    if advice.objection.answerable and not claims and not advice.gaps:
        tally.silent.append(objection)
    tally.answered += bool(advice.suggestions)
    tally.cited += bool(claims)
    for suggestion in advice.suggestions:
        tally.suggestions += 1
        tally.with_citation += bool(suggestion.claims)
        quotes = [claim.quote for claim in suggestion.claims]
        told = " ".join((suggestion.text, suggestion.question, suggestion.next_step))
        if found := loose_ends(told, quotes, objection, names):
            tally.loose[suggestion.text] = found
        for claim in suggestion.claims:
            item = retriever.get(claim.evidence_id)
            assert item is not None
            assert item.text[claim.span[0] : claim.span[1]] == claim.quote
            if claims_a_win(suggestion, claim, item):
                tally.wins.append(suggestion.text)


def claims_a_win(suggestion: Suggestion, claim: CitedClaim, item: Evidence) -> bool:
    even = item.advantage in (Advantage.THEM, Advantage.SIMILAR, Advantage.MIXED)
    if not even and not not_ours(item.id):
        return False
    own = suggestion.text
    for quoted in suggestion.claims:
        own = own.replace(quoted.quote, "…")
    return not conceded(suggestion, claim) or bool(WIN.search(own))


def test_every_objection_to_a_real_vendor_is_answered_with_proof(
    vendor: tuple[Advisor, HybridRetriever],
) -> None:
    """Quotes verbatim, nothing outside them, and GitHub's leads and draws are conceded."""
    advising, retriever = vendor
    names = known_names(str(row) for row in rows())
    tally = Tally()
    for objection in OBJECTIONS:
        count(tally, objection, advising.advise(objection, Situation()), retriever, names)
    print(f"\n{len(OBJECTIONS)} objections to a real vendor: {tally}")
    assert (tally.loose, tally.wins, tally.silent) == ({}, [], [])
    assert tally.answered == len(OBJECTIONS)
    assert tally.cited >= 0.9 * tally.answered  # what isn't is told as a gap, or it is silent


def bears_on(question: str, vectors: np.ndarray, texts: Sequence[str], vector: np.ndarray) -> bool:
    """Whether some sentence of the file is near in sense and has most of the telling words."""
    words = _telling(question)
    near = np.flatnonzero(vectors @ vector >= NEAR)
    return any(len(words & _telling(texts[at])) > 0.5 * len(words) for at in near)


def _telling(text: str) -> set[str]:
    return {w[:6] for w in _LETTERS.findall(text.casefold()) if w not in _COMMON and w != OURS}


def quotable_sentences() -> list[str]:
    """Whole sentences of all that may be quoted: not of comparisons that don't say who is ahead."""
    found: list[str] = []
    for row in rows():
        if row["kind"] == "competitive_fact" and "advantage" not in row:
            continue
        fields = ("benefits", "overview", "quote", "text", "us", "body", "result")
        for name in fields:
            value = row.get(name)
            if isinstance(value, str):
                found += [s.strip() for s in re.split(r"(?<=[.!?])\s+|\n+", value)]
    return [s for s in found if 5 <= len(s.split()) <= 45 and s[-1] in ".!?"]


def test_questions_of_customers_are_answered_from_evidence_or_a_gap_is_told(
    vendor: tuple[Advisor, HybridRetriever], embedder: MiniLMEmbedder
) -> None:
    """Sixty questions that people asked this vendor, as if they were objections."""
    advising, retriever = vendor
    names = known_names(str(row) for row in rows())
    lines = (DATA / "kb_gitlab" / "faq_dev.jsonl").read_text("utf-8").splitlines()
    asked = [json.loads(line)["question"] for line in lines][:QUESTIONS]
    texts = quotable_sentences()
    vectors = embedder.embed(texts)
    tally, evident, proved, told, quiet = Tally(), [], 0, 0, []
    for question, vector in zip(asked, embedder.embed(asked), strict=True):
        advice = advising.advise(question, Situation())
        count(tally, question, advice, retriever, names)
        cited = any(s.claims for s in advice.suggestions)
        if bears_on(question, vectors, texts, vector):
            evident.append(question)
            proved += cited
            if not cited:
                print(f"  not cited though something bears on it: {question}")
        elif not cited:
            told += bool(advice.gaps)
            if not advice.gaps:
                quiet.append(question)
    print(
        f"\n{len(asked)} questions to a real vendor: {tally}\n"
        f"something bears on {len(evident)}, {proved} of them cited; of the others "
        f"{len(asked) - len(evident) - told - len(quiet)} cited, {told} told as a gap, "
        f"{len(quiet)} read as no objection: {quiet}"
    )
    assert (tally.loose, tally.wins, tally.silent) == ({}, [], [])
    assert proved >= 0.95 * len(evident)


def sayings() -> Iterable[tuple[str, str | None, Situation, tuple[str, ...], tuple[str, ...]]]:
    """Every opening and every way of raising a concern, as a full hint gets them."""
    for scenario in load_scenarios().all():
        who = scenario.personas[0]
        slots = {"competitor": scenario.competitor or "", "vendor": scenario.vendor}
        slots |= {"name": who.name, "organisation": who.organisation, "sector": who.sector}
        wanted = [(line, ()) for line in scenario.opening]
        wanted += [
            (line, tuple(text for need in concern.needs for text in need.about[:2]))
            for concern in scenario.concerns
            for line in concern.say
        ]
        for line, about in wanted:
            said = line
            for slot, value in slots.items():
                said = said.replace(f"{{{slot}}}", value)
            yield said, scenario.objection, situation_in(scenario, who), about, scenario.places


def test_every_line_that_raises_a_concern_gets_honest_hints(
    sample: tuple[Advisor, HybridRetriever],
) -> None:
    """All openings and concerns of all scenarios, over the sample."""
    advising, retriever = sample
    names = known_names(item.text for item in retriever.listing(limit=1_000))
    tally, said = Tally(), list(sayings())
    for text, kind, situation, wanted, places in said:
        advice = advising.advise(text, situation, 3, kind, wanted, places)
        count(tally, text, advice, retriever, names)
        assert len({s.text for s in advice.suggestions}) == len(advice.suggestions)
        assert len({s.question for s in advice.suggestions}) == len(advice.suggestions), text
        assert all(len(s.text.split()) <= 125 for s in advice.suggestions)
    print(f"\n{len(said)} lines of buyers: {tally}")
    assert (tally.loose, tally.wins, tally.silent) == ({}, [], [])
    assert tally.with_citation >= 0.95 * tally.suggestions
