"""Hostile strings that people collected, in files of every kind. Run: pytest -m eval tests/evals

None may raise, none may take others with it, and none is more than text afterwards.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable, Iterator
from html import escape, unescape
from pathlib import Path
from typing import Any

import pytest

from knowledge.errors import UnreadableFile
from knowledge.evidence import Evidence
from knowledge.reading.readers import read_content, read_file
from tests.made_files import slides, spreadsheet, word, zipped

pytestmark = [pytest.mark.eval, pytest.mark.timeout(600)]

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("COACH_EVAL_DATA", ROOT.parent / "shared" / "data")) / "security"


def strings() -> list[str]:
    if not DATA.exists():
        pytest.skip(f"{DATA} is not there: set COACH_EVAL_DATA to the folder that holds it")
    found = (json.loads(path.read_text("utf-8")) for path in sorted(DATA.glob("*.json")))
    return [text for part in found for text in _strings(part)]


def _strings(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, list | dict):
        for one in part.values() if isinstance(part, dict) else part:
            yield from _strings(one)


def _xml(text: str) -> str:
    """What XML can hold at all."""
    kept = (c for c in text if c in "\t\n" or (c >= " " and c not in "\ufffe\uffff"))
    return "".join(kept).encode("utf-8", "ignore").decode()


MADE: dict[str, Callable[[str], bytes]] = {
    "a.md": lambda text: text.encode("utf-8", "replace"),
    "a.txt": lambda text: text.encode("utf-8", "replace"),
    "a.csv": lambda text: f"title,text\nA,{text}\n".encode("utf-8", "replace"),
    "a.json": lambda text: json.dumps({"text": text, "title": text[:40]}).encode(),
    "raw.html": lambda text: f"<h1>A</h1><p>{text}".encode("utf-8", "replace"),
    "safe.html": lambda text: f"<h1>A</h1><p>{escape(text)}".encode("utf-8", "replace"),
    "a.docx": lambda text: word(("Normal", _xml(text))),
    "a.pptx": lambda text: slides(("A", _xml(text), "")),
    "a.xlsx": lambda text: spreadsheet({"S": [["title", "text"], ["A", "'" + _xml(text)]]}),
    "a.pdf": lambda text: text.encode("utf-8", "replace"),
}


@pytest.mark.parametrize("name", MADE)
def test_every_string_is_text_or_a_line(name: str) -> None:
    """As the whole content of a file of each kind, beside a good one in a zip."""
    given, items, told, start = strings(), 0, 0, time.perf_counter()
    if name.endswith((".docx", ".pptx")):
        given = given[::20]  # these take long to make
    for text in given:
        packed = zipped({name: MADE[name](text), "good.txt": "It is good."})
        found = list(read_content(packed, Path("all.zip")))
        assert "It is good." in [one.text for one in found if isinstance(one, Evidence)]
        problems = [one for one in found if isinstance(one, UnreadableFile)]
        assert all("\n" not in str(one) for one in problems)
        items, told = items + len(found) - len(problems) - 1, told + len(problems)
    took = time.perf_counter() - start
    print(f"{name}: {len(given)} strings, {items} items, {told} told, {took:.1f} s")


def test_escaped_markup_stays_text() -> None:
    """What a page shows is what is quoted; what it would run is gone."""
    for text in strings():
        (found,) = read_content(f"<h1>A</h1><p>{escape(text)}</p>".encode(), Path("a.html"))
        if isinstance(found, Evidence) and "\x00" not in text and re.search(r"\w", text):
            assert "".join(unescape(text).split())[:20] in "".join(found.text.split()), text


def test_the_files_themselves_are_read_or_told() -> None:
    """As somebody's JSON, found in a folder."""
    strings()
    for path in sorted(DATA.glob("*.json")):
        found = list(read_file(path))
        assert found
        print(path.name, len(found), [str(one) for one in found][:1] if len(found) == 1 else "")
