"""Scenario, difficulty, persona and seed make a session, whichever process holds it."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from coach.scenario_book import ScenarioBook
from coach.service import CoachService
from knowledge.searching.retrieval import HybridRetriever
from knowledge.vectors.embedding import MiniLMEmbedder
from tests.fakes import FixedClock, MemoryStore
from tests.retold import retell

ROOT = Path(__file__).parents[2]

Told = list[list[dict[str, Any]]]


@pytest.fixture(scope="module")
def told(book: ScenarioBook, retriever: HybridRetriever, embedder: MiniLMEmbedder) -> Told:
    """The talks as they go here, with the real ledger; as JSON would have them."""
    service = CoachService(
        scenarios=book,
        store=MemoryStore(),
        retriever=retriever,
        embedder=embedder,
        clock=FixedClock(),
    )
    found: Told = json.loads(json.dumps(asyncio.run(retell(service))))
    return found


def test_a_figure_that_nobody_knows_is_asked_about_and_its_source_noted(told: Told) -> None:
    """The source is named by the title of a case study that exists."""
    acts = [turn["act"] for turn in told[0] if turn["act"]]
    assert acts[-2:] == ["challenge", "note"]
    assert told[0][-1]["state"]["challenged"] is None


def test_a_promise_is_remembered(told: Told) -> None:
    """In the seller's own words, with the turn it was made in."""
    promises = told[1][-1]["state"]["promises"]
    assert promises == [{"words": "I'll send you the audit report by Friday.", "turn": 2}]


@pytest.mark.slow
def test_another_process_holds_the_same_session(
    told: Told, copy_of_sample: Callable[[], Path]
) -> None:
    """Words, acts, reasons, feelings and tips are the same to the last letter."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.retold", str(copy_of_sample())],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "4"},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert json.loads(ran.stdout) == told
