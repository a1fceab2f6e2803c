"""``coach ingest`` as people run it: real files, a real index, a process of its own."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from types import SimpleNamespace

import pytest

from api import progress

ROOT = Path(__file__).parents[2]
COACH = [sys.executable, "-m", "api.cli"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "files"
    made.mkdir()
    (made / "a.md").write_text("# One\n\nCalls were lost.")
    (made / "rows.csv").write_text("title,text\nA,Ay.\nB,x,y\n")
    return made


@pytest.fixture
def home(copy_of_sample: Callable[[], Path]) -> Path:
    return copy_of_sample()


def ingest(folder: Path, home: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COACH, "ingest", str(folder), "--home", str(home), *more],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_report_says_what_became_of_each_file(folder: Path, home: Path) -> None:
    """For programs as JSON; the exit code says whether everything could be read."""
    done = ingest(folder, home, "--json", "--prune")
    told = json.loads(done.stdout)
    assert done.returncode == 1
    assert (told["added"], told["removed"], told["items"]) == (2, 0, 2)
    assert told["files"] == [
        {
            "name": str(folder / "a.md"),
            **{"items": 1, "added": 1, "changed": 0, "unchanged": 0, "removed": 0},
            **{"gone": False, "copy_of": None, "problems": []},
        },
        {
            "name": str(folder / "rows.csv"),
            **{"items": 1, "added": 1, "changed": 0, "unchanged": 0, "removed": 0},
            **{"gone": False, "copy_of": None},
            "problems": [
                {
                    "line": 3,
                    "msg": "this row has 3 cells and the header 2: "
                    "is a cell with a delimiter in it not quoted?",
                }
            ],
        },
    ]
    assert "Reading files ...\nStoring items ...\n" in done.stderr
    (folder / "rows.csv").unlink()
    done = ingest(folder, home, "--prune")
    assert done.stdout == (
        f"{folder / 'rows.csv'}: is gone: 1 removed\n1 file is as it was.\n"
        "0 added, 0 changed, 1 unchanged, 1 removed.\n"
    )
    assert done.returncode == 0


class Watching:
    """A ``coach ingest --watch`` and the lines it says."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self._lines: Queue[str] = Queue()
        for stream in (process.stdout, process.stderr):
            assert stream
            Thread(target=self._listen, args=(stream,), daemon=True).start()

    def _listen(self, stream: Iterator[str]) -> None:
        for line in stream:
            self._lines.put(line)

    def until(self, words: str, seconds: float = 40) -> list[str]:
        """The lines up to the one with these words in it."""
        heard: list[str] = []
        until = time.monotonic() + seconds
        while not heard or words not in heard[-1]:
            try:
                heard.append(self._lines.get(timeout=max(0.01, until - time.monotonic())))
            except Empty:
                raise AssertionError(f"{words!r} was not said, only: {heard}") from None
        return heard


@pytest.fixture
def watching(folder: Path, home: Path) -> Iterator[Watching]:
    with subprocess.Popen(
        [*COACH, "ingest", str(folder), "--watch", "--prune", "--home", str(home)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        yield Watching(process)
        process.kill()


@pytest.mark.slow
def test_what_changes_is_taken_in_as_it_changes(folder: Path, watching: Watching) -> None:
    """New, changed, half-written, broken and deleted files; Ctrl-C ends it without an error."""
    watching.until("Watching; Ctrl-C ends it.")
    (folder / "~$lock.docx").write_bytes(b"x")
    (folder / ".a.md.swp").write_bytes(b"x")
    with (folder / "b.md").open("w") as slowly:
        for number in range(12):  # over a second and more
            slowly.write(f"Word {number}. ")
            slowly.flush()
            time.sleep(0.1)
    heard = watching.until("1 added, 0 changed")
    told = [line for line in heard if str(folder) in line and "rows.csv line 3" not in line]
    assert told == [f"{folder / 'b.md'}: 1 added\n"]  # the first run's complaint may come late
    (folder / "bad.json").write_text("{")
    watching.until("bad.json line 1: it isn't JSON")
    temporary = folder / "a.md.tmp"  # as editors save
    temporary.write_text("# One\n\nNone is lost.")
    temporary.rename(folder / "a.md")
    watching.until(f"{folder / 'a.md'}: 1 changed")
    (folder / "b.md").unlink()
    watching.until(f"{folder / 'b.md'}: is gone: 1 removed")
    new = folder / "2026" / "deep"
    new.mkdir(parents=True)
    (new / "c.md").write_text("A third.")
    watching.until(f"{new / 'c.md'}: 1 added")
    watching.process.send_signal(signal.SIGINT)
    assert watching.process.wait(20) == 0


def test_what_is_not_there_cannot_be_watched(tmp_path: Path, home: Path) -> None:
    """It is told at once."""
    done = ingest(tmp_path / "nowhere", home, "--watch")
    assert done.returncode == 2
    assert done.stderr == f"coach: {tmp_path / 'nowhere'} isn't there, so it can't be watched\n"


def test_without_a_terminal_a_line_is_said_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    """With how many are done, how fast, and how long it will take."""
    said, times = io.StringIO(), iter([0.0, 5.0, 10.0, 12.0, 25.0, 26.0])
    monkeypatch.setattr("sys.stderr", said)
    monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=lambda: next(times)))
    with progress.phases() as told:
        for done in (0, 300, 700, 800, 1_500, 2_000):
            told("Storing items", done, 9_000)
    assert said.getvalue().splitlines() == [
        "Storing items ...",
        "Storing items: 700 of 9,000 (70.0/s, 1 min 59 s left)",
        "Storing items: 1,500 of 9,000 (60.0/s, 2 min 5 s left)",
    ]


def test_on_a_terminal_there_is_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the rate and the time left, and gone afterwards."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    said = Terminal()
    monkeypatch.setattr("sys.stderr", said)
    monkeypatch.setenv("TERM", "xterm")
    with progress.phases() as told:
        for done in range(0, 401, 100):
            told("Storing items", done, 400)
            time.sleep(0.06)
    shown = said.getvalue()
    assert "Storing items" in shown
    assert "400/400" in shown
    assert "/s" in shown
    assert "0:00:00" in shown
    assert shown.endswith("\x1b[2K")
