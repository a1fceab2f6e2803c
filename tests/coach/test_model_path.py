"""A whole turn with a language model, over the real protocol on loopback: good, bad and real."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from api import schemas_evidence
from coach.events import ReplyDelta, ReplyReset
from coach.llm import LanguageModel, connect
from coach.models import Models
from coach.scenario_book import ScenarioBook
from coach.service import CoachService
from coach.session import LOCAL, Turn
from coach.suggestion import Advice
from knowledge.searching.retrieval import HybridRetriever
from knowledge.vectors.embedding import MiniLMEmbedder
from tests.fakes import FixedClock, MemoryStore
from tests.loopback import (
    Behaviour,
    Loopback,
    answer,
    cut,
    empty_choices,
    garbage,
    hang,
    loopback,
    status,
)
from tests.model import smollm  # noqa: F401  # a fixture

pytestmark = pytest.mark.anyio

SAID = "Yes, that is true. It was our failure. What would nine hours without calls mean for you?"
Make = Callable[..., CoachService]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def server() -> Iterator[Loopback]:
    with loopback() as running:
        yield running


@pytest.fixture
async def make(
    book: ScenarioBook, retriever: HybridRetriever, embedder: MiniLMEmbedder
) -> AsyncIterator[Make]:
    models: list[LanguageModel] = []

    def service(url: str, name: str | None = "loopback-1", timeout: float = 3.0) -> CoachService:
        models.append(connect(url, None, name, timeout))
        return CoachService(
            scenarios=book,
            store=MemoryStore(),
            retriever=retriever,
            embedder=embedder,
            clock=FixedClock(),
            models=Models.alike(models[-1]),
        )

    yield service
    for model in models:
        await model.aclose()


async def one_turn(service: CoachService) -> tuple[Turn, str]:
    """The stored reply, and what a listener was left with."""
    session = await service.start(LOCAL, "trust-true-rumour", seed=3)
    heard = ""
    async for event in await service.take_turn(LOCAL, session.id, SAID):
        if isinstance(event, ReplyDelta):
            heard += event.text
        elif isinstance(event, ReplyReset):
            heard = ""
    stored = await service.session(LOCAL, session.id)
    assert stored.turn_count == 3
    assert stored.turns[1].assessment is not None
    return stored.turns[2], heard.strip()


async def test_a_turn_is_worded_by_the_model(make: Make, server: Loopback) -> None:
    """The server's words are the buyer's reply, and the turn names the model and its prompt."""
    server.behave(answer("Thank you for saying it. What is different today?"))
    reply, heard = await one_turn(make(server.url))
    assert reply.text == heard == "Thank you for saying it. What is different today?"
    assert reply.provenance is not None
    assert reply.provenance.voice == "loopback-1"
    assert set(reply.provenance.prompts) == {"buyer/reply.v3"}


@pytest.mark.parametrize(
    "behaviour",
    [
        status(401),
        status(429, retry_after="0"),
        status(500),
        hang(),
        cut("Thank you for saying"),
        empty_choices(),
        garbage(),
    ],
    ids=["401", "429", "500", "hang", "cut", "empty", "garbage"],
)
async def test_a_turn_completes_whatever_the_server_does(
    make: Make, server: Loopback, behaviour: Behaviour
) -> None:
    """The reply is the embedded engine's, whole, and says why."""
    server.behave(behaviour)
    reply, heard = await one_turn(make(server.url))
    assert reply.text == heard
    assert reply.provenance is not None
    assert reply.provenance.voice == "embedded"
    assert "embedded engine" in reply.provenance.note


async def test_a_server_that_is_gone_costs_a_note_and_no_turn(make: Make) -> None:
    """Connection refused in mid-session."""
    with loopback() as gone:
        service = make(gone.url)
    reply, _ = await one_turn(service)
    assert reply.provenance is not None
    assert reply.provenance.voice == "embedded"


async def test_suggestions_tell_what_the_model_took(make: Make, server: Loopback) -> None:
    """Model, prompt with its hash and the server's count of tokens; also when it failed."""
    sentences = [{"text": "I understand why you ask.", "evidence_id": "none"}]
    asks = {"question": "What would help?", "next_step": "A call?"}
    one = {"style": "acknowledge_and_ask", "sentences": sentences, **asks}
    server.behave(answer(json.dumps({"suggestions": [one]})), status(401))
    service = make(server.url)
    words = "We've worked with Meridant for ten years."
    told = schemas_evidence.Advice.of(await service.suggest(LOCAL, words, count=1))
    assert told.made_by is not None
    assert told.made_by.model == told.engine == "loopback-1"
    assert list(told.made_by.prompts) == ["coach/suggest.v2"]
    assert (told.made_by.tokens_in, told.made_by.tokens_out) == (7, 3)
    failed = await service.suggest(LOCAL, words, count=1)
    assert failed.engine == "embedded"
    assert failed.receipt is not None
    assert "401" in failed.receipt.failure


@pytest.mark.slow
@pytest.mark.model
@pytest.mark.timeout(240)
async def test_a_real_model_takes_a_turn_and_suggests(
    make: Make,
    retriever: HybridRetriever,
    smollm: str,  # noqa: F811  # the fixture
) -> None:
    """A real, very small model: whatever it says, turn and suggestions stand and are grounded."""
    service = make(smollm, None, 8.0)  # what takes longer falls back, and stands too
    reply, heard = await one_turn(service)
    assert reply.text == heard
    assert reply.provenance is not None
    advice: Advice = await service.suggest(
        LOCAL, "We've worked with Meridant for ten years.", count=1
    )
    assert advice.suggestions
    for suggestion in advice.suggestions:
        for claim in suggestion.claims:
            item = retriever.get(claim.evidence_id)
            assert item is not None
            assert item.text[claim.span[0] : claim.span[1]] == claim.quote
