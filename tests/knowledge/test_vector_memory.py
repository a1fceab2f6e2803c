"""Vectors that are remembered, and kept for the next process."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from knowledge.indexing.writing import BATCH
from knowledge.vectors.vector_memory import Rows, VectorMemory


class Maker:
    """Makes a vector of two numbers out of a text, and counts what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, texts: Sequence[str]) -> Rows:
        self.asked += texts
        return np.array([[len(text), 1] for text in texts], dtype=np.float32)


@pytest.fixture
def make() -> Maker:
    return Maker()


def kept(file: Path, make: Maker, texts: Sequence[str]) -> VectorMemory:
    memory = VectorMemory(10, 2, file)
    with memory.collecting() as keep:
        memory.through(texts, make)
        keep()
    return memory


def test_a_text_is_made_once(make: Maker) -> None:
    memory = VectorMemory(10, 2)
    rows = memory.through(["a", "bb", "a"], make)
    assert rows.tolist() == [[1, 1], [2, 1], [1, 1]]
    memory.through(["bb"], make)
    assert make.asked == ["a", "bb"]


def test_an_import_pushes_nothing_out(make: Maker) -> None:
    """The batches that the index embeds are too large to be remembered."""
    memory = VectorMemory(BATCH, 2)
    memory.through(["a"], make)
    memory.through([f"row {n}" for n in range(BATCH)], make)
    memory.through(["a"], make)
    assert make.asked.count("a") == 1


def test_the_oldest_is_forgotten(make: Maker) -> None:
    memory = VectorMemory(2, 2)
    for text in ("a", "b", "a", "c", "a", "b"):
        memory.through([text], make)
    assert make.asked == ["a", "b", "c", "b"]


def test_the_next_process_finds_what_was_kept(tmp_path: Path, make: Maker) -> None:
    kept(tmp_path / "new" / "v.npz", make, ["a", "\ud800"])
    later = Maker()
    again = VectorMemory(10, 2, tmp_path / "new" / "v.npz")
    assert again.through(["\ud800", "a"], later).tolist() == [[1, 1], [1, 1]]
    assert not later.asked
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["v.npz"]


def test_what_people_type_is_not_written(tmp_path: Path, make: Maker) -> None:
    """Only what is asked for while it collects, and by the collecting thread."""
    file = tmp_path / "v.npz"
    memory = kept(file, make, ["example"])
    memory.through(["said in confidence"], make)
    with memory.collecting() as keep:
        memory.through(["example"], make)
        keep()
    assert len(np.load(file)["rows"]) == 1


def test_what_is_no_longer_needed_leaves_the_file(tmp_path: Path, make: Maker) -> None:
    file = tmp_path / "v.npz"
    kept(file, make, ["old", "stays"])
    kept(file, make, ["stays", "new one"])
    assert sorted(np.load(file)["rows"][:, 0]) == [5, 7]


def test_nothing_is_kept_of_what_was_broken_off(tmp_path: Path, make: Maker) -> None:
    memory = VectorMemory(10, 2, tmp_path / "v.npz")
    with memory.collecting():
        memory.through(["half"], make)
    assert not (tmp_path / "v.npz").exists()


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 half a zip"])
def test_a_broken_file_is_made_anew(tmp_path: Path, make: Maker, content: bytes) -> None:
    file = tmp_path / "v.npz"
    file.write_bytes(content)
    kept(file, make, ["a"])
    assert make.asked == ["a"]
    assert len(np.load(file)["rows"]) == 1


@pytest.mark.parametrize(
    "rows",
    [
        np.ones((1, 3), np.float32),
        np.full((1, 2), np.nan, np.float32),
        np.ones((2, 2), np.float32),
        np.ones((1, 2), np.float64),
    ],
)
def test_vectors_of_another_shape_are_not_used(tmp_path: Path, make: Maker, rows: Rows) -> None:
    np.savez(tmp_path / "v.npz", keys=np.zeros((1, 16), np.uint8), rows=rows)
    kept(tmp_path / "v.npz", make, ["a"])
    assert make.asked == ["a"]


def test_a_folder_that_cant_be_written_costs_time_only(tmp_path: Path, make: Maker) -> None:
    (tmp_path / "file").write_text("in the way")
    assert kept(tmp_path / "file" / "v.npz", make, ["a"]).through(["a"], make).tolist() == [[1, 1]]
