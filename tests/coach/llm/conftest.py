"""A server on loopback, and no long pauses between tries."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.loopback import Loopback, loopback


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses between tries are short, and none of their lengths is what is tested."""
    monkeypatch.setattr("coach.llm.asking.PAUSE", 0.02)


@pytest.fixture
def server() -> Iterator[Loopback]:
    with loopback() as running:
        yield running
