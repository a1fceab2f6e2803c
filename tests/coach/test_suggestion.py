"""Suggestions: every fact quoted to the letter, honest where a competitor leads."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from coach.scenario import Concern, Scenario
from coach.scenario_book import load_scenarios
from coach.suggestion import Advice, Situation, Style
from coach.suggestion.advisor import Advisor
from coach.suggestion.grounding import uncovered
from coach.suggestion.objections import NONE, wordings
from knowledge.evidence import Advantage, Kind, Visibility
from knowledge.searching.retrieval import HybridRetriever
from knowledge.vectors.embedding import MiniLMEmbedder

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

OBJECTIONS = {
    "We've worked with Meridant for ten years.": "incumbent_competitor",
    "I like it, but we are tied to our supplier and they know us.": "incumbent_competitor",
    "My account manager at Meridant has always looked after us.": "incumbent_competitor",
    "Why should we change? Everyone is used to what we have.": "incumbent_competitor",
    "I don't see what we would get for the money.": "misunderstood_value",
    "What does this actually do for us that our old phones don't?": "misunderstood_value",
    "It all sounds expensive for something that already works.": "misunderstood_value",
    "Pellicom's transcription is simply better than yours.": "superior_competitor",
    "Honestly, our team thinks the Pellicom product is superior.": "superior_competitor",
    "Their app beats yours by a mile.": "superior_competitor",
    "I've never heard of you.": "trust_unknown",
    "How do I know you'll still be around in five years?": "trust_unknown",
    "I heard you are closing your support centre.": "trust_false_rumour",
    "People say that your support is being moved offshore.": "trust_false_rumour",
    "You were down for nine hours in 2024, weren't you?": "trust_true_rumour",
    "Is it true that your customers could not make calls for a whole day?": "trust_true_rumour",
    "Someone told me you let another firm train its AI on call recordings.": "trust_unknown_rumour",
    "This looks interesting, could you tell me more?": "interest",
    "We might want something like this, what would a demo look like?": "interest",
}


@pytest.fixture(scope="module")
def advisor(retriever: HybridRetriever, embedder: MiniLMEmbedder) -> Advisor:
    return Advisor(retriever, embedder, lambda: NOW)


@pytest.mark.parametrize(("objection", "kind"), OBJECTIONS.items())
def test_an_objection_gets_three_grounded_suggestions(
    advisor: Advisor, retriever: HybridRetriever, objection: str, kind: str
) -> None:
    """Recognised, in three styles, each citing words that are there and fit for customers."""
    advice = advisor.advise(objection, Situation())
    assert advice.objection.type == kind
    assert [s.style for s in advice.suggestions] == list(Style)
    assert sum(bool(s.claims) for s in advice.suggestions) >= 2
    for suggestion in advice.suggestions:
        for claim in suggestion.claims:
            item = retriever.get(claim.evidence_id)
            assert item is not None
            assert item.text[claim.span[0] : claim.span[1]] == claim.quote
            assert claim.quote in suggestion.text
            assert not item.stale_on(NOW.date())
            assert item.visibility is Visibility.PUBLIC
        quotes = [c.quote for c in suggestion.claims]
        assert uncovered(suggestion.text, quotes, objection) == set()


@pytest.mark.parametrize("objection", OBJECTIONS)
def test_the_three_replies_differ(advisor: Advisor, objection: str) -> None:
    """No question, step or acknowledgement twice; one ends in the question, one is short."""
    asking, led, concise = advisor.advise(objection, Situation()).suggestions
    assert len({asking.question, led.question, concise.question}) == 3
    assert len({asking.next_step, led.next_step, concise.next_step}) == 3
    assert asking.text.split(".")[0] != led.text.split(".")[0]
    assert asking.text.endswith(asking.question)
    assert f"What I'd suggest next: {led.next_step}." in led.text
    assert len(concise.text.split()) <= min(75, len(led.text.split()))
    assert len(led.text.split()) <= 125


def test_a_customer_unlike_this_one_is_named_with_a_warning(advisor: Advisor) -> None:
    """And without one where the reference is from the same sector."""
    said = "We have been with Meridant for twelve years and switching is a risk."
    assert advisor.advise(said, Situation(sector="logistics")).warning == ""
    elsewhere = advisor.advise(said, Situation(sector="aviation"))
    assert elsewhere.warning == (
        "no reference from the sector aviation was found; those here are from elsewhere"
    )
    assert "No reference from the sector aviation was found for this." in elsewhere.gaps


def test_a_question_that_nothing_answers_is_told_as_a_gap(advisor: Advisor) -> None:
    """Where it isn't clear what is behind it; a doubt without its reason lacks no proof yet."""
    asked = advisor.advise("Why don't you publish your source code?", Situation())
    assert not any(s.claims for s in asked.suggestions)
    assert asked.gaps
    assert advisor.advise("I have to think about it.", Situation()).gaps == ()


def test_in_the_scenario_of_a_rumour_only_the_rumour_is_owned(advisor: Advisor) -> None:
    """Another worry of that buyer is not answered with "yes, that is true"."""
    other = advisor.advise(
        "The other thing is support. I want somebody who knows what they see.",
        Situation(),
        kind="trust_true_rumour",
    )
    assert other.objection.type == "trust_after_rumour"
    own = advisor.advise(
        "I've been told your phones were down for nine hours in March 2024.",
        Situation(),
        kind="trust_true_rumour",
    )
    assert own.objection.type == "trust_true_rumour"


@pytest.mark.parametrize(
    "text",
    [
        "What time does the meeting start tomorrow?",
        "Can you play some jazz?",
        "My cat is asleep on the sofa.",
        "How many grams are in an ounce?",
        "Thanks, talk to you on Tuesday.",
    ],
)
def test_what_is_no_objection_gets_no_suggestion(advisor: Advisor, text: str) -> None:
    """Chatter isn't answered with a pitch."""
    advice = advisor.advise(text, Situation())
    assert advice.objection.type == NONE
    assert advice.suggestions == ()


def proofs(advice: Advice) -> set[str]:
    return {c.evidence_id for s in advice.suggestions for c in s.claims}


def test_a_competitor_that_leads_is_conceded(advisor: Advisor, retriever: HybridRetriever) -> None:
    """Where the battlecard says that they are ahead, the suggestion says so too."""
    advice = advisor.advise("Pellicom's live transcription beats yours.", Situation())
    led = next(s for s in advice.suggestions if s.style is Style.EVIDENCE_LED)
    items = [retriever.get(c.evidence_id) for c in led.claims]
    assert any(i and i.advantage is Advantage.THEM for i in items)
    assert "They are ahead on this one" in led.text


def test_a_rumour_is_answered_from_its_own_record(advisor: Advisor) -> None:
    """The first proof about the outage is the record of the outage."""
    advice = advisor.advise("I was told you had a nine-hour outage in March 2024.", Situation())
    assert all(s.claims[0].evidence_id == "rumour-outage-2024" for s in advice.suggestions)


def test_a_reference_from_the_same_sector_comes_first(
    advisor: Advisor, retriever: HybridRetriever
) -> None:
    """Proof should resemble the buyer; where none does, the gap says so."""
    for sector in ("logistics", "healthcare", "retail", "manufacturing"):
        advice = advisor.advise(
            "We have been with Meridant for twelve years and switching is a risk.",
            Situation(sector=sector, region="DACH"),
        )
        sectors = {item.sector for i in proofs(advice) if (item := retriever.get(i))}
        assert sector in sectors or any(sector in gap for gap in advice.gaps), sector


def test_the_same_objection_gets_the_same_answer(advisor: Advisor) -> None:
    """Nothing is left to chance."""
    one = advisor.advise("We are happy with Meridant.", Situation())
    assert one.suggestions == advisor.advise("We are happy with Meridant.", Situation()).suggestions


PLANS = {
    "target_sectors": "Retail calls us every week. Why those two sectors and not retail?",
    "end_users": "How do you know that it hurts? Did anybody count?",
    "prioritisation": "What goes into your score? What does such a customer bring us in a year?",
    "support_needs": "Has anyone looked at what was lost because there was no technical help?",
}


@pytest.mark.parametrize("kind", PLANS)
def test_a_doubt_about_a_plan_is_answered_with_what_holds_in_the_market(
    kind: str, advisor: Advisor, retriever: HybridRetriever
) -> None:
    """Known from its scenario, it gets market facts that may be quoted."""
    advice = advisor.advise(PLANS[kind], Situation(), kind=kind)
    assert (advice.objection.type, advice.gaps) == (kind, ())
    items = [item for i in proofs(advice) if (item := retriever.get(i))]
    assert Kind.MARKET_FACT in {item.kind for item in items}
    assert all(item.quotable_on(NOW.date()) for item in items)


PLACES = [(s, c) for s in load_scenarios().all() for c in s.concerns if s.places]


@pytest.mark.parametrize(("scenario", "concern"), PLACES, ids=lambda one: one.id)
def test_a_plan_for_a_country_is_proved_by_what_holds_there(
    scenario: Scenario, concern: Concern, advisor: Advisor, retriever: HybridRetriever
) -> None:
    """Evidence of another region stays out; what names no region, or this country, may serve."""
    wanted = tuple(text for need in concern.needs for text in need.about[:2])
    known = (Situation(), 3, scenario.objection, wanted)
    advice = advisor.advise(concern.topic, *known, scenario.places)
    for proof in proofs(advice) | {p.evidence.id for p in advice.evidence}:
        item = retriever.get(proof)
        assert item is not None
        assert item.region in (None, *scenario.places) or any(
            place in item.text for place in scenario.places
        )


def test_without_its_country_a_plan_would_be_proved_by_another(
    advisor: Advisor, retriever: HybridRetriever
) -> None:
    """The same doubt about Japan, with and without the place."""
    doubt = "How do firms there buy, and how long does a delivery take?"
    wanted = ("Firms of this size buy from a local reseller.", "Delivery takes this many days.")
    known = (Situation(), 3, "international_barriers", wanted)
    regions = {
        places: {item.region for i in proofs(advice) if (item := retriever.get(i))}
        for places in ((), ("Japan",))
        for advice in [advisor.advise(doubt, *known, places)]
    }
    assert "Central Europe" in regions[()]
    assert regions["Japan",] <= {None, "Japan"}
    assert regions["Japan",]


@pytest.mark.parametrize("said", [*OBJECTIONS, *PLANS.values()])
def test_a_doubt_about_a_plan_is_never_guessed(said: str, advisor: Advisor) -> None:
    """Whatever a customer says, it isn't taken for a question about our sales plan."""
    assert wordings()[advisor.advise(said, Situation(), 1).objection.type].live


@pytest.mark.parametrize("name", wordings())
def test_our_own_wording_holds_no_fact(name: str) -> None:
    """Acknowledgements, questions and steps contain no number and no name."""
    wording = wordings()[name]
    for text in (*wording.acknowledge, *wording.question, *wording.step, *wording.bridge):
        assert isinstance(text, str)
        assert uncovered(text, []) == set(), text
