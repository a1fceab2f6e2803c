"""Us against a competitor: every criterion once, and honest about who is ahead."""

from __future__ import annotations

from datetime import date
from typing import Any

from knowledge.checking.compare import compare, competitors
from knowledge.evidence import Advantage, Evidence, Kind, Visibility
from tests.sample import sample_items

TODAY = date(2026, 11, 23)


def fact(key: str, criterion: str | None = "price", **more: Any) -> Evidence:
    return Evidence(
        id=key,
        kind=Kind.COMPETITIVE_FACT,
        title=f"Title of {key}",
        text=f"Text of {key}.",
        criterion=criterion,
        **{"competitor": "Pellicom", "advantage": Advantage.US, **more},
    )


class TestRows:
    """One row per criterion, spoken for by its newest current fact."""

    def test_a_row_says_what_its_fact_says(self) -> None:
        """Both sides word for word, who is ahead, source, date and where it stands."""
        item = fact("a", us="We cost 5.", them="They cost 9.", source="List", as_of=TODAY)
        (row,) = compare([item], "Pellicom", TODAY).rows
        assert (row.criterion, row.us, row.them) == ("price", "We cost 5.", "They cost 9.")
        assert (row.ahead, row.source, row.as_of) == (Advantage.US, "List", TODAY)
        assert (row.evidence_id, row.stale, row.text) == ("a", False, None)

    def test_a_fact_without_sides_is_shown_as_it_stands(self) -> None:
        """Its whole text, under its title where it names no criterion, and nobody is ahead."""
        (row,) = compare([fact("a", None, advantage=None)], "Pellicom", TODAY).rows
        assert (row.criterion, row.text) == ("Title of a", "Text of a.")
        assert row.ahead is Advantage.UNSTATED

    def test_only_that_competitor_is_in_it(self) -> None:
        """Whatever the case it is asked in; its name comes back as the facts write it."""
        others = [fact("b", competitor="Meridant"), fact("c", competitor=None)]
        found = compare([fact("a"), *others], " pellicom", TODAY)
        assert [row.evidence_id for row in found.rows] == ["a"]
        assert found.competitor == "Pellicom"
        assert competitors([*others, fact("d", competitor="PELLICOM")]) == ["Meridant", "PELLICOM"]

    def test_rows_come_by_criterion(self) -> None:
        """Not by who is ahead: the order flatters nobody."""
        rows = compare([fact("a", "uptime"), fact("b", "API")], "Pellicom", TODAY).rows
        assert [row.criterion for row in rows] == ["API", "uptime"]

    def test_the_newest_current_fact_speaks(self) -> None:
        """Older ones are named; what ran out gives way to what holds, even when it is newer."""
        old = fact("old", "contract term", as_of=date(2025, 1, 1))
        new = fact("new", "Contract terms", as_of=date(2026, 1, 1))
        ran_out = fact("gone", "contract term", as_of=TODAY, valid_until=date(2026, 11, 22))
        (row,) = compare([old, ran_out, new], "Pellicom", TODAY).rows
        assert (row.evidence_id, row.others, row.disputed) == ("new", ("old", "gone"), False)

    def test_facts_that_disagree_are_a_dispute(self) -> None:
        """Nobody is said to be ahead then; a fact that states nothing disputes nothing."""
        theirs = fact("b", advantage=Advantage.THEM)
        found = compare([fact("a"), theirs], "Pellicom", TODAY)
        assert (found.rows[0].ahead, found.rows[0].disputed) == (Advantage.MIXED, True)
        assert (found.totals.ahead, found.totals.behind, found.totals.mixed) == (0, 0, 1)
        silent = fact("b", advantage=Advantage.UNSTATED)
        assert compare([fact("a"), silent], "Pellicom", TODAY).rows[0].disputed is False


class TestWhatACustomerMaySee:
    """Nothing internal, and nothing out of date unmarked."""

    def test_internal_facts_are_left_out(self) -> None:
        """Also as the other fact of a criterion; asked for, they are marked."""
        inside = fact("in", visibility=Visibility.INTERNAL, as_of=TODAY)
        found = compare([fact("a"), inside], "Pellicom", TODAY)
        assert found.for_customer
        assert [(row.evidence_id, row.others) for row in found.rows] == [("a", ())]
        assert compare([inside], "Pellicom", TODAY).rows == ()
        ours = compare([fact("a"), inside], "Pellicom", TODAY, internal=True)
        assert not ours.for_customer
        assert (ours.rows[0].evidence_id, ours.rows[0].internal) == ("in", True)

    def test_what_ran_out_is_marked_and_not_counted(self) -> None:
        """On its last day it still holds."""
        ended = fact("a", valid_until=date(2026, 11, 22))
        last = fact("b", "uptime", valid_until=TODAY)
        found = compare([ended, last], "Pellicom", TODAY)
        assert [row.stale for row in found.rows] == [True, False]
        assert (found.totals.ahead, found.totals.stale) == (1, 1)


class TestSample:
    """The shipped competitors, counted by hand."""

    def test_totals_are_those_of_the_files(self) -> None:
        """Ahead, behind, even, mixed, unstated, stale."""
        assert competitors(sample_items()) == ["Meridant", "Osterwave", "Pellicom"]
        counted = {}
        for name in competitors(sample_items()):
            t = compare(sample_items(), name, TODAY).totals
            counted[name] = (t.ahead, t.behind, t.even, t.mixed, t.unstated, t.stale)
        assert counted == {
            "Meridant": (4, 4, 3, 0, 0, 1),
            "Osterwave": (6, 3, 2, 0, 0, 1),
            "Pellicom": (4, 3, 3, 2, 0, 1),
        }

    def test_internal_figures_stay_inside(self) -> None:
        """What the sales team saw of their discounts is for coaching only."""
        shown = str([compare(sample_items(), name, TODAY) for name in competitors(sample_items())])
        assert "renewals that our sales team saw" not in shown
        assert "pellicom-quarter-end" not in shown
        own = str(compare(sample_items(), "Meridant", TODAY, internal=True))
        assert "renewals that our sales team saw" in own
