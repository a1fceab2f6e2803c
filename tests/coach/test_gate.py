"""Editors and imports: one at a time, and nobody waits for an import's end."""

from __future__ import annotations

import threading
import time

import pytest

from coach.gate import LARGEST, SMALLEST, Gate, GatedShelf
from knowledge.indexing.index import Changes, Progress


def test_one_at_a_time() -> None:
    """Whoever is inside is alone there."""
    gate, inside, most = Gate(), 0, 0

    def enter(way: str) -> None:
        nonlocal inside, most
        for _ in range(50):
            with getattr(gate, way)():
                inside += 1
                most = max(most, inside)
                time.sleep(0.0002)
                inside -= 1

    threads = [threading.Thread(target=enter, args=(way,)) for way in ("editing", "importing") * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert (inside, most) == (0, 1)


def test_an_editor_goes_before_the_next_batch() -> None:
    """However quickly an import comes back for more."""
    gate, order, waits = Gate(), [], threading.Event()

    def edit() -> None:
        waits.set()
        with gate.editing():
            order.append("edited")

    editor = threading.Thread(target=edit)
    with gate.importing():
        editor.start()
        assert waits.wait(5)
        time.sleep(0.05)
        order.append("batch 1")
    with gate.importing():
        order.append("batch 2")
    editor.join(5)
    assert order == ["batch 1", "edited", "batch 2"]


class SlowShelf:
    """Takes ``each`` seconds for an item."""

    def __init__(self, each: float) -> None:
        self.each = each
        self.batches: list[int] = []

    def upsert(self, items: list[object], progress: Progress | None = None) -> Changes:
        self.batches.append(len(items))
        time.sleep(self.each * len(items))
        if progress:
            progress(len(items), len(items))
        return Changes(added=len(items))


@pytest.mark.parametrize(
    ("each", "number", "largest"), [(0.02, 40, SMALLEST), (0.0, 3_000, LARGEST)]
)
def test_batches_are_as_long_as_an_editor_may_wait(
    monkeypatch: pytest.MonkeyPatch, each: float, number: int, largest: int
) -> None:
    """Small where items take long, larger where they don't; all go in and are counted once."""
    monkeypatch.setattr("coach.gate.PATIENCE", 0.1)
    slow, told = SlowShelf(each), list[tuple[int, int]]()
    shelf = GatedShelf(slow, Gate())  # type: ignore[arg-type]
    items = [object()] * number
    done = shelf.upsert(items, lambda *step: told.append(step))  # type: ignore[arg-type]
    assert (done.added, sum(slow.batches), max(slow.batches)) == (number, number, largest)
    assert told == sorted(told)
    assert told[-1] == (number, number)
