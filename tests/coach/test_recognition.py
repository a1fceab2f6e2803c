"""Which objection a text is: by its meaning and words; "not sure" is an answer too."""

from __future__ import annotations

import numpy as np
import pytest

from coach.suggestion import Situation, Style
from coach.suggestion.advisor import Advisor
from coach.suggestion.fitting import ByExample
from coach.suggestion.grounding import uncovered
from coach.suggestion.objections import NONE, ObjectionGuess, Reading, wordings
from coach.suggestion.recognition import Recogniser
from knowledge.searching.retrieval import HybridRetriever
from knowledge.vectors.embedding import MiniLMEmbedder
from tests.fakes import FixedClock


@pytest.fixture(scope="module")
def advisor(retriever: HybridRetriever, embedder: MiniLMEmbedder) -> Advisor:
    return Advisor(retriever, embedder, FixedClock())


def guess(advisor: Advisor, text: str) -> ObjectionGuess:
    return advisor.advise(text, Situation(), 1).objection


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Our margins don't leave room for such a monthly fee.", "price"),
        ("Can you make us a cheaper offer?", "price"),
        ("Ask us again once the stocktaking is over.", "timing"),
        ("Before the summer I can't look at anything new.", "timing"),
        ("The supervisory board would have to nod that through.", "authority"),
        ("Our parent company picks the suppliers.", "authority"),
        ("With four calls a day we have no use for that.", "need"),
        ("Nothing is wrong with the way we do it, we don't need this.", "need"),
    ],
)
def test_the_everyday_objections_are_told_apart(advisor: Advisor, said: str, kind: str) -> None:
    """Price, timing, authority and need, each surely and with what answers it."""
    found = guess(advisor, said)
    assert (found.type, found.sure) == (kind, True)
    assert found.says == f"This is about {wordings()[kind].about}."
    assert 0.5 <= found.confidence <= 1


def test_a_second_objection_is_named_too(advisor: Advisor) -> None:
    """The likeliest leads; the other isn't lost."""
    found = guess(
        advisor, "We've been with Meridant for twelve years, and I've never heard of you."
    )
    assert {found.type, *(r.type for r in found.alternatives)} >= {
        "incumbent_competitor",
        "trust_unknown",
    }


VAGUE = ("I have to think about it.", "We have our doubts.", "It's difficult.")


@pytest.mark.parametrize("said", VAGUE)
def test_doubt_without_its_reason_is_asked_back(advisor: Advisor, said: str) -> None:
    """No proof is put in front of somebody who hasn't said what is wrong."""
    advice = advisor.advise(said, Situation())
    assert not advice.objection.sure
    assert advice.objection.says.startswith("Not sure: this ")
    assert advice.objection.alternatives
    (only,) = advice.suggestions
    assert only.style is Style.ACKNOWLEDGE_AND_ASK
    assert only.question == advice.objection.asks
    assert only.question in only.text
    assert (only.claims, advice.evidence, advice.gaps) == ((), (), ())
    assert uncovered(only.text, [], said) == set()


BETWEEN = "It won't fly with our people."


def test_between_two_readings_every_reply_asks_which(advisor: Advisor) -> None:
    """The first reply only asks; the others answer the likelier one and ask as well."""
    advice = advisor.advise(BETWEEN, Situation())
    found = advice.objection
    assert not found.sure
    assert found.answerable
    assert found.asks.endswith("?")
    assert advice.suggestions[0].claims == ()
    assert len(advice.suggestions) == len(Style)
    assert all(s.question == found.asks and found.asks in s.text for s in advice.suggestions)


def test_what_may_be_no_objection_at_all_says_so() -> None:
    """And asks about what it may be."""
    either = ObjectionGuess(
        NONE, None, 0.45, sure=False, alternatives=(Reading("price", "misunderstood-value", 0.4),)
    )
    assert either.says == "Not sure: this may be about the price, or no objection at all."
    assert either.asks == "Is it about the price, or rather about something else?"
    assert not either.answerable


@pytest.mark.parametrize(
    "said",
    [
        "Shall we meet at the station at nine?",
        "I'll send you the floor plan this afternoon.",
        "I'll call the office from the train.",
        "zxcv qwer asdf uiop",
    ],
)
def test_ordinary_talk_is_surely_no_objection(advisor: Advisor, said: str) -> None:
    """Nor is what resembles nothing."""
    found = guess(advisor, said)
    assert (found.type, found.sure, found.scenario) == (NONE, True, None)
    assert (found.says, found.asks) == ("No objection.", "")


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("I'm told your support centre is going to be closed.", "trust_false_rumour"),
        ("Weren't you down for nine hours in March 2024?", "trust_true_rumour"),
        ("They say recordings of calls train another firm's AI.", "trust_unknown_rumour"),
        ("I heard that you cheat your partners.", "trust_unknown_rumour"),
        ("Somebody told me your managing director was arrested.", "trust_unknown_rumour"),
    ],
)
def test_only_evidence_says_whether_a_rumour_is_true(
    advisor: Advisor, said: str, kind: str
) -> None:
    """What the knowledge base doesn't hold is neither confirmed nor denied."""
    assert guess(advisor, said).type == kind


def test_an_accusation_that_nothing_is_known_of_is_never_owned(
    retriever: HybridRetriever, embedder: MiniLMEmbedder
) -> None:
    """Without the rumour's item even the outage is a rumour that nobody here can judge."""

    class WithoutRumours:
        def search(self, *_: object, **__: object) -> list[object]:
            return []

    recogniser = Recogniser(embedder, WithoutRumours())  # type: ignore[arg-type]
    said = "Weren't you down for nine hours in March 2024?"
    found = recogniser.recognise(said, embedder.embed([said])[0])
    assert (found.type, found.rumour) == ("trust_unknown_rumour", None)


def test_an_objection_at_the_end_of_a_long_message_is_found(advisor: Advisor) -> None:
    """Beyond what one vector holds, and however friendly the rest is."""
    friendly = "Thank you for the pleasant talk. We had a good journey home and the sun was out. "
    said = friendly * 12 + "Only, it's far too expensive, our budget is spent."
    assert guess(advisor, said).type == "price"


def test_a_claim_of_a_competitors_strength_is_an_objection(advisor: Advisor) -> None:
    """Though it says nothing about us."""
    assert guess(advisor, "Meridant has a technician for everything.").type == "superior_competitor"


def test_a_type_known_from_its_scenario_is_sure(advisor: Advisor) -> None:
    """A session knows what it is about, however vaguely its buyer speaks."""
    advice = advisor.advise("I have to think about it.", Situation(), kind="incumbent_competitor")
    assert (advice.objection.type, advice.objection.sure) == ("incumbent_competitor", True)
    assert len(advice.suggestions) == len(Style)


def test_scores_are_near_one_at_the_examples_and_the_fallback_far_from_them() -> None:
    """So that what resembles nothing is taken for what was said to be taken."""
    rows = np.array([[1.0, 0, 0], [0.98, 0.2, 0], [0, 1.0, 0], [0.2, 0.98, 0]])
    fitted = ByExample(rows, [0, 0, 1, 1], [0.0, 0.4])
    near, far = fitted.scores(np.array([[1.0, 0.1, 0], [0, 0, 9.0]]))
    assert near[0] > 0.8
    assert near[1] < 0.2
    np.testing.assert_allclose(far, [0.0, 0.4], atol=1e-9)


@pytest.mark.parametrize("text", ["...", "?!", "…"])
def test_nobody_objects_without_a_word(advisor: Advisor, text: str) -> None:
    """Dots and marks are no objection, and that is sure."""
    told = guess(advisor, text)
    assert (told.type, told.sure) == (NONE, True)
