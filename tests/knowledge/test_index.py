"""The index: complete, idempotent, in a folder that one process holds or on a server."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from knowledge.chunking import passages
from knowledge.errors import EmbedderBroken, IndexBroken, IndexInUse
from knowledge.evidence import Evidence, as_record
from knowledge.indexing.chroma import Chroma, Table
from knowledge.indexing.index import Changes, KnowledgeIndex
from knowledge.indexing.rows import content_hash
from knowledge.vectors.embedding import MiniLMEmbedder
from tests.quick_index import LONG, VERSIONS, CountingEmbedder, item

ROOT = Path(__file__).parents[2]


@pytest.fixture
def counting() -> CountingEmbedder:
    return CountingEmbedder()


@pytest.fixture
def index(place: Path | str, counting: CountingEmbedder) -> Iterator[KnowledgeIndex]:
    made = KnowledgeIndex(place, counting)
    yield made
    made.close()


def test_what_went_in_comes_out_whole(index: KnowledgeIndex) -> None:
    """Every field of an item survives the index, by id and in order."""
    first = item("a").model_copy(update={"competitor": "Meridant", "do_not_say": ("never",)})
    index.upsert([item("b"), first])
    assert index.all() == [first, item("b")]
    assert index.get("a") == first
    assert index.get("c") is None
    assert index.count() == 2
    index.close()


def test_passages_are_verbatim_parts_of_their_item(index: KnowledgeIndex) -> None:
    """A span always says where the passage stands."""
    index.upsert([item("a", LONG)])
    contents = index.contents()
    found = [contents.passage(number) for number in range(len(contents))]
    assert len(found) > 2
    assert all(p.text == p.evidence.text[slice(*p.span)] for p in found)


def test_unchanged_items_cost_no_embedding(place: Path | str, counting: CountingEmbedder) -> None:
    """The second time only what changed is embedded, also after reopening."""
    index = KnowledgeIndex(place, counting)
    assert index.upsert([item("a"), item("b")]) == Changes(added=2)
    index.close()
    counting.texts.clear()
    again = KnowledgeIndex(place, counting)
    assert again.upsert([item("a"), item("b", "Another text.")]) == Changes(changed=1, unchanged=1)
    assert counting.texts == ["About b\nAnother text."]
    again.close()


def test_a_shorter_version_leaves_nothing_of_the_longer_one(index: KnowledgeIndex) -> None:
    """All passages of an item are replaced when any changes."""
    index.upsert([item("a", LONG)])
    index.upsert([item("a", "Short now.")])
    contents = index.contents()
    assert [contents.passage(n).text for n in range(len(contents))] == ["Short now."]
    assert not contents.stale


def test_removing_takes_every_passage(index: KnowledgeIndex) -> None:
    """Unknown ids are no error, and the number says what really went."""
    index.upsert([item("a", LONG), item("b")])
    assert index.remove(["a", "nobody"]) == 1
    contents = index.contents()
    assert [contents.item_of(n).id for n in range(len(contents))] == ["b"]


def test_progress_counts_items_up_to_the_total(index: KnowledgeIndex) -> None:
    """A progress bar can be drawn from it, and it ends full."""
    seen: list[tuple[int, int]] = []
    index.upsert([item("a")])
    index.upsert([item("a"), item("b"), item("c", LONG)], lambda *at: seen.append(at))
    assert seen[-1] == (3, 3)
    assert seen == sorted(seen)


def test_progress_is_told_while_there_is_work(
    place: Path | str, counting: CountingEmbedder
) -> None:
    """After every batch, however many passages the items have."""
    index = KnowledgeIndex(place, counting)
    seen: list[int] = []
    index.upsert(VERSIONS[0], lambda done, _: seen.append(done))
    assert len(seen) >= 4
    index.close()


def test_generation_grows_with_every_change_only(index: KnowledgeIndex) -> None:
    """Whatever is derived from the index can tell that it is out of date."""
    index.upsert([item("a")])
    before = index.generation
    index.upsert([item("a")])
    assert index.generation == before
    index.remove(["a"])
    assert index.generation > before


def test_a_change_touches_nothing_else(index: KnowledgeIndex) -> None:
    """What derives from an item can be kept as long as it is the same object."""
    index.upsert([item("a"), item("b", LONG), item("c")])
    before = index.contents()
    index.upsert([item("b", "Short now.")])
    after = index.contents()
    assert after is index.contents() is not before
    assert after.items["a"] is before.items["a"]
    assert after.items["c"] is before.items["c"]
    assert len(before) > len(after) == 3


def test_changes_one_by_one_give_what_a_fresh_reading_gives(
    place: Path | str, counting: CountingEmbedder
) -> None:
    """Items and columns stay right without ever being read again."""
    index = KnowledgeIndex(place, counting)
    random = Random(5)
    for _ in range(25):
        keys = random.sample([f"k{n}" for n in range(30)], random.randrange(6))
        if random.random() < 0.3:
            index.remove(keys)
        else:
            index.upsert([item(key, LONG[: random.randrange(1, 3_000)]) for key in keys])
    live = index.contents()
    index.close()
    fresh = index.contents()
    assert live.items == fresh.items
    assert list(live.items) == sorted(live.items)
    assert (live.hashes, live.written) == (fresh.hashes, fresh.written)
    assert live.rows == fresh.rows
    assert live.owners.tolist() == fresh.owners.tolist()
    assert live.spans.tolist() == fresh.spans.tolist()
    assert live.stale == fresh.stale == {}
    assert set(index.vectors(live.rows)) == set(live.rows)
    index.close()


def test_what_is_stored_is_found_while_the_rest_is_written(
    place: Path | str, counting: CountingEmbedder
) -> None:
    """Nobody waits for the end of an import, and every item seen is whole."""
    index = KnowledgeIndex(place, counting)
    index.upsert(VERSIONS[0])
    seen: list[set[str]] = []

    def look(*_: int) -> None:
        contents = index.contents()
        seen.append({contents.hashes[one.id] for one in VERSIONS[1]})
        assert {row.rsplit("#", 1)[0] for row in contents.rows} == {
            f"{key}#{hash_[:12]}" for key, hash_ in contents.hashes.items()
        }

    index.upsert(VERSIONS[1], look)
    assert len({frozenset(hashes) for hashes in seen}) >= 3
    index.close()


class FailingEmbedder(CountingEmbedder):
    """As a remote one whose server goes away after so many texts."""

    left = 200

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.left -= len(texts)
        if self.left < 0:
            raise EmbedderBroken("the embedding server went away")
        return super().embed(texts)


def test_a_failing_embedder_is_told_and_the_rerun_goes_on(place: Path | str) -> None:
    """What was stored before stays; nothing is embedded twice but the batch that was lost."""
    embedder = FailingEmbedder()
    index = KnowledgeIndex(place, embedder)
    with pytest.raises(EmbedderBroken):
        index.upsert(VERSIONS[0])
    stored = index.contents()
    assert 0 < len(stored.items) < 60
    embedder.left = 10_000
    assert index.upsert(VERSIONS[0]) == Changes(60 - len(stored.items), 0, len(stored.items))
    assert not index.contents().stale
    index.close()
    assert list(index.contents().items.values()) == sorted(VERSIONS[0], key=lambda one: one.id)
    index.close()


def test_a_failing_database_is_told_and_the_rerun_goes_on(
    place: Path | str, counting: CountingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error of the writing thread reaches the caller, and nothing is written after it."""
    index = KnowledgeIndex(place, counting)
    real, calls = Table.put, 0

    def full_disk(table: Table, *rows: Any) -> None:
        nonlocal calls
        calls += table.name.startswith("evidence-")
        if calls == 2:
            raise IndexBroken("disk full")
        real(table, *rows)

    with monkeypatch.context() as patch:
        patch.setattr(Table, "put", full_disk)
        with pytest.raises(IndexBroken, match="disk full"):
            index.upsert(VERSIONS[0])
    assert calls == 2
    assert 0 < index.count() < 60
    index.upsert(VERSIONS[0])
    assert index.count() == 60
    assert not index.contents().stale
    index.close()


def early_rows(one: Evidence, digest: str) -> tuple[list[str], list[dict[str, Any]]]:
    """The rows of ``one`` as the first version of the index wrote them, its head last."""
    shared = {"evidence_id": one.id, "hash": digest, "kind": one.kind.value, "valid_until": 9}
    rows = [
        (f"{one.id}#{n}", {**shared, "start": start, "end": end, "passage": n})
        for n, (start, end) in enumerate(passages(one.text))
    ]
    rows[0][1].update(passages=len(rows), record=json.dumps(as_record(one)))
    return [row for row, _ in rows[::-1]], [metadata for _, metadata in rows[::-1]]


def test_an_index_of_the_first_version_is_taken_over(
    tmp_path: Path, counting: CountingEmbedder
) -> None:
    """Its items count as they are, even half replaced ones, and the next change renews them."""
    table = Table(Chroma(tmp_path), "evidence-counting")
    whole, halved, new = item("whole", LONG), item("halved", LONG), item("halved", "Short.")
    for one, part in ((whole, None), (halved, None), (item("halved", LONG + "!"), 3)):
        ids, metadatas = early_rows(one, content_hash(one))
        table.put(ids[:part], counting.embed(ids[:part]), metadatas[:part], ids[:part])
    table.chroma.close()
    index = KnowledgeIndex(tmp_path, counting)
    assert index.all() == [halved, whole]
    counting.texts.clear()
    assert index.upsert([whole]) == Changes(unchanged=1)
    assert not counting.texts
    assert index.upsert([new]) == Changes(changed=1)
    assert index.all() == [new, whole]
    index.close()
    assert index.all() == [new, whole]
    assert not index.contents().stale
    index.close()
    assert sum(row.startswith("halved#") for row in table.ids()) == 1
    table.chroma.close()


def test_another_embedder_has_a_collection_of_its_own(
    tmp_path: Path, counting: CountingEmbedder, embedder: MiniLMEmbedder
) -> None:
    """Vectors of two models never meet."""
    first = KnowledgeIndex(tmp_path, counting)
    first.upsert([item("a")])
    first.close()
    second = KnowledgeIndex(tmp_path, embedder)
    assert second.count() == 0
    second.close()


def test_a_second_holder_is_refused_in_one_line(tmp_path: Path, counting: CountingEmbedder) -> None:
    """Two processes on one embedded folder lose data, so the second is told what to do."""
    index = KnowledgeIndex(tmp_path, counting)
    index.count()
    program = (
        "import sys; from pathlib import Path\n"
        "from knowledge.vectors.embedding import MiniLMEmbedder\n"
        "from knowledge.errors import IndexInUse\n"
        "from knowledge.indexing.index import KnowledgeIndex\n"
        "try: KnowledgeIndex(Path(sys.argv[1]), MiniLMEmbedder()).count()\n"
        "except IndexInUse as error: print(error)"
    )
    found = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert found.stdout.count("\n") == 1
    assert "stop it, or give this one its own folder" in found.stdout
    index.close()


def test_closing_lets_the_next_one_in(tmp_path: Path, counting: CountingEmbedder) -> None:
    """And the closed one opens again when it is used."""
    index = KnowledgeIndex(tmp_path, counting)
    index.upsert([item("a")])
    other = KnowledgeIndex(tmp_path, counting)
    with pytest.raises(IndexInUse):
        other.count()
    index.close()
    assert other.count() == 1
    other.upsert([item("b")])
    other.close()
    assert index.count() == 2
    index.close()


def test_a_broken_folder_says_how_to_go_on(tmp_path: Path, counting: CountingEmbedder) -> None:
    """And doing what it says helps, in the same process."""
    index = KnowledgeIndex(tmp_path / "index", counting)
    index.upsert([item("a")])
    index.close()
    (tmp_path / "index" / "chroma.sqlite3").write_bytes(b"not a database" * 500)
    with pytest.raises(IndexBroken, match=r"delete .* and start again: it is rebuilt"):
        index.count()
    shutil.rmtree(tmp_path / "index")
    assert index.upsert([item("a")]) == Changes(added=1)
    index.close()
