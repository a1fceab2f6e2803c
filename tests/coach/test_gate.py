"""Editors and imports: one at a time, and nobody waits for an import's end."""

from __future__ import annotations

import threading
import time

from coach.gate import Gate


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
