"""A model that lies over the real protocol: what it says without evidence is never shown."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from random import Random

import pytest

from coach.claims.checker import ClaimChecker
from coach.errors import ModelFailed
from coach.llm import LanguageModel, connect
from coach.suggestion import Advice, ObjectionGuess, Situation, Style, Suggestion
from coach.suggestion.drafting import drafted
from coach.suggestion.proof import whole
from knowledge.chunking import sentences
from knowledge.evidence import Advantage, Evidence, Kind
from knowledge.searching.retrieval import HybridRetriever
from knowledge.vectors.embedding import MiniLMEmbedder
from tests.fakes import FixedClock
from tests.loopback import Loopback, answer, loopback
from tests.loose_ends import known_names, loose_ends
from tests.sample import sample_items

pytestmark = pytest.mark.anyio

OBJECTION = "We've worked with Meridant for ten years and I don't know you."
LIES = (
    "Siemens uses it every day.",
    "Our customers include Brenntmark and Ostrava Steel.",
    "It saved them 73% in a year.",
    "We have done this for nineteen hospitals.",
    "Dozens of banks have chosen us.",
    "We are the market leader in Europe.",
    "We are better than Meridant in every way.",
    "Meridant is about to close its support centre.",
    "All our customers renew.",
)
TALK = "I understand why you ask."
NAMES = known_names(item.text for item in sample_items())


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def server() -> Iterator[Loopback]:
    with loopback() as running:
        yield running


@pytest.fixture
async def model(server: Loopback) -> AsyncIterator[LanguageModel]:
    made = connect(server.url, None, "loopback-1", 5.0)
    yield made
    await made.aclose()


@pytest.fixture(scope="module")
def ledger(retriever: HybridRetriever, embedder: MiniLMEmbedder) -> ClaimChecker:
    return ClaimChecker(retriever, embedder, FixedClock(), "Corvane")


def twisted(sentence: str, random: Random) -> str:
    """The sentence with a figure or a name of it changed, or with a name put before it."""
    figures = [word for word in sentence.split() if word.strip("%.,").isdigit()]
    if figures and random.random() < 0.6:
        old = random.choice(figures)
        return sentence.replace(old, old.replace(old.strip("%.,"), str(random.randint(120, 999))))
    if random.random() < 0.5:
        return f"Veldmar Group found the same: {sentence}"
    return f"{sentence.rstrip('.')}, and so did Halbrook."


def story(items: list[Evidence], random: Random) -> dict[str, object]:
    """One suggestion of true sentences, twisted ones and inventions, cited at random."""
    told = []
    for item in items:
        a, b = random.choice(sentences(item.text))
        true = item.text[a:b]
        told.append({"text": true, "evidence_id": item.id})
        told.append({"text": twisted(true, random), "evidence_id": item.id})
        told.append({"text": random.choice(LIES), "evidence_id": random.choice([item.id, "none"])})
    random.shuffle(told)
    return {
        "style": random.choice([style.value for style in Style]),
        "sentences": [{"text": TALK, "evidence_id": "none"}, *told][:8],
        "question": "What would you need to see?",
        "next_step": "a small trial beside what you have",
    }


async def suggested(
    model: LanguageModel, ledger: ClaimChecker, items: list[Evidence]
) -> tuple[Suggestion, ...]:
    found = Advice(
        ObjectionGuess("incumbent_competitor", "incumbent-competitor", 1.0),
        evidence=tuple(whole(item) for item in items),
    )
    situation = Situation()
    try:
        advice = await drafted(model, "Corvane", OBJECTION, situation, found, 3, ledger.check)
    except ModelFailed:
        return ()
    return advice.suggestions


async def test_whatever_a_model_invents_nothing_without_a_source_is_shown(
    model: LanguageModel, server: Loopback, ledger: ClaimChecker
) -> None:
    """Random evidence, fifteen stories half of which is lies, and a checker of its own."""
    random = Random(7)
    pool = [i for i in sample_items() if i.kind is not Kind.MARKET_FACT]
    true_shown = 0
    for _ in range(15):
        items = random.sample(pool, 2)
        told = story(items, random)
        server.behave(answer(json.dumps({"suggestions": [told]})))
        for suggestion in await suggested(model, ledger, items):
            quotes = [claim.quote for claim in suggestion.claims]
            whole_text = " ".join((suggestion.text, suggestion.question, suggestion.next_step))
            assert loose_ends(whole_text, quotes, OBJECTION, NAMES) == set(), suggestion
            assert not any(lie in suggestion.text for lie in LIES), suggestion.text
            for claim in suggestion.claims:
                item = next(i for i in items if i.id == claim.evidence_id)
                assert item.text[slice(*claim.span)] == claim.quote
            true_shown += len(suggestion.claims)
    assert true_shown >= 15  # what is true gets through, so the test can see a difference


@pytest.mark.parametrize(
    "claimed",
    [
        "Ours is faster than what they have.",
        "We are ahead of Pellicom in transcription.",
        "Our transcription is simply better than theirs.",
    ],
)
async def test_no_win_is_claimed_where_the_battlecard_has_none(
    claimed: str, model: LanguageModel, server: Loopback, ledger: ClaimChecker
) -> None:
    """A row on which they lead, or which is even, never carries a comparison in our favour."""
    items = [
        next(i for i in sample_items() if i.advantage is side)
        for side in (Advantage.THEM, Advantage.SIMILAR)
    ]
    told = [{"text": TALK, "evidence_id": "none"}]
    told += [{"text": claimed, "evidence_id": item.id} for item in items]
    reply = {
        "style": "concise",
        "sentences": told,
        "question": "What matters?",
        "next_step": "a test",
    }
    server.behave(answer(json.dumps({"suggestions": [reply]})))
    (only,) = await suggested(model, ledger, items)
    assert (only.text, only.claims) == (TALK, ())


async def test_a_question_that_tells_something_drops_the_suggestion(
    model: LanguageModel, server: Loopback, ledger: ClaimChecker
) -> None:
    """Facts don't slip in by way of the question or the step."""
    reply = {
        "style": "concise",
        "sentences": [{"text": TALK, "evidence_id": "none"}],
        "question": "Did you know that 96% of banks use us?",
        "next_step": "a call",
    }
    server.behave(answer(json.dumps({"suggestions": [reply]})))
    assert await suggested(model, ledger, [sample_items()[0]]) == ()


def test_the_checker_that_judges_sees_what_is_loose() -> None:
    """Names at the start, names inside, figures and number words; not what is quoted or said."""
    quote = "Nordhavn Clinics cut missed calls from 18% to 6%."
    text = f"“{quote}” Siemens did too. So did Atlantis, in nineteen days, 40% of them."
    assert loose_ends(text, [quote], "", frozenset({"Siemens"})) == {
        "Siemens",
        "Atlantis",
        "nineteen",
        "40",
    }
    assert loose_ends("You use Meridant.", [], "We use Meridant.") == set()
