"""Files that are wrong, broken or meant to harm: one clear line each, and the others go in."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.indexing.index import KnowledgeIndex
from knowledge.ingesting.ingest import ingest
from knowledge.reading import mapping, readers
from knowledge.reading.readers import read_content
from tests.knowledge.quick import Quick
from tests.made_files import problems, read, slides, spreadsheet, unzipped, word, zipped

LAUGHS = "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40))


@pytest.mark.parametrize(
    ("name", "content", "line", "says"),
    [
        ("a.md", "---\na0: &a0 [x]\n" + LAUGHS + "---\nBody.", 1, "aliases (*name) aren't read"),
        ("a.md", "---\ntitle: !!python/object/apply:os.system ['ls']\n---\nB.", 2, "determine a"),
        ("a.md", "---\ntitle: A\nkind: rumour\ntitle: B\n---\nB.", 4, "'title' stands there twice"),
        ("a.md", "---\n? [a, b]\n: 1\n---\nBody.", 2, "isn't YAML"),
        ("a.md", "---\n" + "k: v\n" * 20_000 + "---\nBody.", 1, "longer than 64,000 characters"),
        ("a.md", "---\n" + "[" * 5_000 + "\n---\nBody.", 1, "isn't YAML"),
        ("a.json", '{"text": "A.", "text": "B."}', None, "the field 'text' stands there twice"),
        ("a.json", '[{"text": "A.", "deep": ' + "[" * 100_000, None, "isn't JSON"),
        ("a.jsonl", '{"text": "A.", "as_of": "2026-02-30"}', 1, "as_of: '2026-02-30' is no date"),
        ("a.csv", 'title,text\nA,"' + "x" * 5_000_001 + '"', 2, "field larger than field limit"),
        ("a.csv", "name;phone\nA;1\n", 2, "nothing is said in it"),
        ("a.txt", "Größe zählt. ".encode() * 9 + b"\xff\n", 1, "UTF-8 with broken characters"),
        ("a.txt", "日本語の資料です。顧客の事例。".encode("shift_jis"), None, "save it as UTF-8"),
        ("a.txt", "Клиент доволен поддержкой.".encode("cp1251"), None, "save it as UTF-8"),
        ("a.xlsx", spreadsheet({"S": [["title", "text"]]}), None, "no rows below a header"),
        ("a.pptx", slides(("", "", "")), None, "holds no text"),
        ("a.docx", word(), None, "holds no text"),
        ("a.html", "<script>alert(1)</script><style>p{}</style>", None, "holds no text"),
        ("a.zip", "", None, "no zip"),
        *((f"a{suffix}", "", None, "is empty") for suffix in (".md", ".csv", ".json", ".pdf")),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_one_line(
    name: str, content: bytes | str, line: int | None, says: str
) -> None:
    """Where it stands, and what to do where that isn't plain."""
    ((where, message),) = problems(name, content)
    assert says in message
    assert where == line
    assert "\n" not in message
    assert len(message) < 400


def test_a_bad_row_costs_no_other() -> None:
    """NULs, ragged rows and impossible numbers are told by row."""
    found = [
        ("a.csv", "title,text\nA,a\x00b\nB,Two.\nC,x,y\nD\nE,Five.\n", {2, 4, 5}, 2),
        ("a.jsonl", '{"text": "A.", "size": 1' + "0" * 5_000 + '}\n{"text": "B."}', set(), 2),
        ("a.jsonl", '{"text": "A.", "size": NaN}\n{"text": "B.", "size": 1e999}', set(), 2),
    ]
    for name, content, lines, good in found:
        assert {line for line, _ in problems(name, content)} == lines
        told = len(problems(name, content))
        assert len(list(read_content(content.encode(), Path(name)))) - told == good


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be", "utf-32", "cp1252"])
def test_text_comes_out_as_it_was_meant(encoding: str) -> None:
    """Whatever program wrote it."""
    said = "Größe zählt: „18 %“ – seit März."
    assert read("a.txt", said.encode(encoding))[0].text == said


@pytest.mark.parametrize("suffix", [".txt", ".csv", ".jsonl", ".html", ".md"])
def test_two_hundred_megabytes_are_refused_unread(
    suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its size alone: the file isn't opened."""
    path = tmp_path / f"large{suffix}"
    with path.open("wb") as made:
        made.truncate(200_000_000)
    monkeypatch.setattr(Path, "read_bytes", lambda _: pytest.fail("it was read"))
    (found,) = readers.read_file(path)
    assert str(found) == f"large{suffix} is larger than 50 MB: split it"


def test_what_fits_but_holds_too_much_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Records, characters of one item, and tags of a page have their limits too."""
    assert (readers.MOST_RECORDS, mapping.LONGEST_TEXT) == (250_000, 5_000_000)
    monkeypatch.setattr(readers, "MOST_RECORDS", 10)
    monkeypatch.setattr(readers, "LARGEST_PAGE", 1_000)
    monkeypatch.setattr(mapping, "LONGEST_TEXT", 100)
    assert problems("a.csv", "text\n" + "A.\n" * 11) == [
        (None, "a.csv has over 10 records: split it")
    ]
    assert "longer than 100 characters: split it" in problems("a.txt", "x" * 101)[0][1]
    assert "larger than the 0 MB of a page" in problems("a.html", "<p>" * 400)[0][1]


def test_a_million_empty_rows_cost_no_time() -> None:
    """A format laid on a whole sheet; what may stand below them is said to be unread."""
    parts = unzipped(spreadsheet({"S": [["title", "text"], ["A", "One."]]}))
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    far = '<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>far</t></is></c></row>'
    parts["xl/worksheets/sheet1.xml"] = sheet.replace("</sheetData>", f"{far}</sheetData>").encode()
    found = zipped(parts)
    ((line, message),) = problems("a.xlsx", found)
    assert line == 3
    assert "10,000 empty rows follow; what may stand below them isn't read" in message
    assert len(list(read_content(found, Path("a.xlsx")))) == 2


MEASURED = """
import sys, time
from pathlib import Path
from knowledge.reading.readers import read_file
start = time.process_time()
found = [type(one).__name__ for one in read_file(Path(sys.argv[1]))]
status = Path("/proc/self/status").read_text()  # ru_maxrss begins at what the parent took
peak = int(status.split("VmHWM:")[1].split()[0]) // 1000
print(len(found), found[-1], round(time.process_time() - start, 1), peak)
"""

LARGE: dict[str, Callable[[], bytes]] = {
    "line.txt": lambda: b"a" * 49_000_000,
    "rows.csv": lambda: b"text\n" + b"Calls were lost.\n" * 2_800_000,
    "lines.jsonl": lambda: b'{"text": "Calls were lost."}\n' * 1_600_000,
    "list.json": lambda: b"[" + b'{"text": "Lost."},' * 2_500_000 + b'{"text": "Lost."}]',
    "tags.html": lambda: b"<div>" * 1_900_000,
    "bomb.zip": lambda: zipped({"a.txt": b"a" * 200_000_000, "good.txt": "Good."}),
    "deep.zip": lambda: zipped({"a.zip": zipped({"b.zip": zipped({"c.zip": b"x"})})}),
}


@pytest.mark.eval
@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", LARGE)
def test_nothing_takes_long_or_much(name: str, tmp_path: Path) -> None:
    """As large as a file may be, in a process of its own: under 1 GB, and it comes to an end."""
    path = tmp_path / name
    path.write_bytes(LARGE[name]())
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, path],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    print(f"{name}: {done.stdout.strip()} MB at most")
    assert int(done.stdout.split()[-1]) < 1_000


def test_a_folder_of_bad_files_loses_no_good_one(tmp_path: Path) -> None:
    """All of these at once, through the whole ingest, and once more."""
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "good.md").write_text("It is good.")
    (folder / "dated.jsonl").write_text('{"id": "d", "text": "Soon.", "as_of": "2999-01-01"}')
    (folder / "bad.md").write_text("---\n- a\n---\n")
    (folder / "bad.pdf").write_bytes(b"%PDF-1.4")
    (folder / "bad.zip").write_bytes(zipped({"../up.md": "x", "fine.txt": "It is fine."}))
    (folder / "bad.docx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600)
    index = KnowledgeIndex(tmp_path / "index", Quick())  # type: ignore[arg-type]
    for _ in range(2):
        report = ingest([folder], index)
        told = {Path(name).name: str(problem) for name, problem in report.problems}
        assert told.keys() == {"bad.docx", "bad.md", "bad.pdf", "bad.zip", "dated.jsonl"}
        assert told["dated.jsonl"] == ("d is in, but its date 2999-01-01 is still to come: mend it")
        assert [item.id for item in index.all()] == ["bad/fine", "d", "good"]
    index.close()
