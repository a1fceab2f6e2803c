"""The verbs that every door calls, over a real index and a real store."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coach.assessment import Verdict
from coach.authoring.writing import as_yaml
from coach.errors import BadInput, Conflict, ModelFailed, NotFound
from coach.events import (
    AssessmentReady,
    ReplyCompleted,
    ReplyDelta,
    ReplyReset,
    TurnCompleted,
    TurnCreated,
    TurnEvent,
)
from coach.models import Models
from coach.ports import Model
from coach.scenario import Difficulty
from coach.scenario_book import ScenarioBook
from coach.sent_text import LONGEST_TEXT, checked_text
from coach.service import CoachService
from coach.session import LOCAL, Caller, Session, Speaker, Status
from coach.store import open_store
from knowledge.searching.retrieval import HybridRetriever
from knowledge.vectors.embedding import MiniLMEmbedder
from tests.fakes import Break, FixedClock, MemoryStore, QueueModel

pytestmark = pytest.mark.anyio

Make = Callable[..., CoachService]

OWNED = (
    "Yes, that is true. On 12 March 2024 a storage update failed and 212 customers could not "
    "call for nine hours. What would that have meant for you?"
)
DENIED = "There was no outage. That is just a rumour our competitors spread."


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def make(book: ScenarioBook, retriever: HybridRetriever, embedder: MiniLMEmbedder) -> Make:
    def service(
        model: Model | None = None,
        store: MemoryStore | None = None,
        book: ScenarioBook = book,
    ) -> CoachService:
        return CoachService(
            scenarios=book,
            store=store or MemoryStore(),
            retriever=retriever,
            embedder=embedder,
            clock=FixedClock(),
            models=Models.alike(model),
        )

    return service


async def started(service: CoachService, scenario: str = "trust-true-rumour") -> Session:
    return await service.start(LOCAL, scenario, seed=7, difficulty=Difficulty.NORMAL)


async def turn(service: CoachService, session: Session, text: str) -> list[TurnEvent]:
    return [event async for event in await service.take_turn(LOCAL, session.id, text)]


async def test_a_session_opens_with_the_buyer(make: Make) -> None:
    """Turn 0 is the buyer's opening, and the engine says what it is."""
    session = await started(make())
    assert session.turns[0].speaker is Speaker.BUYER
    assert session.turns[0].text
    assert session.engine.voice == "embedded"


async def test_the_same_seed_gives_the_same_session(make: Make) -> None:
    """Buyer, mood and words repeat exactly."""
    texts = []
    for _ in range(2):
        service = make()
        session = await started(service)
        await turn(service, session, OWNED)
        loaded = await service.session(LOCAL, session.id)
        texts.append([(t.text, t.state) for t in loaded.turns])
    assert texts[0] == texts[1]


async def test_a_turn_tells_its_story_in_order(make: Make) -> None:
    """Created, deltas that add up to the reply, completed, assessed, stored."""
    service = make()
    events = await turn(service, await started(service), OWNED)
    kinds = [type(event) for event in events]
    assert kinds[0] is TurnCreated
    assert kinds[-3:] == [ReplyCompleted, AssessmentReady, TurnCompleted]
    assert set(kinds[1:-3]) == {ReplyDelta}
    said = "".join(e.text for e in events if isinstance(e, ReplyDelta))
    completed = next(e for e in events if isinstance(e, ReplyCompleted))
    assert said.strip() == completed.turn.text


async def test_both_turns_are_stored_with_state_and_assessment(make: Make) -> None:
    """What was answered is there when it is read again."""
    service = make()
    session = await started(service)
    await turn(service, session, OWNED)
    loaded = await service.session(LOCAL, session.id)
    assert [t.speaker for t in loaded.turns] == [Speaker.BUYER, Speaker.SELLER, Speaker.BUYER]
    assert loaded.turns[1].assessment is not None
    assert loaded.turns[2].state == loaded.state
    assert loaded.turns[2].act


async def test_owning_a_true_rumour_earns_trust_and_denying_it_loses_it(make: Make) -> None:
    """The same buyer, two first replies."""
    service = make()
    trusts = []
    for text in (OWNED, DENIED):
        session = await started(service)
        await turn(service, session, text)
        after = await service.session(LOCAL, session.id)
        trusts.append(after.state.trust - session.state.trust)
    assert trusts[0] > 5
    assert trusts[1] < -20


async def test_a_denial_fails_the_debrief_whatever_else_went_well(make: Make) -> None:
    """The hard rule names what happened and caps the score."""
    service = make()
    session = await started(service)
    for text in (OWNED, "That must worry you. What else have you heard?", DENIED):
        await turn(service, session, text)
    debrief = await service.end(LOCAL, session.id)
    honesty = next(c for c in debrief.checks if c.fatal)
    assert honesty.no >= 1
    assert debrief.failed
    assert debrief.score is not None
    assert debrief.score <= 20


async def test_every_quote_of_an_assessment_is_verbatim(make: Make) -> None:
    """Verdicts and claims quote words that are really there."""
    service = make()
    session = await started(service)
    for text in (OWNED, "I understand, 9 hours is long. Nordhavn Clinics cut missed calls to 6%."):
        await turn(service, session, text)
    for stored in (await service.session(LOCAL, session.id)).turns:
        if stored.assessment is None:
            continue
        for check in stored.assessment.checks:
            assert stored.text[check.span[0] : check.span[1]] == check.quote
            assert bool(check.quote) == (check.verdict is not Verdict.NOT_OBSERVABLE)
        for claim in stored.assessment.claims:
            assert stored.text[claim.span[0] : claim.span[1]] == claim.text
        assert 0 < len(stored.assessment.tip) <= 200


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=st.text(min_size=1, max_size=300))
def test_any_text_is_refused_clearly_or_answered(make: Make, text: str) -> None:
    """Whatever Unicode comes in: a BadInput, or a stored turn whose quotes are verbatim."""

    async def play() -> None:
        service = make()
        session = await started(service, "interest")
        try:
            await turn(service, session, text)
        except BadInput:
            return
        stored = (await service.session(LOCAL, session.id)).turns
        assert len(stored) == 3
        assessment = stored[1].assessment
        assert assessment is not None
        for check in assessment.checks:
            assert stored[1].text[check.span[0] : check.span[1]] == check.quote
        for claim in assessment.claims:
            assert stored[1].text[claim.span[0] : claim.span[1]] == claim.text

    asyncio.run(play())


@pytest.mark.parametrize("text", ["", "   \n ", "x" * (LONGEST_TEXT + 1), "a\x00b", "a\ud800b"])
def test_text_that_cannot_be_taken_is_refused(text: str) -> None:
    """Empty, huge, binary: the message says what to change."""
    with pytest.raises(BadInput):
        checked_text(text)


async def test_a_stranger_sees_nothing(make: Make) -> None:
    """Somebody else's session doesn't exist."""
    service = make()
    session = await started(service)
    stranger = Caller("eve")
    with pytest.raises(NotFound):
        await service.session(stranger, session.id)
    with pytest.raises(NotFound):
        await service.take_turn(stranger, session.id, "hello")
    with pytest.raises(NotFound):
        await service.hint(stranger, session.id)
    with pytest.raises(NotFound):
        await service.end(stranger, session.id)


async def test_an_ended_session_takes_no_turn(make: Make) -> None:
    """The conflict says to read the debrief."""
    service = make()
    session = await started(service)
    await service.end(LOCAL, session.id)
    with pytest.raises(Conflict, match="debrief"):
        await service.take_turn(LOCAL, session.id, "hello there")


async def test_two_turns_at_once_are_a_conflict(make: Make) -> None:
    """The second waits for nobody; it is told to."""
    service = make()
    session = await started(service)
    first = await service.take_turn(LOCAL, session.id, OWNED)
    with pytest.raises(Conflict, match="still running"):
        await service.take_turn(LOCAL, session.id, OWNED)
    assert [e async for e in first]


async def test_a_turn_goes_on_without_its_listener(make: Make) -> None:
    """Who hangs up after sending finds the reply later."""
    service = make()
    session = await started(service)
    events = await service.take_turn(LOCAL, session.id, OWNED)
    await anext(events)
    await service.close()
    assert len((await service.session(LOCAL, session.id)).turns) == 3


async def test_the_debrief_waits_for_the_end_and_stays_the_same(make: Make) -> None:
    """Ending twice gives one debrief."""
    service = make()
    session = await started(service)
    await turn(service, session, OWNED)
    with pytest.raises(Conflict, match="end it first"):
        await service.debrief(LOCAL, session.id)
    first = await service.end(LOCAL, session.id)
    assert await service.end(LOCAL, session.id) == first
    assert await service.debrief(LOCAL, session.id) == first
    assert (await service.session(LOCAL, session.id)).status is Status.ENDED


async def test_hints_climb_and_never_show_the_hidden_card(make: Make, book: ScenarioBook) -> None:
    """Question, move, suggestions; the next turn starts anew."""
    service = make()
    session = await started(service)
    hints = [await service.hint(LOCAL, session.id) for _ in range(4)]
    assert [h.level for h in hints] == [1, 2, 3, 3]
    assert hints[0].text.endswith("?")
    assert hints[2].suggestions
    cards = [c.short for c in book.get(session.scenario).concerns if c.hidden]
    assert not any(card in h.text for h in hints for card in cards)
    await turn(service, session, OWNED)
    assert (await service.hint(LOCAL, session.id)).level == 1
    with pytest.raises(BadInput):
        await service.hint(LOCAL, session.id, 9)


async def test_a_pasted_hint_is_known_for_one(make: Make) -> None:
    """What was suggested is kept with the session; said as it stands, it is no question asked."""
    service = make()
    session = await started(service)
    given = (await service.hint(LOCAL, session.id, 3)).suggestions
    await turn(service, session, given[0].text)
    after = await service.session(LOCAL, session.id)
    assert after.coached == tuple(suggestion.text for suggestion in given)
    assert any("was read to" in line for line in after.state.log)
    assert not any(concern.explored for concern in after.state.concerns.values())


async def test_a_model_words_the_act_and_nothing_else(make: Make) -> None:
    """Its words are spoken; the act and the state are those that code decided."""
    plain, worded = make(), make(QueueModel("Go on then, tell me straight.", {"checks": []}))
    seen = []
    for service in (plain, worded):
        session = await started(service)
        await turn(service, session, OWNED)
        seen.append((await service.session(LOCAL, session.id)).turns[-1])
    assert seen[1].text == "Go on then, tell me straight."
    assert seen[0].act == seen[1].act
    assert seen[0].state is not None
    assert seen[1].state is not None
    assert replace(seen[0].state, used=frozenset()) == replace(seen[1].state, used=frozenset())
    assert seen[1].provenance is not None
    assert seen[1].provenance.voice == "queue-model"
    assert "buyer/reply.v3" in seen[1].provenance.prompts


@pytest.mark.parametrize(
    "answer",
    [
        ModelFailed("the server is down"),
        Break("Well, I must say that", ModelFailed("the stream broke off")),
        "As an AI language model, how can I help you today?",
        "You've convinced me, let's sign.",
        "Our 5,000 clinics would like that.",
        "word " * 400,
    ],
    ids=["down", "cut", "role flip", "concession", "number", "too long"],
)
async def test_what_a_model_does_wrong_is_replaced_whole(make: Make, answer: object) -> None:
    """The turn completes in the scripted voice, says so, and holds nothing of the model's words."""
    service = make(QueueModel(answer, ModelFailed("still down")))
    session = await started(service)
    events = await turn(service, session, DENIED)
    reply = (await service.session(LOCAL, session.id)).turns[-1]
    assert reply.provenance is not None
    assert reply.provenance.voice == "embedded"
    assert "embedded" in reply.provenance.note
    words = ""
    for event in events:
        if isinstance(event, ReplyReset):
            words = ""
        elif isinstance(event, ReplyDelta):
            words += event.text
    assert words.strip() == reply.text


async def test_a_models_verdict_needs_a_quote_that_exists(make: Make) -> None:
    """A verdict on invented words is not taken; a hard rule stays with code."""
    checks = [
        {"id": "true-rumour-not-denied", "verdict": "yes", "quote": "There", "explanation": "x"},
        {"id": "acknowledges-first", "verdict": "yes", "quote": "never said", "explanation": "x"},
        {"id": "no-pressure", "verdict": "yes", "quote": "no outage", "explanation": "calm"},
    ]
    service = make(QueueModel("Really now.", {"checks": checks}))
    session = await started(service)
    await turn(service, session, DENIED)
    assessment = (await service.session(LOCAL, session.id)).turns[1].assessment
    assert assessment is not None
    verdicts = {c.id: (c.verdict, c.quote) for c in assessment.checks}
    assert verdicts["true-rumour-not-denied"][0] is Verdict.NO
    assert verdicts["acknowledges-first"][1] != "never said"
    assert verdicts["no-pressure"] == (Verdict.YES, "no outage")


async def test_a_models_suggestions_keep_only_what_is_covered(make: Make) -> None:
    """An invented figure goes with its sentence; without a grounded one the embedded stand."""
    grounded = {
        "style": "concise",
        "sentences": [
            {"text": "I see why you ask.", "evidence_id": "none"},
            {"text": "We serve 9,999 clinics in Atlantis.", "evidence_id": "none"},
        ],
        "question": "What would you need to check?",
        "next_step": "a call",
    }
    invented = {**grounded, "sentences": grounded["sentences"][1:]}
    service = make(QueueModel({"suggestions": [grounded]}, {"suggestions": [invented]}))
    kept = await service.suggest(LOCAL, "I've never heard of you.")
    assert [s.text for s in kept.suggestions] == ["I see why you ask."]
    assert kept.engine == "queue-model"
    fallen = await service.suggest(LOCAL, "I've never heard of you.")
    assert fallen.engine == "embedded"
    assert "embedded" in fallen.note
    assert all("Atlantis" not in s.text for s in fallen.suggestions)


async def test_hidden_concerns_are_not_in_the_prompt_until_earned(
    make: Make, book: ScenarioBook
) -> None:
    """The model can't leak what it was never told."""
    model = QueueModel("Hm.", {"checks": []})
    service = make(model)
    session = await started(service)
    await turn(service, session, OWNED)
    hidden = [c for c in book.get(session.scenario).concerns if c.hidden]
    told = str(model.asked)
    for concern in hidden:
        assert concern.card not in told
        assert concern.short not in told
        assert not any(line in told for line in (*concern.say, *concern.explain))


@pytest.fixture
def on_disk(
    tmp_path: Path, book: ScenarioBook, retriever: HybridRetriever, embedder: MiniLMEmbedder
) -> Callable[[], CoachService]:
    def service() -> CoachService:
        return CoachService(
            scenarios=book,
            store=open_store(f"sqlite:///{tmp_path / 'coach.db'}"),
            retriever=retriever,
            embedder=embedder,
            clock=FixedClock(),
        )

    return service


async def test_a_session_goes_on_after_a_restart(on_disk: Callable[[], CoachService]) -> None:
    """State, turns and used lines come back from the database."""
    first = on_disk()
    session = await started(first)
    await turn(first, session, OWNED)
    before = await first.session(LOCAL, session.id)
    second = on_disk()
    assert (await second.session(LOCAL, session.id)).state == before.state
    await turn(second, session, "What would you need to see from us?")
    assert (await second.session(LOCAL, session.id)).turn_count == 5


async def test_health_tells_the_truth(make: Make) -> None:
    """Ready with an index and a store; not ready when the store is gone."""

    class Gone(MemoryStore):
        def ping(self) -> None:
            raise OSError("gone")

    assert (await make().health()).ready
    assert not (await make(store=Gone()).health()).ready


async def test_the_check_of_the_evidence_asks_for_what_own_scenarios_need(
    make: Make, book: ScenarioBook
) -> None:
    """As soon as there is one, and only where it is practised."""
    service = make(book=ScenarioBook([book.get("incumbent-competitor")]))
    other = Caller(user="ann", tenant="elsewhere", roles=LOCAL.roles)
    before = await service.inspect_knowledge(LOCAL)
    ours = service.shelf.book.get("incumbent-competitor").model_copy(
        update={"id": "ours", "competitor": "Nobody Ltd"}
    )
    service.shelf.put(LOCAL, ours, as_yaml(ours))
    told = {f.message for f in (await service.inspect_knowledge(LOCAL)).findings}
    new = told - {f.message for f in before.findings}
    assert any("ours" in message and "Nobody Ltd" in message for message in new)
    assert await service.inspect_knowledge(LOCAL) is await service.inspect_knowledge(LOCAL)
    assert (await service.inspect_knowledge(other)).findings == before.findings
