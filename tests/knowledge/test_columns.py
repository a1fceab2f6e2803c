"""Columns: the same answers as ``Filters.allow`` item by item."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.evidence import (
    TEXT_FIELDS,
    Advantage,
    Evidence,
    Filters,
    Kind,
    Label,
    Peer,
    Truth,
    Visibility,
)
from knowledge.indexing.columns import Columns

NAMES = st.none() | st.sampled_from(["Retail", "RETAIL", "Straße", "STRASSE", "Ελλάς", "物流"])
DAYS = st.none() | st.dates(date(2026, 1, 1), date(2026, 1, 9))
SIZES = st.none() | st.integers(0, 9) | st.just(10**12)
CHOICES = {
    "truth": st.none() | st.sampled_from(Truth),
    "advantage": st.none() | st.sampled_from(Advantage),
}
items = st.builds(
    Evidence,
    id=st.just("some"),
    kind=st.sampled_from([kind for kind in Kind if kind is not Kind.RUMOUR]),
    title=st.just("Some"),
    text=st.just("Some."),
    size=SIZES,
    as_of=DAYS,
    valid_until=DAYS,
    visibility=st.sampled_from(Visibility),
    label=st.sampled_from(Label),
    **dict.fromkeys(TEXT_FIELDS, NAMES),
    **CHOICES,
)
wanted: dict[str, st.SearchStrategy[Any]] = {
    "kinds": st.lists(st.sampled_from(Kind), max_size=2).map(tuple),
    **dict.fromkeys(TEXT_FIELDS, NAMES | st.just("")),
    **CHOICES,
    "visibility": st.none() | st.sampled_from(Visibility),
    "label": st.none() | st.sampled_from(Label),
    **dict.fromkeys(("size_from", "size_to"), SIZES),
    **dict.fromkeys(("as_of_from", "as_of_to", "quotable_on", "stale_on", "current_on"), DAYS),
}
one_filter = st.sampled_from(sorted(wanted)).flatmap(
    lambda name: st.builds(Filters, **{name: wanted[name]})
)


@given(st.lists(items, max_size=8), one_filter | st.builds(Filters, **wanted))
@settings(max_examples=300, deadline=None)
def test_a_mask_lets_through_what_the_filter_allows(
    found: list[Evidence], filters: Filters
) -> None:
    """For any items and any filter, field by field and all fields at once."""
    assert Columns(found).allowed(filters).tolist() == [filters.allow(item) for item in found]


def item(**fields: Any) -> Evidence:
    given = {"id": "a", "kind": Kind.CASE_STUDY, "title": "A", "text": "A."} | fields
    return Evidence.model_validate(given)


@pytest.mark.parametrize(
    ("filters", "fields", "others"),
    [
        (Filters(customer="nordtal"), {"customer": "Nordtal"}, {"customer": "Nordtal AG"}),
        (Filters(criterion=""), {}, {"criterion": "price"}),
        (Filters(owner="MIRA"), {"owner": "Mira"}, {}),
        (Filters(source="audit"), {"source": "Audit"}, {"source": "talk"}),
        (Filters(size_from=50, size_to=100), {"size": 100}, {"size": 101}),
        (Filters(size_from=50), {"size": 50}, {}),
        (Filters(as_of_from=date(2026, 5, 1)), {"as_of": "2026-05-01"}, {"as_of": "2026-04-30"}),
        (Filters(as_of_to=date(2026, 5, 1)), {"as_of": "2026-05-01"}, {}),
        (Filters(stale_on=date(2026, 5, 1)), {"valid_until": "2026-04-30"}, {}),
        (Filters(current_on=date(2026, 5, 1)), {}, {"valid_until": "2026-04-30"}),
        (Filters(visibility=Visibility.INTERNAL), {"visibility": "internal"}, {}),
        (Filters(label=Label.ASSUMPTION), {"label": "assumption"}, {"label": "inference"}),
        (Filters(advantage=Advantage.THEM), {"advantage": "them"}, {"advantage": "us"}),
        (
            Filters(truth=Truth.FALSE),
            {"kind": "rumour", "truth": "false", "position": "deny"},
            {"kind": "rumour", "truth": "true", "position": "own"},
        ),
    ],
)
def test_every_field_can_be_filtered_on(
    filters: Filters, fields: dict[str, Any], others: dict[str, Any]
) -> None:
    """Text without case, ranges with both ends; what isn't known is in no range."""
    assert filters.allow(item(**fields))
    assert not filters.allow(item(**others))


def test_values_are_listed_once_by_the_alphabet() -> None:
    """As they are written, without the empty one."""
    found = Columns([item(sector=name) for name in ("retail", None, "Energy", "retail")])
    assert found.values("sector") == ["Energy", "retail"]


def test_likeness_puts_sector_before_size_before_region() -> None:
    """And no two smaller ones outweigh a larger."""
    sector, size, region = {"sector": "retail"}, {"size": 300}, {"region": "DACH"}
    peers = [item(**fields) for fields in (sector, size | region, size, region, {"size": 301})]
    likeness = Columns(peers).likeness(Peer("Retail", "dach", 100)).tolist()
    assert likeness == sorted(likeness, reverse=True)
    assert likeness[0] > likeness[1] > likeness[2] > likeness[3] > likeness[4] == 0
