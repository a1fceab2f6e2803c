"""Scenario, difficulty, persona and seed make a session, whichever process holds it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def told(copy_of_sample: Callable[[], Path]) -> list[str]:
    """What two processes print that hold the same talks, with hashes of their own."""
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.retold", str(copy_of_sample())],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed},
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in ("1", "4")
    ]
    printed = [process.communicate(timeout=120)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0]
    return printed


def test_two_processes_hold_the_same_session(told: list[str]) -> None:
    """Words, acts, reasons, feelings and tips are the same to the last letter."""
    assert told[0] == told[1]
    assert len(json.loads(told[0])) == 2


def test_a_figure_that_nobody_knows_is_asked_about_and_its_source_noted(told: list[str]) -> None:
    """With the real ledger: the source is named by the title of a case study that exists."""
    interest = json.loads(told[0])[0]
    acts = [turn["act"] for turn in interest if turn["act"]]
    asked = acts.index("challenge")
    assert acts[asked + 1] in ("note", "accept")
    assert interest[-1]["state"]["challenged"] is None


def test_a_promise_is_remembered(told: list[str]) -> None:
    """In the seller's own words, with the turn it was made in."""
    promises = json.loads(told[0])[1][-1]["state"]["promises"]
    assert promises == [{"words": "I'll send you the audit report by Friday.", "turn": 2}]
