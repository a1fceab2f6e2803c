"""Indexes of several tenants on one Chroma server, kept apart by what their names begin with."""

from __future__ import annotations

from contextlib import closing

from knowledge.indexing.switching import SwitchingIndex
from knowledge.ingesting.ingest import ensure_sample
from knowledge.searching.retrieval import HybridRetriever
from tests.knowledge.test_switching import Embedders
from tests.quick_index import item

OURS, THEIRS = "Ours has nine depots.", "Theirs has a hundred harbours."


def test_two_tenants_on_one_server_share_nothing(server: str) -> None:
    """Neither items of one id, nor searches, nor notes of what was read, nor what is forgotten."""
    with (
        closing(SwitchingIndex(server, Embedders())) as first,
        closing(SwitchingIndex(server, Embedders(), "tenant.acme.")) as second,
    ):
        first.upsert([item("same", OURS), item("only-ours", OURS)])
        second.upsert([item("same", THEIRS)])
        first.notes("files").put("one.csv", "read")
        assert [one.text for one in second.all()] == [THEIRS]
        assert second.notes("files").all() == {}
        found = HybridRetriever(second).search("depots and harbours", limit=9)
        assert {one.text for one in found} == {THEIRS}
        assert [one.passages for one in second.catalogue.all()] == [1]
        assert [one.passages for one in first.catalogue.all()] == [2]
        assert ensure_sample(second) is None
        second.remove(["same"])
        assert {one.id for one in first.all()} == {"same", "only-ours"}
