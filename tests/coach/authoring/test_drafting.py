"""From evidence to a scenario that plays: in its own words, honest about who leads."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest

from coach.authoring.drafter import Drafter
from coach.authoring.proving import Prover
from coach.authoring.reading import Reading, read_scenario
from coach.authoring.review import review
from coach.errors import BadInput, ModelFailed, NotFound
from coach.moves import MoveKind
from coach.perception import Perceiver
from coach.ports import Model
from coach.scenario import Scenario
from coach.session import LOCAL
from knowledge.evidence import Advantage, Evidence, Filters, Kind, Visibility
from knowledge.searching.retrieval import HybridRetriever
from knowledge.vectors.embedding import MiniLMEmbedder
from tests.fakes import FixedClock, QueueModel, purse

FACTS = ["pellicom-failover", "osterwave-list-price", "meridant-open-api"]
CASES = ["case-kestwick-mutual", "case-nordhavn-clinics"]


@pytest.fixture
def drafter(retriever: HybridRetriever) -> Drafter:
    return Drafter(retriever, FixedClock(), "Corvane", purse())


def drafted(drafter: Drafter, evidence: str | None, *items: Evidence) -> Scenario:
    source = asyncio.run(drafter.draft(LOCAL, evidence, items)).source
    found = read_scenario(source)
    assert found.scenario, found.faults
    return found.scenario


def abouts(scenario: Scenario) -> list[str]:
    return [text for c in scenario.concerns for n in c.needs for text in n.about]


@pytest.mark.parametrize("evidence", [*FACTS, *CASES])
def test_a_draft_is_whole_and_says_what_is_still_to_do(drafter: Drafter, evidence: str) -> None:
    """Nothing but its notes is left to warn of."""
    source = asyncio.run(drafter.draft(LOCAL, evidence)).source
    assert "\n# DRAFT, made from: " in source
    assert evidence in source
    warnings = review(read_scenario(source))
    assert [fault.msg for fault in warnings] == [
        "is still to do: TODO where in your sales guide this belongs"
    ]
    scenario = drafted(drafter, evidence)
    assert any(c.hidden for c in scenario.concerns)
    assert len({p.temperament for p in scenario.personas}) == 3


def test_what_answers_the_buyer_is_in_the_evidences_own_words(
    drafter: Drafter, retriever: HybridRetriever
) -> None:
    """Who leads is said as the evidence says it, and admitting it is a move that is asked for."""
    scenario = drafted(drafter, "pellicom-failover")
    ours = retriever.get("pellicom-failover")
    assert ours is not None
    assert ours.us in abouts(scenario)
    credit = next(n for n in scenario.concerns[0].needs if n.id == "credit")
    assert credit.move is MoveKind.ADMIT
    ahead = [
        item
        for item in retriever.listing(
            Filters(kinds=(Kind.COMPETITIVE_FACT,), competitor="Pellicom"), 100, 0
        )
        if item.advantage is Advantage.THEM
    ]
    assert any(item.them in credit.about for item in ahead)


@pytest.mark.parametrize("evidence", [*FACTS, *CASES])
def test_every_example_of_a_draft_is_a_whole_sentence_of_the_evidence(
    drafter: Drafter, retriever: HybridRetriever, evidence: str
) -> None:
    """Apart from admitting in plain words, and the small step that anybody could offer."""
    scenario = drafted(drafter, evidence)
    texts = [" ".join(i.text.split()) for i in retriever.listing(Filters(), 1_000, 0)]
    found = [n for c in scenario.concerns for n in c.needs if n.id != "small-step"]
    for about in (text for need in found for text in need.about):
        plain = " is ahead when it comes to the " in about
        assert plain or any(about in text for text in texts), about
        assert about[0].isupper() or about[0] in "“1234567890"
        assert about.rstrip("”")[-1] in ".!?"


def test_the_buyer_hears_what_a_draft_takes_for_an_answer(
    drafter: Drafter, retriever: HybridRetriever, embedder: MiniLMEmbedder
) -> None:
    """And every figure in it can be quoted."""
    source = asyncio.run(drafter.draft(LOCAL, "pellicom-failover")).source
    found = Prover(retriever, Perceiver(embedder), "Corvane").prove(read_scenario(source))
    assert list(map(str, found)) == []


def test_a_customer_who_left_nobody_makes_a_draft_too(drafter: Drafter) -> None:
    """Without a competitor nothing is said of one."""
    scenario = drafted(drafter, "case-nordhavn-clinics")
    assert scenario.competitor is None
    assert scenario.objection == "misunderstood_value"
    assert "{competitor}" not in scenario.spoken
    assert scenario.personas[0].sector == "healthcare"


def fact(number: int, **changes: object) -> Evidence:
    given = {
        "id": f"card-{number}",
        "kind": "competitive_fact",
        "title": f"Point {number}",
        "competitor": "Halvorsen {evil} Telecom",
        "criterion": f"point <{number}>",
        "us": f"Corvane answers {number} calls in the first minute of the day.",
        "them": f"Halvorsen answers {number} calls in the first hour of the day.",
        "advantage": "us" if number % 2 else "them",
        "source": "A test of ours",
        "as_of": date(2026, 3, 1),
    }
    given["text"] = f"{given['us']} {given['them']}"
    return Evidence.model_validate(given | changes)


def test_a_battlecard_that_is_in_no_index_makes_a_draft(drafter: Drafter) -> None:
    """Whatever stands in its names is text: no slot comes out of it."""
    scenario = drafted(drafter, None, fact(1), fact(2), fact(3))
    assert scenario.id == "draft-halvorsen-evil-telecom"
    assert scenario.competitor == "Halvorsen {evil} Telecom"
    assert fact(1).us in abouts(scenario)
    assert fact(2).them in abouts(scenario)


def test_what_may_not_be_quoted_is_not_drafted_from(drafter: Drafter) -> None:
    """Internal or out of date; nothing of it, and no draft where nothing else is there."""
    secret = fact(5, visibility=Visibility.INTERNAL)
    old = fact(7, valid_until=date(2020, 1, 1))
    scenario = drafted(drafter, None, fact(1), fact(2), secret, old)
    assert not {secret.us, secret.them, old.us, old.them} & set(abouts(scenario))
    with pytest.raises(BadInput, match="nothing could be quoted"):
        drafted(drafter, None, secret, old)


def test_thin_evidence_is_told(drafter: Drafter) -> None:
    """What is missing, and that there is no such item."""
    with pytest.raises(BadInput, match="bring such a fact"):
        drafted(drafter, "call-reports-insight")
    with pytest.raises(NotFound, match="there is no evidence 'nothing'"):
        drafted(drafter, "nothing")


# --- a model's words ---


def reworded(retriever: HybridRetriever, model: Model | None) -> tuple[Reading, str]:
    drafter = Drafter(retriever, FixedClock(), "Corvane", purse(model))
    made = asyncio.run(drafter.draft(LOCAL, "pellicom-failover", use_model=True))
    return read_scenario(made.source), made.note


def lines_of(retriever: HybridRetriever) -> list[list[str]]:
    scenario = reworded(retriever, None)[0].scenario
    assert scenario
    return [[*c.say, *c.explain] for c in scenario.concerns]


def test_a_models_words_are_taken_where_they_hold(retriever: HybridRetriever) -> None:
    """A line with a figure, a name or a slot that wasn't there keeps its old words."""
    old = lines_of(retriever)
    first = [f"Well, {line[:1].lower()}{line[1:]}" for line in old[0]]
    first[1] = "Our 400 people want it."
    first[2] = "Ask {evil}."
    first[3] = "Nordwind does it better."
    model = QueueModel({"lines": first}, {"lines": old[1]}, {"lines": old[2]})
    reading, note = reworded(retriever, model)
    assert reading.scenario
    assert note == ""
    concern = reading.scenario.concerns[0]
    assert concern.say[0].startswith("Well, ")
    assert [concern.say[n] for n in (1, 2, 3)] == old[0][1:4]


@pytest.mark.parametrize("model", [None, QueueModel(ModelFailed("The model is away"))])
def test_without_a_model_the_draft_is_the_coachs_own(
    retriever: HybridRetriever, model: Model | None
) -> None:
    """And it says so."""
    reading, note = reworded(retriever, model)
    assert reading.scenario
    assert note.endswith("these words are the coach's own.")
