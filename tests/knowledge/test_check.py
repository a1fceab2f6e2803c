"""Is the knowledge base fit to be used? What is wrong, ageing or absent is said."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from knowledge.checking.check import check, counted
from knowledge.checking.coverage import Practised, Wanted, by_sector
from knowledge.checking.finding import Code, Finding, Severity
from knowledge.checking.quantities import differing, quantities
from knowledge.evidence import Advantage, Evidence, Kind, Label, Truth, Visibility
from tests.sample import sample_items

TODAY = date(2026, 11, 23)
COVERAGE = {Code.EMPTY_KIND, Code.NO_CASE_STUDY, Code.NO_COMPARISON}


def item(key: str = "a", kind: Kind = Kind.CASE_STUDY, **more: Any) -> Evidence:
    given = {"title": key, "text": f"Words of {key}.", "source": "s", "owner": "o", "as_of": TODAY}
    return Evidence.model_validate({"id": key, "kind": kind, **given, **more})


def fact(key: str, **more: Any) -> Evidence:
    about = {"competitor": "Pellicom", "criterion": "price", "advantage": Advantage.US}
    return item(key, Kind.COMPETITIVE_FACT, **{**about, **more})


def found(*items: Evidence, code: Code | None = None) -> list[Finding]:
    """Findings about the items, or those of ``code``."""
    return [
        one
        for one in check(items, TODAY)
        if (one.code is code if code else one.code not in COVERAGE)
    ]


class TestOneItem:
    """What is wrong with an item by itself."""

    def test_a_sound_item_has_no_finding(self) -> None:
        """Nothing is said about what is in order."""
        assert found(item()) == []

    @pytest.mark.parametrize(
        ("change", "code", "severity"),
        [
            ({"valid_until": TODAY - timedelta(1)}, Code.STALE, Severity.WARNING),
            ({"valid_until": TODAY}, Code.SOON_STALE, Severity.INFO),
            ({"valid_until": TODAY + timedelta(60)}, Code.SOON_STALE, Severity.INFO),
            ({"source": None}, Code.MISSING_SOURCE, Severity.ERROR),
            (
                {"source": None, "visibility": Visibility.INTERNAL},
                Code.MISSING_SOURCE,
                Severity.WARNING,
            ),
            ({"owner": None}, Code.MISSING_OWNER, Severity.INFO),
            ({"as_of": None}, Code.MISSING_DATE, Severity.WARNING),
            ({"as_of": TODAY + timedelta(1)}, Code.FUTURE_DATE, Severity.ERROR),
        ],
    )
    def test_each_fault_has_its_finding(
        self, change: dict[str, Any], code: Code, severity: Severity
    ) -> None:
        """One finding, that names the item."""
        before = {"as_of": TODAY - timedelta(90), **change}
        (one,) = found(item(**before))
        assert (one.code, one.severity, one.evidence_ids) == (code, severity, ("a",))
        assert one.message.startswith("a ")

    def test_what_holds_for_longer_is_not_soon_stale(self) -> None:
        """Sixty-one days are far enough."""
        assert found(item(valid_until=TODAY + timedelta(61))) == []

    def test_a_validity_that_ends_before_it_starts_is_an_error(self) -> None:
        """Besides being out of date."""
        (one,) = found(item(valid_until=date(2026, 1, 1)), code=Code.ENDS_BEFORE_START)
        assert one.severity is Severity.ERROR

    def test_a_rumour_needs_a_position(self) -> None:
        """However it came into the index without one."""
        sound = item("r", Kind.RUMOUR, truth=Truth.TRUE, position="Own it.")
        assert found(sound) == []
        (one,) = found(sound.model_copy(update={"position": None}))
        assert (one.code, one.severity) == (Code.NO_POSITION, Severity.ERROR)


class TestContradictions:
    """Two current facts on one competitor and criterion that can't both be so."""

    def test_two_winners_are_an_error(self) -> None:
        """The newer is named first; the criterion may be written in another way."""
        newer = fact("b", criterion="contract terms", advantage=Advantage.THEM)
        older = fact("a", criterion="Contract term", as_of=date(2025, 1, 1))
        (one,) = found(older, newer, code=Code.CONTRADICTION)
        assert (one.severity, one.evidence_ids) == (Severity.ERROR, ("b", "a"))
        assert "who is ahead (“them” and “us”)" in one.message

    def test_a_doubtful_one_is_a_warning(self) -> None:
        """Where one side is mixed, or no more than an assumption."""
        mixed = fact("b", advantage=Advantage.MIXED)
        assert found(fact("a"), mixed, code=Code.CONTRADICTION)[0].severity is Severity.WARNING
        guess = fact("b", advantage=Advantage.THEM, label=Label.ASSUMPTION)
        assert found(fact("a"), guess, code=Code.CONTRADICTION)[0].severity is Severity.WARNING

    @pytest.mark.parametrize(
        "other",
        [
            {"competitor": "Meridant"},
            {"criterion": "uptime"},
            {"criterion": None},
            {"competitor": None},
            {"advantage": Advantage.UNSTATED},
            {"advantage": None},
            {"advantage": Advantage.US},
            {"as_of": date(2025, 1, 1), "valid_until": date(2026, 1, 1)},
        ],
    )
    def test_what_speaks_of_something_else_contradicts_nobody(self, other: dict[str, Any]) -> None:
        """Nor does what states nothing, says the same, or is out of date."""
        theirs = {"advantage": Advantage.THEM, **other}
        assert found(fact("a"), fact("b", **theirs), code=Code.CONTRADICTION) == []

    def test_other_figures_are_a_contradiction(self) -> None:
        """On either side; the message shows both."""
        some = fact("a", us="We cost 11.50 EUR.", them="They cost €10,90 a month.")
        other = fact("b", us="It is EUR 11.50 with us.", them="They cost 12 EUR.")
        (one,) = found(some, other, code=Code.CONTRADICTION)
        assert one.severity is Severity.ERROR
        assert "the figures (10.9 and 12 eur)" in one.message
        assert found(some, fact("c", us="We cost 11.5 EUR."), code=Code.CONTRADICTION) == []

    def test_figures_of_whole_texts_only_raise_a_doubt(self) -> None:
        """Where the sides aren't told apart it may be two things that were counted."""
        some, other = fact("a", text="Uptime is 99.9%."), fact("b", text="An uptime of 99.5 %.")
        (one,) = found(some, other, code=Code.CONTRADICTION)
        assert one.severity is Severity.WARNING

    @pytest.mark.parametrize(
        ("some", "other", "differ"),
        [
            ("99.95%", "99.5 percent", True),
            ("1,250 users", "1250 users", False),
            ("1,250 users", "1,300 users", True),
            ("within four hours", "within 4 hours", False),
            ("a 30-day trial", "a 14 day trial", True),
            ("30 days' notice", "12 months", False),
            ("10.90 EUR, and 2.40 EUR more for support", "10.90 EUR", False),
            ("on 10 September 2026", "on 12 September 2025", False),
            ("from 9:00 to 17:00", "from 9:00 to 18:00", True),
            ("24/7 support", "support around the clock", False),
            ("4.2 out of 5", "4.7 out of 5", True),
            ("$5 a seat", "USD 6 a seat", True),
            ("ISO 27001 since 2019", "ISO 27001 since 2020", False),
        ],
    )
    def test_figures_are_compared_by_what_they_count(
        self, some: str, other: str, differ: bool
    ) -> None:
        """Dates are none, other units aren't comparable, and saying more is no difference."""
        assert bool(differing(some, other)) is differ
        assert bool(differing(other, some)) is differ

    def test_a_text_without_figures_has_no_quantities(self) -> None:
        """Nor has one of other signs."""
        assert quantities("None at all, v2.x — ½ ²") == {}


LONG = "Our support answers every call within a minute on any day of the year from two cities"


class TestNearDuplicates:
    """Items that say nearly the same."""

    def test_equal_texts_are_one_finding(self) -> None:
        """However many there are, in whatever case."""
        same = [item(key, text=LONG) for key in "abc"] + [item("d", text=LONG.upper())]
        (one,) = found(*same)
        assert (one.code, one.evidence_ids) == (Code.NEAR_DUPLICATE, ("a", "b", "c", "d"))

    def test_nearly_equal_texts_are_found(self) -> None:
        """Four of five words shared; other figures are pointed out."""
        some = item("a", text=f"{LONG}, for 41 users.")
        other = item("b", text=f"{LONG}, for 55 users.")
        (one,) = found(some, other)
        assert one.evidence_ids == ("a", "b")
        assert "but give other figures" in one.message

    def test_different_texts_are_not(self) -> None:
        """Nor the same words about two competitors or customers, nor texts without a word."""
        assert found(item("a", text=LONG), item("b", text="Something else entirely")) == []
        assert found(*(item(c, text=LONG, customer=c) for c in "ab")) == []
        assert found(*(item(c, text=LONG, competitor=c) for c in "ab")) == []
        assert found(item("a", text="..."), item("b", text="...")) == []

    def test_many_items_take_no_time(self) -> None:
        """Five thousand of one shape are not held against each other one by one."""
        many = [
            item(str(n), text=f"Customer{n} saved m{n * 7} and k{n * 3} with plan{n}, says name{n}")
            for n in range(5_000)
        ]
        start = time.process_time()
        assert found(*many) == []
        assert time.process_time() - start < 5


class TestCoverage:
    """What a customer can be shown nothing about."""

    def test_kinds_with_nothing_are_named(self) -> None:
        """Without a rumour or a market fact one can live."""
        empty = {f.message: f.severity for f in check([item()], TODAY)}
        assert empty["no testimonial may be shown to a customer"] is Severity.WARNING
        assert empty["no rumour may be shown to a customer"] is Severity.INFO
        assert empty["no market fact may be shown to a customer"] is Severity.INFO
        assert not any("no case study may" in message for message in empty)

    def test_sectors_and_regions_need_a_case_study(self) -> None:
        """Those that are practised on and those that other items speak of."""
        quote = item("q", Kind.TESTIMONIAL, sector="Retail", region="Benelux")
        case = item("c", sector="logistics", region="benelux")
        messages = [
            one.message
            for one in check([quote, case], TODAY, Wanted(sectors=("energy", "Logistics")))
            if one.code is Code.NO_CASE_STUDY
        ]
        assert messages == [
            f"no case study of the sector {name!r} may be shown to a customer"
            for name in ("Retail", "energy")
        ]

    def test_a_market_that_was_only_researched_needs_no_case_study(self) -> None:
        """A fact about a sector or region isn't a customer there."""
        fact = item("m", Kind.MARKET_FACT, sector="energy", region="Japan")
        assert Code.NO_CASE_STUDY not in [one.code for one in check([item(), fact], TODAY)]

    @pytest.mark.parametrize(
        "why", [{"visibility": Visibility.INTERNAL}, {"valid_until": date(2026, 1, 1)}]
    )
    def test_what_may_not_be_shown_covers_nothing(self, why: dict[str, Any]) -> None:
        """Internal or out of date: the customer gets nothing."""
        case = item("c", sector="retail", **why)
        codes = [one.code for one in check([case], TODAY)]
        assert Code.NO_CASE_STUDY in codes

    def test_a_competitor_that_is_practised_on_needs_a_fact(self) -> None:
        """Whatever the case it is written in."""
        wanted = Wanted(competitors=("pellicom", "Meridant"))
        codes = [f for f in check([fact("a")], TODAY, wanted) if f.code is Code.NO_COMPARISON]
        assert [one.message for one in codes] == [
            "no competitive fact about 'Meridant' may be shown to a customer"
        ]

    def test_a_scenario_needs_the_kinds_its_objection_calls_for(self) -> None:
        """Of each that is lacking, of the competitor, and of each concern without an answer."""
        scenario = Practised(
            "s", "Theirs is better", (Kind.COMPETITIVE_FACT, Kind.CASE_STUDY), "Meridant"
        )
        unanswered = replace(scenario, unanswered=("the mobile app",))
        told = self.told([fact("a")], unanswered, code=Code.SCENARIO)
        assert told == [
            "the scenario s (Theirs is better) calls for case study, and none may be shown to a "
            "customer",
            "the scenario s (Theirs is better) is about Meridant, on whom no fact may be shown",
            "the scenario s (Theirs is better): nothing quotable answers the concern “the mobile "
            "app”",
        ]
        whole = [fact("a", competitor="MERIDANT"), item("b")]
        assert self.told(whole, scenario, code=Code.SCENARIO) == []

    def test_a_scenario_needs_its_rumour(self) -> None:
        """There, with the truth that is practised, and fit for a customer."""
        scenario = Practised("s", "It is true", rumour=("r", Truth.TRUE))
        rumour = item("r", Kind.RUMOUR, truth=Truth.TRUE, position="Own it.")
        assert self.told([rumour], scenario, code=Code.RUMOUR) == []
        told = self.told([], scenario, code=Code.RUMOUR)
        assert "about the rumour r, which isn't in the knowledge base" in told[0]
        false = rumour.model_copy(update={"truth": Truth.FALSE})
        (one,) = [
            f for f in check([false], TODAY, Wanted(scenarios=(scenario,))) if f.code is Code.RUMOUR
        ]
        assert one.severity is Severity.ERROR
        assert "treats r as true, and the item says false" in one.message
        ours = rumour.model_copy(update={"visibility": Visibility.INTERNAL})
        assert "may not be shown" in self.told([ours], scenario, code=Code.RUMOUR)[0]

    @staticmethod
    def told(items: list[Evidence], scenario: Practised, code: Code) -> list[str]:
        found = check(items, TODAY, Wanted(scenarios=(scenario,)))
        return [one.message for one in found if one.code is code]

    def test_coverage_counts_what_may_be_shown(self) -> None:
        """By sector and kind, without case; wanted sectors also where there is nothing."""
        items = [
            item("a", sector="Retail"),
            item("b", Kind.TESTIMONIAL, sector="retail"),
            item("c", sector="retail", visibility=Visibility.INTERNAL),
            item("d", Kind.PRODUCT_FACT),
        ]
        rows = by_sector(items, TODAY, Wanted(sectors=("energy",)))
        assert [row.name for row in rows] == ["energy", "Retail", None]
        energy, retail, none = (row.counts for row in rows)
        assert sum(energy.values()) == 0
        assert (retail[Kind.CASE_STUDY], retail[Kind.TESTIMONIAL]) == (1, 1)
        assert none[Kind.PRODUCT_FACT] == 1


def product(text: str, key: str = "p", **more: Any) -> Evidence:
    return item(key, Kind.PRODUCT_FACT, text=text, **more)


class TestUnprovenClaims:
    """What we say of ourselves that nothing backs."""

    @pytest.mark.parametrize(
        ("text", "more"),
        [
            ("Our customers save 38% of their time.", {"source": None}),
            ("Our customers save 38% of their time.", {"label": Label.INFERENCE}),
            ("We answer within 40 seconds.", {"label": Label.ASSUMPTION}),
            ("Ours is faster to set up than any other.", {"source": None}),
            ("It is the most reliable system in Europe.", {"label": Label.ASSUMPTION}),
            ("It pays back in 3 months = soon.", {"label": Label.ASSUMPTION}),
        ],
    )
    def test_a_claim_without_proof_is_quoted(self, text: str, more: dict[str, Any]) -> None:
        """With why it doesn't stand and what would back it."""
        (one,) = found(product(text, **more), code=Code.UNPROVEN)
        assert (one.severity, one.evidence_ids) == (Severity.WARNING, ("p",))
        assert f"“{text}”" in one.message
        assert "add a case study, testimonial or track record" in one.message
        why = "without a source" if "source" in more else f"as an {more['label']}"
        assert why in one.message

    @pytest.mark.parametrize(
        ("text", "more"),
        [
            ("Our customers save 38% of their time.", {}),
            ("Our customers save 38% of their time.", {"source": None, "visibility": "internal"}),
            ("Our customers save time.", {"source": None}),
            ("It was founded in 2011 and moved on 3 May 2019.", {"source": None}),
            ("Call one of our two teams.", {"source": None}),
            ("Version 14.2, certified to ISO 27001, follows best practices.", {"source": None}),
            ("80 users × 5 minutes = 400 minutes, so 80 users save a day.", {"label": "inference"}),
            ("We save 38%.", {"source": None, "valid_until": date(2026, 1, 1)}),
        ],
    )
    def test_what_claims_nothing_or_stands_by_itself_is_left_alone(
        self, text: str, more: dict[str, Any]
    ) -> None:
        """Sourced, internal, out of date, only dates, or worked out for all to see."""
        assert found(product(text, **more), code=Code.UNPROVEN) == []

    def test_a_customer_who_says_the_same_is_proof(self) -> None:
        """The same figure about the same thing, from somebody who can be asked."""
        claim = product("Customers cut missed calls by 38%.", source=None)
        said = "At Nordhavn missed calls fell by 38% within a year."
        assert found(claim, item("c", text=said), code=Code.UNPROVEN) == []
        for unfit in (
            item("c", text="At Nordhavn the rent fell by 38% last year."),
            item("c", text="At Nordhavn missed calls fell by 36%."),
            item("c", text=said, source=None),
            item("c", text=said, visibility=Visibility.INTERNAL),
            item("c", text=said, valid_until=date(2026, 1, 1)),
        ):
            assert len(found(claim, unfit, code=Code.UNPROVEN)) == 1

    def test_all_figures_of_a_sentence_must_be_proved(self) -> None:
        """What is lacking is named."""
        claim = product("Customers cut missed calls by 38% and save 12 hours.", source=None)
        case = item("c", text="At Nordhavn missed calls of customers fell by 38%.")
        (one,) = found(claim, case, code=Code.UNPROVEN)
        assert "no sound item carries 12 hour:" in one.message

    def test_of_a_competitive_fact_only_our_side_claims(self) -> None:
        """What they do is theirs to prove."""
        ours = fact("f", us="We cost 40% less.", them="They cost 12 EUR.", source=None)
        (one,) = found(ours, code=Code.UNPROVEN)
        assert "“We cost 40% less.”" in one.message
        theirs = ours.model_copy(update={"us": "We have one."})
        assert found(theirs, code=Code.UNPROVEN) == []

    def test_one_finding_an_item(self) -> None:
        """The first sentence is quoted, the others counted."""
        text = "We save 38%. We answer in 40 seconds. We know you. We keep 94% of customers."
        (one,) = found(product(text, source=None), code=Code.UNPROVEN)
        assert "“We save 38%.” and 2 more such sentences without a source" in one.message


class TestSample:
    """The shipped knowledge base."""

    def test_its_stale_items_are_found_and_nothing_else(self) -> None:
        """Eleven ran out on purpose; none contradicts, repeats or lacks anything."""
        findings = check(sample_items(), TODAY)
        stale = {i.id for i in sample_items() if i.stale_on(TODAY)}
        assert len(stale) == 11
        assert {f.evidence_ids[0] for f in findings if f.code is Code.STALE} == stale
        assert {f.code for f in findings} == {Code.STALE, Code.SOON_STALE}
        assert counted(findings) == {Severity.ERROR: 0, Severity.WARNING: 11, Severity.INFO: 1}

    def test_a_contradiction_put_into_it_is_found(self) -> None:
        """Somebody adds that Osterwave costs more than it does."""
        other = next(i for i in sample_items() if i.id == "osterwave-list-price")
        wrong = other.model_copy(
            update={"id": "x", "them": "Osterwave costs 8.20 EUR per user.", "text": "New list."}
        )
        (error,) = [f for f in check([*sample_items(), wrong], TODAY) if f.code == "contradiction"]
        assert error.evidence_ids == ("osterwave-list-price", "x")
