"""Several processes on one Chroma server: each sees what the others do, and nothing is lost."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from knowledge.errors import IndexUnavailable
from knowledge.indexing.chroma import Chroma, Table
from knowledge.indexing.index import Changes, KnowledgeIndex
from knowledge.indexing.rows import content_hash, rows_of
from tests.chroma_server import chroma_server, free_port
from tests.quick_index import LONG, VERSIONS, CountingEmbedder, item

ROOT = Path(__file__).parents[2]
WRITER = """
import sys
from knowledge.indexing.index import KnowledgeIndex
from tests.quick_index import LONG, CountingEmbedder, item
index = KnowledgeIndex(sys.argv[1], CountingEmbedder())
index.upsert([item("far", LONG), item("near", "Changed far away.")])
index.remove(["gone"])
index.close()
"""


@pytest.fixture
def opened(server: str) -> Iterator[Callable[[], KnowledgeIndex]]:
    """Opens the index of the server as another process would: with a client of its own."""
    made: list[KnowledgeIndex] = []

    def open_one() -> KnowledgeIndex:
        made.append(KnowledgeIndex(server, CountingEmbedder()))
        return made[-1]

    yield open_one
    for one in made:
        one.close()


def eventually(true: Callable[[], bool], seconds: float = 30) -> bool:
    """Whether it becomes true; generous, since the machine may be busy."""
    end = time.monotonic() + seconds
    while not (done := true()) and time.monotonic() < end:
        time.sleep(0.05)
    return done


def test_what_another_process_writes_is_seen(
    server: str, opened: Callable[[], KnowledgeIndex]
) -> None:
    """Added, changed and removed items, while what didn't change stays the same object."""
    index = opened()
    index.upsert([item("near"), item("gone"), item("still")])
    before = index.contents()
    subprocess.run([sys.executable, "-c", WRITER, server], cwd=ROOT, check=True, timeout=60)
    assert eventually(lambda: index.contents() is not before)
    assert eventually(lambda: index.get("gone") is None)
    assert index.get("far") == item("far", LONG)
    assert index.get("near") == item("near", "Changed far away.")
    assert index.contents().items["still"] is before.items["still"]
    assert set(index.vectors(index.contents().rows)) == set(index.contents().rows)
    assert index.generation > before.generation


def test_a_writer_knows_what_others_did_a_moment_ago(
    opened: Callable[[], KnowledgeIndex],
) -> None:
    """It embeds nothing that is there and counts what is really there, without waiting."""
    one, other = opened(), opened()
    other.count()
    one.upsert([item("a"), item("b")])
    assert other.upsert([item("a"), item("b", "New.")]) == Changes(changed=1, unchanged=1)
    assert one.remove(["b", "c"]) == 1
    assert other.remove(["b"]) == 0


def test_two_writers_at_once_lose_nothing_and_mix_nothing(
    opened: Callable[[], KnowledgeIndex],
) -> None:
    """Items of their own are all there; of an item that both write, one whole version is."""
    one, other, reader = opened(), opened(), opened()
    reader.count()
    own = [[item(f"{name}{n}", LONG[: 99 * n]) for n in range(1, 30)] for name in ("x", "y")]
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(
            lambda at: at[0].upsert([*at[1], *VERSIONS[at[2]]]),
            [(one, own[0], 0), (other, own[1], 1)],
        ))  # fmt: skip
    versions = [{content_hash(two) for two in both} for both in zip(*VERSIONS, strict=True)]
    for index in (one, other, reader, opened()):
        assert eventually(lambda index=index: index.count() == 118 and not missing(index))
        hashes = index.contents().hashes
        assert all(hashes[mine.id] == content_hash(mine) for mine in (*own[0], *own[1]))
        assert all(hashes[f"k{n}"] in both for n, both in enumerate(versions))
    assert eventually(lambda: one.contents().hashes == other.contents().hashes)


def missing(index: KnowledgeIndex) -> set[str]:
    """Rows that should be there and aren't, and items that aren't whole."""
    contents = index.contents()
    absent = set(contents.rows) - set(index.vectors(contents.rows))
    return absent | (contents.items.keys() - contents.hashes.keys())


def test_of_two_heads_the_newest_counts(server: str, opened: Callable[[], KnowledgeIndex]) -> None:
    """Whichever came first into the database; the older ones go with the next change."""
    table = Table(Chroma(server), "evidence-counting")
    now = time.time_ns()
    for text, stamp in (("Newest.", now), (LONG, now - 10**9), ("Old.", now - 10**13)):
        written_by_another(table, text, stamp)
    index = opened()
    assert index.all() == [item("a", "Newest.")]
    assert index.remove(["a"]) == 1
    assert table.ids() == []
    table.chroma.close()


def test_what_another_is_writing_is_left_alone_for_a_while(
    server: str, opened: Callable[[], KnowledgeIndex]
) -> None:
    """Rows without a head are work in progress, unless they are hours old."""
    table = Table(Chroma(server), "evidence-counting")
    recent = written_by_another(table, LONG, time.time_ns(), without_head=True)
    written_by_another(table, LONG + "!", time.time_ns() - 2 * 3_600 * 10**9, without_head=True)
    index = opened()
    index.upsert([item("b")])
    assert index.all() == [item("b")]
    assert sorted(table.ids()) == sorted([*recent, *index.contents().rows])
    table.chroma.close()


def written_by_another(
    table: Table, text: str, stamp: int, without_head: bool = False
) -> list[str]:
    rows = rows_of(item("a", text), content_hash(item("a", text)), stamp)
    rows = rows[:-1] if without_head else rows
    vectors = CountingEmbedder().embed([row.text for row in rows])
    table.put([row.id for row in rows], vectors, [row.metadata for row in rows])
    return [row.id for row in rows]


def test_what_a_killed_process_did_is_seen_though_it_told_nobody(
    server: str, opened: Callable[[], KnowledgeIndex]
) -> None:
    """The rows don't add up, so all of them are read again, in the background."""
    index = opened()
    index.upsert([item("a"), item("b")])
    table = Table(Chroma(server), "evidence-counting")
    rows = rows_of(item("late", LONG), content_hash(item("late", LONG)), time.time_ns())
    vectors = CountingEmbedder().embed([row.text for row in rows])
    table.put([row.id for row in rows], vectors, [row.metadata for row in rows])
    table.delete(index.contents().rows_of("a"))
    table.chroma.close()
    assert eventually(lambda: index.get("late") is not None)
    assert index.get("a") is None


def test_a_reader_that_missed_a_lot_reads_everything(
    opened: Callable[[], KnowledgeIndex], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Notes of changes don't grow for ever."""
    monkeypatch.setattr("knowledge.indexing.journal.REMEMBERED", 3)
    one, other = opened(), opened()
    other.count()
    for n in range(6):
        one.upsert([item(f"a{n}"), item(f"b{n}")])
    assert eventually(lambda: other.count() == 12)
    assert other.contents().rows == one.contents().rows


def test_a_server_that_goes_away_is_told_and_comes_back(tmp_path: Path) -> None:
    """In one line with its address; the same index works again without being reopened."""
    port = free_port()
    index = KnowledgeIndex(f"http://127.0.0.1:{port}", CountingEmbedder())
    with pytest.raises(IndexUnavailable, match=rf"127\.0\.0\.1:{port} .*start it"):
        index.count()
    with chroma_server(tmp_path, port):
        index.upsert([item("a")])
        probe = index.vectors(index.contents().rows)[
            "a#" + index.contents().rows[0].split("#", 1)[1]
        ]
    with pytest.raises(IndexUnavailable) as raised:
        index.nearest(probe, 1)
    assert "\n" not in str(raised.value)
    with pytest.raises(IndexUnavailable):
        index.upsert([item("b")])
    with chroma_server(tmp_path, port):
        assert eventually(lambda: answers(index))
        assert index.upsert([item("a"), item("b")]) == Changes(added=1, unchanged=1)
        assert [row.split("#")[0] for row, _ in index.nearest(probe, 1)] == ["a"]
        index.close()


def answers(index: KnowledgeIndex) -> bool:
    try:
        return index.count() == 1
    except IndexUnavailable:
        return False


def test_an_index_that_was_set_up_anew_is_taken_as_it_is(
    server: str, opened: Callable[[], KnowledgeIndex]
) -> None:
    """The collection was deleted under it: empty, it is filled again."""
    index = opened()
    index.upsert([item("a"), item("b")])
    chroma = Chroma(server)
    for name in chroma.names():
        chroma.drop(name)
    chroma.close()
    assert eventually(lambda: empty(index))
    assert index.upsert([item("a")]) == Changes(added=1)


def empty(index: KnowledgeIndex) -> bool:
    try:
        return index.count() == 0
    except IndexUnavailable:  # once: the collection it had isn't there
        return False


@pytest.mark.parametrize(
    "url",
    [
        "ftp://host:8000",
        "http://",
        "http://host:port",
        "http://host:8000/prefix",
        "http://me:pw@host",
    ],
)
def test_an_address_that_cannot_be_a_server_is_refused(url: str) -> None:
    """At once, and the line says how to write it, without the password in it."""
    with pytest.raises(IndexUnavailable, match="http://HOST:PORT") as raised:
        KnowledgeIndex(url, CountingEmbedder())
    assert "pw" not in str(raised.value)
