"""What lacks evidence is counted: with customers and in practice, and closed when it comes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import date

import pytest

from coach.gaps import GapsWanted, Met
from coach.gaps.book import GapBook, OpenGap
from coach.gaps.drafts import Drafts
from coach.scenario_book import ScenarioBook
from coach.service import CoachService
from coach.session import LOCAL, Session
from coach.suggestion import Lack, Situation
from knowledge.evidence import Evidence, Kind
from knowledge.indexing.index import KnowledgeIndex
from knowledge.reading.front_matter import front_matter
from knowledge.searching.retrieval import HybridRetriever
from knowledge.vectors.embedding import MiniLMEmbedder
from tests.fakes import FixedClock, MemoryStore
from tests.sample import sample_items

pytestmark = pytest.mark.anyio

NOBODY_KNOWS = "I've never heard of you."
MINING = Situation(sector="mining")
ANY = GapsWanted()


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def small_index(
    embedder: MiniLMEmbedder, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[KnowledgeIndex]:
    """What we say of ourselves, and one customer; to be added to."""
    index = KnowledgeIndex(tmp_path_factory.mktemp("small"), embedder)
    keys = {
        "support-every-plan",
        "parallel-run",
        "references-you-can-call",
        "case-nordhavn-clinics",
    }
    index.upsert(item for item in sample_items() if item.id in keys)
    yield index
    index.close()


@pytest.fixture
def service(
    book: ScenarioBook, small_index: KnowledgeIndex, embedder: MiniLMEmbedder
) -> CoachService:
    return CoachService(
        scenarios=book,
        store=MemoryStore(),
        retriever=HybridRetriever(small_index, embedder),
        embedder=embedder,
        clock=FixedClock(),
    )


async def gaps(service: CoachService, wanted: GapsWanted = ANY) -> list[OpenGap]:
    return (await service.gaps.page(LOCAL, wanted, 50))[0]


async def test_a_live_objection_counts_each_time(service: CoachService) -> None:
    """By what was lacking, with the words, the nearest concern, and what would answer it."""
    for _ in range(2):
        advice = await service.suggest(LOCAL, NOBODY_KNOWS, MINING)
    assert advice.gaps == ("No reference from the sector mining was found for this.",)
    (one,) = await gaps(service)
    assert (one.gap.lack, one.gap.objection, one.gap.sector) == (
        Lack.REFERENCE,
        "trust_unknown",
        "mining",
    )
    assert (one.gap.live, one.gap.practice) == (2, 0)
    assert [(e.words, e.met) for e in one.gap.examples] == [(NOBODY_KNOWS, Met.LIVE)]
    assert one.gap.topic == "trust-unknown/unknown-company"
    assert "no reference from the sector mining" in one.says
    assert (one.covered, one.write) == (False, "case_study")


async def test_a_named_competitor_without_facts_is_another_gap(service: CoachService) -> None:
    """Kept apart from lacking references and proof; nothing counts that a reply wouldn't need."""
    rival = Situation(sector="mining", competitor="Zenlink")
    await service.suggest(LOCAL, "Zenlink's product is simply better than yours.", rival)
    found = {one.gap.lack: one.gap for one in await gaps(service)}
    assert found.keys() == {Lack.COMPARISON, Lack.REFERENCE, Lack.PROOF}
    assert (found[Lack.COMPARISON].competitor, found[Lack.COMPARISON].sector) == ("Zenlink", None)
    rumour = "Someone told me you let another firm train its AI on call recordings."
    advice = await service.suggest(LOCAL, rumour, rival)
    assert {one.lack for one in advice.missing} <= {Lack.PROOF}


async def test_what_is_no_objection_counts_nothing(service: CoachService) -> None:
    """Nor does one that evidence answers."""
    await service.suggest(LOCAL, "Thanks, see you on Tuesday at ten then.", MINING)
    await service.suggest(LOCAL, NOBODY_KNOWS, Situation(sector="healthcare"))
    assert await gaps(service) == []


async def drilled(service: CoachService, scenario: str, persona: str, *said: str) -> Session:
    session = await service.start(LOCAL, scenario, persona=persona, seed=1)
    for text in said:
        async for _ in await service.take_turn(LOCAL, session.id, text):
            pass
    return await service.session(LOCAL, session.id)


async def test_in_practice_a_concern_counts_once_a_session(service: CoachService) -> None:
    """However often the buyer comes back to it; hints at it add nothing; live stays apart."""
    rival = ("superior-competitor", "annika-wall")
    session = await drilled(service, *rival, "We are just as good.", "Believe me.", "Really.")
    await service.hint(LOCAL, session.id, 3)
    found = [one.gap for one in await gaps(service)]
    assert Lack.COMPARISON in {gap.lack for gap in found}
    assert {(gap.live, gap.practice) for gap in found} == {(0, 1)}
    spoken = {turn.text for turn in session.turns}
    assert {e.words for gap in found for e in gap.examples} <= spoken
    await drilled(service, *rival)
    (first, *_) = await gaps(service)
    assert (first.gap.live, first.gap.practice) == (0, 2)
    assert await gaps(service, GapsWanted(met=Met.LIVE)) == []


async def test_a_hidden_concern_is_not_given_away(service: CoachService) -> None:
    """What the buyer never said aloud was not met."""
    await drilled(service, "interest", "tobias-ehrl", "What is it that you look for?")
    hidden = "interest/demo-that-missed"
    assert hidden not in [one.gap.topic for one in await gaps(service)]


async def test_a_gap_closes_when_evidence_comes(
    service: CoachService, small_index: KnowledgeIndex
) -> None:
    """It is asked again whenever it is read, and opens again when the evidence goes."""
    about = Situation(sector="shipbuilding")
    await service.suggest(LOCAL, NOBODY_KNOWS, about)
    assert [one.covered for one in await gaps(service)] == [False]
    case = Evidence(
        id="case-yard",
        kind=Kind.CASE_STUDY,
        title="Halvik Yard had never heard of Corvane either",
        text="Halvik Yard did not know Corvane and asked other customers before it signed. "
        "Halvik Yard has been a customer since 2024 and has renewed its contract for years.",
        customer="Halvik Yard",
        sector="Shipbuilding",
        source="Interview",
        as_of=date(2026, 1, 1),
    )
    small_index.upsert([case])
    assert [one.covered for one in await gaps(service)] == [True]
    small_index.remove([case.id])
    (one,) = await gaps(service)
    assert not one.covered
    await service.gaps.dismiss(LOCAL, one.gap.id)
    assert await gaps(service) == []


async def test_the_template_begins_with_what_is_known(service: CoachService) -> None:
    """Sector and what was asked, as data: no sign of them breaks the front matter."""
    sector = 'mining: "deep"\n---\n# \x1b[x'
    await service.suggest(LOCAL, NOBODY_KNOWS, Situation(sector=sector))
    (one,) = await gaps(service)
    name, text = await service.gaps.template(LOCAL, one.gap.id)
    assert name.startswith("case-study-")
    assert name.endswith(".md")
    _, head, body = text.split("---\n")
    fields = front_matter(head)
    assert fields["sector"] == 'mining: "deep" --- # [x'
    assert (fields["kind"], fields["competitor"], body) == ("case_study", None, "\n")
    assert f"# a customer said: “{NOBODY_KNOWS}”" in text


class BrokenStore(MemoryStore):
    def count_gaps(self, *_: object) -> None:
        raise OSError("disk full")


async def test_a_failed_count_is_logged_and_never_shown(
    book: ScenarioBook,
    small_index: KnowledgeIndex,
    embedder: MiniLMEmbedder,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Neither the advice nor the turn knows of it."""
    service = CoachService(
        scenarios=book,
        store=BrokenStore(),
        retriever=HybridRetriever(small_index, embedder),
        embedder=embedder,
        clock=FixedClock(),
    )
    assert (await service.suggest(LOCAL, NOBODY_KNOWS, MINING)).suggestions
    session = await drilled(service, "superior-competitor", "annika-wall", "We are better.")
    await service.close()
    assert session.turn_count == 3
    assert caplog.text.count("a gap could not be counted") >= 2


class TestDrafts:
    """Live assist asks while somebody types."""

    async def test_what_is_typed_counts_once(self, service: CoachService) -> None:
        """Its beginnings count nothing; words of another kind on the same page count by
        themselves."""
        for length in (12, 18, len(NOBODY_KNOWS)):
            await service.suggest(LOCAL, NOBODY_KNOWS[:length], MINING, draft="page")
        assert await gaps(service) == []
        await service.suggest(LOCAL, "Who are you people anyway?", MINING, draft="page")
        await service.close()
        found = await gaps(service)
        words = [e.words for one in found for e in one.gap.examples]
        assert NOBODY_KNOWS in words
        assert all(NOBODY_KNOWS[:length] not in words for length in (12, 18))

    async def test_words_that_stand_still_are_settled(self) -> None:
        """After a quiet while, under one occasion however they are edited; pages are apart."""
        settled: list[tuple[str, str]] = []
        drafts = Drafts(quiet=0.01)

        def hold(page: str, words: str) -> None:
            drafts.hold(page, words, lambda occasion: settled.append((words, occasion)))

        hold("a", "We have a supplier")
        hold("b", "We have no money")
        hold("a", "We have a supplier already")
        assert settled == []
        await asyncio.sleep(0.05)
        assert sorted(words for words, _ in settled) == [
            "We have a supplier already",
            "We have no money",
        ]
        hold("a", "We have a supplier already.")
        hold("a", "Nobody knows you")
        drafts.settle_all()
        drafts.settle_all()
        occasions = dict(settled)
        assert len(settled) == 4
        assert occasions["We have a supplier already"] == occasions["We have a supplier already."]
        assert len(set(occasions.values())) == 3

    async def test_only_so_many_are_held(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The oldest settle first."""
        monkeypatch.setattr("coach.gaps.drafts.MOST_DRAFTS", 3)
        settled: list[int] = []
        drafts = Drafts()
        for n in range(5):
            drafts.hold(n, "words", lambda _, n=n: settled.append(n))  # type: ignore[misc]
        assert settled == [0, 1]
        drafts.settle_all()


def test_the_book_is_the_only_door() -> None:
    """Doors reach gaps through the service."""
    assert {"page", "dismiss", "template"} <= set(vars(GapBook))
