"""The claim ledger: what a seller says is held against the evidence, sentence by sentence."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coach.claims import Claim, ClaimChecker, ClaimStatus
from coach.claims.agreement import Match, compare
from coach.claims.figures import DURATION, PERCENT, figures
from knowledge.chunking import sentences
from knowledge.evidence import Evidence, Filters, Kind, Passage, Peer, Visibility
from knowledge.searching.retrieval import HybridRetriever
from knowledge.vectors.embedding import MiniLMEmbedder

VENDOR = "Corvane Communications"
NOW = datetime(2026, 11, 23, tzinfo=UTC)
S = ClaimStatus


@pytest.fixture(scope="module")
def checker(retriever: HybridRetriever, embedder: MiniLMEmbedder) -> ClaimChecker:
    return ClaimChecker(retriever, embedder, lambda: NOW, VENDOR)


def only(claims: Sequence[Claim]) -> Claim:
    assert len(claims) == 1
    return claims[0]


def test_a_memory_answers_what_would_be_found_anyway(
    retriever: HybridRetriever, embedder: MiniLMEmbedder, checker: ClaimChecker
) -> None:
    """The same sentence after another customer, or in another talk, is another one."""
    memory: dict[Any, Any] = {}
    remembering = ClaimChecker(retriever, embedder, lambda: NOW, VENDOR, memory)
    messages = (
        "Nordhavn Clinics moved 12 sites. They cut missed patient calls from 18% to 6%.",
        "Hollin & Reeve moved too. They cut missed patient calls from 18% to 6%.",
        "They cut missed patient calls from 18% to 6%. What would that mean for you?",
        "By June we should have met 60 people in person.",
    )
    for text in (*messages, *reversed(messages)):
        for heard, plan in (("", False), ("Nordhavn is in our town.", False), ("", True)):
            assert remembering.check(text, heard, plan) == checker.check(text, heard, plan)
    before = len(memory)
    remembering.check(messages[0])
    assert len(memory) == before > len(messages)


# What is a claim


@pytest.mark.parametrize(
    "talk",
    [
        "I understand that a switch worries you.",
        "What would a missed call cost you?",
        "I'll send you the audit summary by Friday.",
        "Shall we look at one site first, 30 minutes on Tuesday?",
        "You mentioned that you lose 40 calls a day.",
        "If you lost the line on a Saturday, what would happen?",
    ],
)
def test_talk_is_no_claim(checker: ClaimChecker, talk: str) -> None:
    """Feelings, questions, promises, proposals and talk about the buyer claim nothing."""
    claim = only(checker.check(talk))
    assert (claim.status, claim.evidence, claim.note) == (S.NOT_A_CLAIM, (), "")


@pytest.mark.parametrize(
    "plan",
    [
        "Below ten customers after 90 days we stop.",
        "By June we should have met 60 people in person.",
        "A workshop for 20 people, no slides, coffee and nobody selling.",
        "If the weight of revenue drops to 30, clinics move from second place to first.",
        "My goal is fifteen customers in the first half year.",
    ],
)
def test_what_is_planned_needs_no_source(checker: ClaimChecker, plan: str) -> None:
    """Aims, conditions, lists and one's own points are no inventions; nothing refutes them."""
    assert {c.status for c in checker.check(plan)} <= {S.NOT_A_CLAIM, S.SUPPORTED}


@pytest.mark.parametrize(
    "told",
    [
        "Our plan works, 97% of firms in Poland buy from resellers.",
        "We have to serve 25,000 customers every day.",
        "Nordhavn should know, they cut missed calls from 90% to 1%.",
    ],
)
def test_what_is_told_beside_a_plan_needs_one(checker: ClaimChecker, told: str) -> None:
    """A share, a large count or a customer's result stays a claim in the words of a plan."""
    assert {S.CONTRADICTED, S.UNSUPPORTED} & {c.status for c in checker.check(told, plan=True)}


def test_a_name_that_the_other_side_used_is_no_invention(checker: ClaimChecker) -> None:
    """They spoke of Lublin, so the seller may."""
    said = "An office in Lublin has thirty phones."
    assert only(checker.check(said)).note == "No source mentions Lublin."
    assert only(checker.check(said, "How would a phone get to Lublin?")).note != (
        "No source mentions Lublin."
    )


def test_the_name_of_a_source_is_no_invention(checker: ClaimChecker) -> None:
    """Who names the study that the evidence gives as its source has made nothing up."""
    claim = only(checker.check("That comes from the Kranich Institute."))
    assert "Kranich" not in claim.note


def test_a_question_that_tells_something_is_a_claim(checker: ClaimChecker) -> None:
    """ "Did you know that ..." states what follows."""
    claim = only(checker.check("Did you know that 94% of our customers renewed in 2025?"))
    assert claim.status is S.SUPPORTED


def test_there_is_one_claim_per_sentence_in_order(checker: ClaimChecker) -> None:
    """Each claim holds its sentence verbatim, at its span."""
    text = "  That's fair.\nRottach moved nine depots in 11 weeks!  Shall we talk? "
    claims = checker.check(text)
    assert [text[slice(*claim.span)] for claim in claims] == [claim.text for claim in claims]
    assert [claim.status for claim in claims] == [S.NOT_A_CLAIM, S.SUPPORTED, S.NOT_A_CLAIM]


def test_no_more_than_forty_sentences_are_checked(checker: ClaimChecker) -> None:
    """A pasted book costs no more than a long message."""
    assert len(checker.check("We are based in Ghent. " * 60)) == 40


def test_they_stands_for_whom_the_sentence_before_named(checker: ClaimChecker) -> None:
    """A pronoun keeps the customer, so that its figures are looked up there."""
    claims = checker.check("Take Nordhavn. They cut missed patient calls from 18% to 6%.")
    assert claims[1].status is S.SUPPORTED
    assert {cited.id for cited in claims[1].evidence} == {"case-nordhavn-clinics"}


# The statuses


@pytest.mark.parametrize(
    ("said", "status", "cited"),
    [
        ("Missed calls at Nordhavn went from 18 to 6 percent.", S.SUPPORTED, "case-nordhavn"),
        ("Our outage in March 2024 lasted nine hours.", S.SUPPORTED, "outage"),
        ("Pellicom is ahead of us on live transcription.", S.SUPPORTED, "pellicom-transcription"),
        ("Hollin & Marsh got 40% fewer queue drop-outs.", S.OVERSTATED, "hollin"),
        ("All of our customers renewed in 2025.", S.OVERSTATED, "renewals"),
        ("Our call quality is better than Meridant's.", S.OVERSTATED, "meridant-call-quality"),
        ("Our customers cut missed calls from 18% to 6%.", S.OVERSTATED, "nordhavn"),
        ("Nordhavn cut missed patient calls from 18% to 2%.", S.CONTRADICTED, "nordhavn"),
        ("Meridant has an open API for call data.", S.CONTRADICTED, "meridant-open-api"),
        ("We transcribe calls live in 31 languages.", S.CONTRADICTED, "pellicom-transcription"),
        ("We're cheaper than Osterwave.", S.CONTRADICTED, "osterwave-list-price"),
        ("We had no outage in 2024.", S.CONTRADICTED, "rumour-outage-2024"),
        ("Our support centre is closing.", S.CONTRADICTED, "rumour-support-closing"),
        ("No outside firm ever used our recordings to train AI.", S.UNSUPPORTED, "rumour-rec"),
        ("We have 3,700 customers in 17 countries.", S.STALE, "customers-2024"),
    ],
)
def test_the_status_says_what_the_evidence_says(
    checker: ClaimChecker, said: str, status: ClaimStatus, cited: str
) -> None:
    """Each status is given for its reason, and the item that gives the reason is cited."""
    claim = only(checker.check(said))
    assert claim.status is status
    assert any(cited in citation.id for citation in claim.evidence)
    assert 0 < len(claim.note) <= 200


@pytest.mark.parametrize(
    "said",
    [
        "Vodatel uses us in all of its call centres.",
        "Our churn is below 3 percent.",
        "Rottach saved 90,000 euros in its first year.",
    ],
)
def test_a_figure_or_name_that_no_source_has_is_unsupported(
    checker: ClaimChecker, said: str
) -> None:
    """Nothing is cited for what nobody wrote down."""
    claim = only(checker.check(said))
    assert (claim.status, claim.evidence) == (S.UNSUPPORTED, ())


def test_figures_of_one_item_may_stand_in_two_sentences(checker: ClaimChecker) -> None:
    """Both are cited."""
    said = "Rottach moved nine depots in 11 weeks and its dispatch calls got 22% shorter."
    claim = only(checker.check(said))
    assert claim.status is S.SUPPORTED
    assert len(claim.evidence) == 2


def test_internal_items_are_never_quoted(checker: ClaimChecker) -> None:
    """What only internal material says is not for a customer, and the note gives no words of it."""
    claim = only(checker.check("We won 38 of 71 decisions against Meridant in 2025."))
    assert (claim.status, claim.evidence) == (S.UNSUPPORTED, ())
    assert "nternal" in claim.note
    assert "38" not in claim.note


@pytest.mark.slow
def test_every_public_sentence_of_the_sample_is_supported_when_quoted(
    checker: ClaimChecker, retriever: HybridRetriever
) -> None:
    """A rep who copies the evidence word for word is never told that it is wrong."""
    wrong = []
    for item in retriever.listing(Filters(), 1_000, 0):
        if item.visibility is Visibility.INTERNAL or item.kind is Kind.RUMOUR:
            continue
        expected = S.STALE if item.stale_on(NOW.date()) else S.SUPPORTED
        for start, end in sentences(item.text):
            statuses = {claim.status for claim in checker.check(item.text[start:end])}
            if not statuses <= {expected, S.NOT_A_CLAIM}:
                wrong.append((item.id, item.text[start:end], statuses))
    assert wrong == []


# Quotes


SNIPPETS = st.sampled_from(
    [
        "Nordhavn cut missed calls from 18% to 6%. ",
        "We're better than Pellicom! ",
        "Did you know that 94% renewed?",
        "No outage, ever — guaranteed; ",
        "212,000 GBP\n- up to 40%\n",
        "“Calls never drop”, says Meridant’s man. ",
        "١٢٣ ٪ ",
        "e.g. 24/7 ",
        "\ud800",
        "İ€𝟗𝟗% ",
    ]
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(parts=st.lists(st.one_of(SNIPPETS, st.text(max_size=40)), max_size=6))
def test_every_span_and_quote_is_verbatim(
    checker: ClaimChecker, retriever: HybridRetriever, parts: list[str]
) -> None:
    """Whatever is typed, nothing raises and every span holds its words."""
    text = "".join(parts)
    claims = checker.check(text)
    assert [claim.span for claim in claims] == sentences(text)[:40]
    for claim in claims:
        assert text[slice(*claim.span)] == claim.text
        assert len(claim.note) <= 200
        for cited in claim.evidence:
            item = retriever.get(cited.id)
            assert item is not None
            assert item.visibility is Visibility.PUBLIC
            assert item.text[slice(*cited.span)] == cited.quote != ""


# Its surroundings


class FewItems:
    """A retriever over a list; finds everything."""

    def __init__(self, *items: Evidence) -> None:
        self.items = list(items)

    def search(
        self,
        query: str,
        *,
        limit: int = 8,
        filters: Filters = Filters(),  # noqa: B008  frozen
        near: Peer | None = None,
    ) -> list[Passage]:
        return [Passage(item, item.text, (0, len(item.text))) for item in self.items][:limit]

    def prepare(self, queries: Sequence[str]) -> None:
        """Nothing to embed."""

    def condition(self) -> str:
        return "ok"

    def get(self, evidence_id: str) -> Evidence | None:
        return next((item for item in self.items if item.id == evidence_id), None)

    def listing(self, filters: Filters, limit: int, offset: int) -> list[Evidence]:
        return self.items[offset : offset + limit]


class Unreachable(FewItems):
    def listing(self, filters: Filters, limit: int, offset: int) -> list[Evidence]:
        raise ConnectionError("no index")


def item(key: str, text: str, **fields: str) -> Evidence:
    given = {"id": key, "kind": "product_fact", "title": key, "text": text, **fields}
    return Evidence.model_validate(given)


def test_a_failure_of_retrieval_goes_through(embedder: MiniLMEmbedder) -> None:
    """An error is the caller's to name; it is never a verdict."""
    checker = ClaimChecker(Unreachable(), embedder, lambda: NOW, "Acme")
    with pytest.raises(ConnectionError):
        checker.check("We have 12 offices.")


def test_new_evidence_counts_at_once(embedder: MiniLMEmbedder) -> None:
    """What is read of the knowledge base is read again when it changed."""
    few = FewItems(item("hq", "Acme has its seat in Graz."))
    checker = ClaimChecker(few, embedder, lambda: NOW, "Acme")
    said = "Our batteries last 14 hours."
    assert only(checker.check(said)).status is S.UNSUPPORTED
    few.items = [*few.items, item("battery", "The battery of an Acme handset lasts 14 hours.")]
    assert only(checker.check(said)).status is S.SUPPORTED


def test_an_empty_knowledge_base_supports_nothing(embedder: MiniLMEmbedder) -> None:
    """There is still an answer for each sentence."""
    checker = ClaimChecker(FewItems(), embedder, lambda: NOW, "Acme")
    claims = checker.check("Hello. We have 12 offices.")
    assert [claim.status for claim in claims] == [S.NOT_A_CLAIM, S.UNSUPPORTED]
    assert checker.check("") == []


def test_threads_share_one_checker(checker: ClaimChecker) -> None:
    """Many turns at once get what one alone gets."""
    said = ["Rottach moved nine depots in 11 weeks.", "We have our own network."] * 8
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(checker.check, said))
    assert together == [checker.check(text) for text in said]


# Figures


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("nine hours", 9 * 3600, DURATION),
        ("2 minutes 45 seconds", 165, DURATION),
        ("two and a half minutes", 150, DURATION),
        ("half a day", 12 * 3600, DURATION),
        ("two hundred and twelve customers", 212, ""),
        ("£212k", 212_000, "GBP"),
        ("€184.800", 184_800, "EUR"),
        ("8.7 million euros", 8_700_000, "EUR"),
        ("one in ten", 10, PERCENT),
        ("12 March 2024", 20240312, "date"),
        ("4.7 out of 5", 4.7, "of"),
    ],
)
def test_figures_are_read_in_words_and_digits(text: str, value: float, unit: str) -> None:
    """Units are brought to one measure."""
    (found,) = figures(text)
    assert found.value == pytest.approx(value)
    assert found.unit == unit
    assert found.span == (0, len(text) - len(" customers") * text.endswith("customers"))


def test_both_ends_of_a_change_have_its_unit() -> None:
    """The first of "from 18 to 6 percent" is a share too."""
    first, second = figures("from 18 to 6 percent")
    assert (first.unit, second.unit, second.became) == (PERCENT, PERCENT, True)


@pytest.mark.parametrize(
    ("said", "fact", "match"),
    [
        ("38%", "38%", Match.SAME),
        ("about 40%", "38%", Match.SAME),
        ("over 4,000 customers", "4,100 businesses", Match.SAME),
        ("within a minute", "41 seconds", Match.SAME),
        ("40%", "up to 40%", Match.INFLATED),
        ("96%", "94%", Match.NEAR),
        ("99.99%", "99.95%", Match.OTHER),
        ("212,000 EUR", "212,000 GBP", Match.APART),
        ("2 hours", "9 hours", Match.OTHER),
        ("in minutes", "3 days", Match.OTHER),
    ],
)
def test_figures_agree_as_people_mean_them(said: str, fact: str, match: Match) -> None:
    """Rounding is fine, dropping a limit or adding a little is not the same, more is another."""
    assert compare(figures(said)[0], figures(fact)[0]) is match
