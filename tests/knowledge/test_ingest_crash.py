"""An ingest may be killed at any moment: run again, it leaves what one clean run would have."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from knowledge.indexing.index import KnowledgeIndex
from knowledge.ingesting.ingest import ingest
from knowledge.ingesting.manifest import Manifest
from tests.knowledge.quick import Quick
from tests.made_files import slides, word, zipped

KILLS = int(os.environ.get("COACH_KILLS", "20"))
SEED = int(os.environ.get("COACH_SEED") or random.SystemRandom().randrange(10**6))  # printed

#: For each line, a number of seconds, starts a process that ingests the folder, and kills it after
#: that time; with 0 it lets it end. Says how long it ran, and whether it was killed.
KILLER = """
import os, signal, sys, time
sys.path.insert(0, sys.argv[3])
from pathlib import Path
import chromadb, knowledge.ingesting.ingest, knowledge.ingesting.planning, knowledge.reading.archive
from knowledge.reading.formats import comma_separated, json_records, markdown
from knowledge.reading.formats import slides, web_page, word
from knowledge.indexing.index import KnowledgeIndex
from tests.knowledge.quick import Quick

knowledge.ingesting.ingest.BATCH = 12
for line in sys.stdin:
    start = time.monotonic()
    child = os.fork()
    if child == 0:
        index = KnowledgeIndex(Path(sys.argv[1]), Quick())
        knowledge.ingesting.ingest.ingest([Path(sys.argv[2])], index, prune=True)
        index.close()
        os._exit(0)
    if float(line):
        time.sleep(float(line))
        os.kill(child, signal.SIGKILL)
    status = os.waitpid(child, 0)[1]
    os.write(1, b"%f %d\\n" % (time.monotonic() - start, status))
"""


class Folder:
    """Files of several kinds that are changed, renamed, copied and deleted by chance."""

    def __init__(self, place: Path, chance: random.Random) -> None:
        self.place, self._chance, self._made = place, chance, 0

    def change(self) -> None:
        for _ in range(self._chance.randint(1, 4)):
            there = sorted(path for path in self.place.rglob("*") if path.is_file())
            some = self._chance.choice(there) if there else None
            what = self._chance.choice(["new", "new", "change", "delete", "rename", "copy"])
            if some is None or len(there) < 5 or what == "new":
                self.new()
            elif what == "change":
                some.write_bytes(self._content(some.suffix))
            elif what == "delete":
                some.unlink()
            elif what == "rename":
                some.rename(self._free(some.suffix))
            else:
                self._free(some.suffix).write_bytes(some.read_bytes())

    def new(self) -> None:
        suffix = self._chance.choice([*sorted(self._kinds()), ".jsonl", ".jsonl"])
        self._free(suffix).write_bytes(self._content(suffix))

    def _free(self, suffix: str) -> Path:
        self._made += 1
        path = self.place / self._chance.choice(["2024", "2025", "."]) / f"f{self._made}{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def _content(self, suffix: str) -> bytes:
        made = self._kinds()[suffix]()
        return made.encode() if isinstance(made, str) else made

    def _kinds(self) -> dict[str, Any]:
        return {
            ".md": lambda: f"# {self._words(2)}\n\n" + f"{self._words(90)}.\n\n" * 3,
            ".csv": lambda: "title,text\n" + "".join(self._row() for _ in range(9)),
            ".jsonl": lambda: "".join(map(self._record, self._chance.sample(range(9), 4))),
            ".html": lambda: f"<h1>A</h1><p>{self._words(30)}",
            ".docx": lambda: word(("Normal", self._words(9))),
            ".pptx": lambda: slides(("A", self._words(9), "")),
            ".zip": lambda: zipped({f"{n}.txt": self._words(9) for n in range(3)}),
        }

    def _row(self) -> str:
        wide = ",one,too,many" if self._chance.random() < 0.03 else ""
        return f"{self._words(1)},{self._words(5)}{wide}\n"

    def _record(self, key: int) -> str:
        """Files share ids, and most say something else under them."""
        text = f"all about {key}, version {self._chance.randrange(3)}"
        return json.dumps({"id": f"shared-{key}", "text": text}) + "\n"

    def _words(self, count: int) -> str:
        return " ".join(f"w{self._chance.randrange(10**6)}" for _ in range(count))


class Killer:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def run(self, seconds: float = 0.0) -> tuple[float, bool]:
        """How long an ingest ran, and whether it was killed before its end."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{seconds}\n")
        self._process.stdin.flush()
        took, status = self._process.stdout.readline().split()
        assert status in {"0", "9"}
        return float(took), status == "9"


@pytest.fixture
def killer(tmp_path: Path) -> Iterator[Killer]:
    root = str(Path(__file__).parents[2])
    with subprocess.Popen(
        [sys.executable, "-c", KILLER, tmp_path / "killed", tmp_path / "files", root],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Killer(process)


def state(folder: Path, index: KnowledgeIndex) -> dict[str, Any]:
    """Everything an ingest leaves, after one (or one more) that isn't killed."""
    ingest([folder], index, prune=True)
    contents = index.contents()
    found = {
        "items": contents.items,
        "hashes": contents.hashes,
        "rows": sorted(contents.rows),
        "vectors": {row: one.tobytes() for row, one in index.vectors(contents.rows).items()},
        "stale": contents.stale,
        "manifest": Manifest(index.notes("files")).entries,
        "intents": index.notes("intents").all(),
    }
    index.close()
    return found


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_killed_at_any_moment_and_run_again(tmp_path: Path, killer: Killer) -> None:
    """Items, hashes, rows, vectors and manifest are those of one clean run, after each of 20."""
    print("seed", SEED)
    chance = random.Random(SEED)
    folder = Folder(tmp_path / "files", chance)
    for _ in range(12):
        folder.new()
    clean = KnowledgeIndex(tmp_path / "clean", Quick())  # type: ignore[arg-type]
    killed = KnowledgeIndex(tmp_path / "killed", Quick())  # type: ignore[arg-type]
    usual, kills = 1.0, 0
    while kills < KILLS:
        took, was_killed = killer.run(chance.uniform(0.02, usual))
        kills += was_killed
        usual = usual if was_killed else min(usual, took)
        wanted, found = state(folder.place, clean), state(folder.place, killed)
        assert found == wanted
        folder.change()
    print(kills, "kills; a whole run takes", usual, "s at most")
