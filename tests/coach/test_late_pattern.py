"""Patterns that are compiled when they are first used."""

from __future__ import annotations

import re

import pytest

from coach.late_pattern import LatePattern, compile_all, late


def test_it_does_what_a_compiled_one_does() -> None:
    """Its flags count, and its source can be read before."""
    pattern = late(r"(\w+)-(\d)", re.IGNORECASE)
    assert pattern.pattern == r"(\w+)-(\d)"
    compiled = re.compile(r"(\w+)-(\d)", re.IGNORECASE)
    text = "Ab-1 and cd-2"
    assert pattern.findall(text) == compiled.findall(text) == [("Ab", "1"), ("cd", "2")]
    assert pattern.sub(r"\2", text) == compiled.sub(r"\2", text)
    assert [found.span() for found in pattern.finditer(text)] == [(0, 4), (9, 13)]
    assert pattern.groups == 2
    assert pattern.flags & re.IGNORECASE


def test_it_is_compiled_once_and_only_when_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reads the list of patterns pays nothing for it."""
    made: list[str] = []
    real = re.compile
    monkeypatch.setattr(re, "compile", lambda *asked: made.append(asked[0]) or real(*asked))
    patterns = [late(source) for source in ("never used", "used", "made ready")]
    assert made == []
    assert patterns[1].search("it was used")
    assert patterns[1].search("and used")
    assert made == ["used"]
    del patterns[0]
    compile_all()
    assert made.count("made ready") == made.count("used") == 1
    assert "never used" not in made  # nobody holds it any more
    assert isinstance(patterns[0], LatePattern)
