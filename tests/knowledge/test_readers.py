"""Files in, items out; what can't be read is told by line and loses nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.errors import UnreadableFile
from knowledge.evidence import Evidence, Kind, Truth
from knowledge.ingesting.ingest import sample_paths
from knowledge.ingesting.sources import walk
from knowledge.reading import readers
from knowledge.reading.mapping import Mapping
from knowledge.reading.readers import read_file

Found = list[Evidence | UnreadableFile]


def read(folder: Path, name: str, content: str | bytes, mapping: Mapping | None = None) -> Found:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(read_file(path, mapping))


def items(found: Found) -> list[Evidence]:
    return [one for one in found if isinstance(one, Evidence)]


def problems(found: Found) -> list[tuple[int | None, str]]:
    return [(one.line, str(one)) for one in found if isinstance(one, UnreadableFile)]


def test_markdown_with_front_matter_is_taken_as_it_stands(tmp_path: Path) -> None:
    """The body is the text, unchanged; the front matter's keys are the fields."""
    body = "## Situation\n\nCalls were lost.\n\n\n- 18%   of them"
    (item,) = items(
        read(
            tmp_path,
            "rumour.md",
            f"---\nid: r1\nkind: rumour\ntitle: Down\ntruth: true\nposition: Own it.\n"
            f"as_of: 2026-01-02\ndo_not_say:\n- never\n---\n\n{body}\n",
        )
    )
    assert item.text == body
    assert (item.truth, item.do_not_say, item.inferred) == (Truth.TRUE, ("never",), ())


def test_the_sample_is_read_without_a_guess() -> None:
    """What ships uses the field names of the record itself."""
    found = [one for source in walk(sample_paths()).sources for one in read_file(source.path)]
    assert len(items(found)) == len(found) > 50
    assert [item.id for item in items(found) if item.inferred] == []


def test_markdown_without_front_matter_is_named_for_its_heading(tmp_path: Path) -> None:
    """What was guessed is marked."""
    (item,) = items(read(tmp_path, "uptime.md", "# Uptime\n\nIt was 99.97% in 2025."))
    assert (item.id, item.title, item.kind) == ("uptime", "Uptime", Kind.PRODUCT_FACT)
    assert set(item.inferred) == {"id", "kind"}


@pytest.mark.parametrize(
    ("front", "line", "says"),
    [
        ("- a\n- b\n", 2, "no lines of the form"),
        ("title: [open\nkind: x\n", 3, "isn't YAML"),
        ("a: &x [1]\nb: *x\n", 1, "aliases"),
        ("as_of: 2026-13-45\n", 1, "isn't YAML"),
        ("a: " + "[" * 3000 + "\n", None, "isn't YAML"),
        ("kind: gossip\n", 1, "kind: 'gossip' is none of case_study"),
        ("kind: product_fact\nvalid_until: soon\n", 1, "valid_until: 'soon' is no date"),
        ("kind: product_fact\nvisibility: partly\n", 1, "none of public, internal"),
        ("kind: rumour\ntruth: true\n", 1, "a rumour needs"),
    ],
)
def test_bad_front_matter_is_told_by_line(
    tmp_path: Path, front: str, line: int | None, says: str
) -> None:
    """The line counts from the top of the file."""
    ((where, message),) = problems(read(tmp_path, "a.md", f"---\n{front}---\n\nBody.\n"))
    assert says in message
    assert "\n" not in message
    assert line is None or where == line


def test_front_matter_that_is_never_closed_is_told(tmp_path: Path) -> None:
    """Instead of taking the whole file for YAML."""
    ((line, message),) = problems(read(tmp_path, "a.md", "---\ntitle: A\n\nBody.\n"))
    assert (line, "never closed" in message) == (1, True)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_the_usual_encodings_are_told_apart(tmp_path: Path, encoding: str) -> None:
    """Spreadsheets export in all of them."""
    content = "title;text\r\nMüller;Größer als “früher” – 5 €\r\n".encode(encoding)
    (item,) = items(read(tmp_path, "a.csv", content))
    assert (item.title, item.text) == ("Müller", "Größer als “früher” – 5 €")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_of_any_delimiter_with_quoted_cells(tmp_path: Path, delimiter: str) -> None:
    """A quoted cell may hold the delimiter and line breaks."""
    rows = [["title", "text"], ["A", f'"one{delimiter}\n""two"""'], ["B", "three"]]
    found = read(tmp_path, "a.csv", "\n".join(delimiter.join(row) for row in rows))
    assert [item.text for item in items(found)] == [f'one{delimiter}\n"two"', "three"]
    assert [item.id for item in items(found)] == ["a-1", "a-2"]


def test_a_bad_csv_row_is_told_and_the_rest_goes_in(tmp_path: Path) -> None:
    """The line is where the row starts, also after a row of several lines."""
    found = read(tmp_path, "a.csv", 'title,text\nA,"one\ntwo"\nB,x,y,z\n\nC,three\nD,\n')
    assert [item.title for item in items(found)] == ["A", "C"]
    assert [line for line, _ in problems(found)] == [4, 7]
    assert "4 cells and the header 2" in problems(found)[0][1]


def test_a_csv_without_a_known_column_is_one_problem(tmp_path: Path) -> None:
    """Not one for each of its thousand rows."""
    found = read(tmp_path, "a.csv", "phone,fax\n" + "1,2\n" * 1000)
    ((_, message),) = problems(found)
    assert message.startswith("none of the 1000 records: nothing is said in it")


def test_a_bad_json_line_is_told_by_number(tmp_path: Path) -> None:
    """The other lines go in."""
    lines = ['{"text": "One."}', "{bad", "", "[1]", '{"text": "Two."}', '{"text": "\\u0000"}']
    found = read(tmp_path, "a.jsonl", "\n".join(lines))
    assert [item.id for item in items(found)] == ["a-1", "a-5"]
    assert [line for line, _ in problems(found)] == [2, 4, 6]


@pytest.mark.parametrize(
    ("content", "ids"),
    [
        ([{"text": "A."}, {"text": "B."}], ["a-1", "a-2"]),
        ({"items": [{"id": "x", "text": "A."}]}, ["x"]),
        ({"title": "One", "text": "A."}, ["a"]),
    ],
)
def test_json_may_be_a_list_or_hold_one_or_be_one_record(
    tmp_path: Path, content: object, ids: list[str]
) -> None:
    """Exports differ."""
    assert [item.id for item in items(read(tmp_path, "a.json", json.dumps(content)))] == ids


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.json", "{", "isn't JSON"),
        ("a.json", "[" * 100_000, "isn't JSON"),
        ("a.json", "1" * 5_000, "neither an object nor"),
        ("a.json", '["a", "b"]', "neither an object nor a list of objects"),
        ("a.md", "", "is empty"),
        ("a.csv", " \n \n", "is empty"),
        ("a.csv", b"PK\x03\x04\x00\x01\x00\x02" * 40, "is binary"),
        ("a.txt", bytes(range(32)) * 20, "is binary"),
        ("a.png", b"\x89PNG", "these are: .md, .csv, .json, .jsonl, .txt"),
        ("a", "text", "of a kind that isn't read"),
    ],
)
def test_what_cannot_be_read_is_one_line(
    tmp_path: Path, name: str, content: str | bytes, says: str
) -> None:
    """It names the file or the place, and nothing is raised."""
    ((_, message),) = problems(read(tmp_path, name, content))
    assert says in message
    assert "\n" not in message


def test_too_large_a_file_is_not_even_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit stands in the message."""
    monkeypatch.setattr(readers, "LARGEST", 10)
    ((_, message),) = problems(read(tmp_path, "a.txt", "x" * 11))
    assert "larger than" in message


def test_an_absent_file_is_a_problem_of_its_own(tmp_path: Path) -> None:
    """The others of the command still go in."""
    ((_, message),) = problems(list(read_file(tmp_path / "gone.md")))
    assert message == "gone.md can't be opened: No such file or directory"


def test_two_rows_with_one_id_both_go_in(tmp_path: Path) -> None:
    """The second gets a number, always the same one, and its id is marked as inferred."""
    rows = '{"id": "x", "text": "A."}\n{"id": "x", "text": "B."}\n{"id": "x-2", "text": "C."}'
    found = items(read(tmp_path, "a.jsonl", rows))
    assert [item.text for item in found] == ["A.", "B.", "C."]
    assert len({item.id for item in found}) == 3
    assert found[0].id == "x"
    assert "id" in found[1].inferred


def test_folders_are_walked_in_order_without_hidden_files_and_readmes(tmp_path: Path) -> None:
    """A file that is named itself is read whatever it is called."""
    for name in ("b/two.md", "a.md", "b/README.md", ".hidden.md", ".git/x.md", "b/one.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "b" / "loop").symlink_to(tmp_path)
    found = [source.place.as_posix() for source in walk([tmp_path]).sources]
    assert found == ["a.md", "b/one.md", "b/two.md"]
    readme = tmp_path / "b" / "README.md"
    assert [source.path for source in walk([readme]).sources] == [readme]


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    content=st.binary(max_size=300)
    | st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace"))
    | st.lists(st.dictionaries(st.sampled_from(["id", "text", "title", "us", "size", "date"]),
                               st.text(max_size=9) | st.integers() | st.none() | st.booleans()))
    .map(lambda rows: json.dumps(rows).encode()),
    suffix=st.sampled_from([".md", ".csv", ".json", ".jsonl", ".txt"]),
)  # fmt: skip
def test_no_content_raises(tmp_path: Path, content: bytes, suffix: str) -> None:
    """Whatever the bytes, every outcome is an item or a line about it."""
    for one in read(tmp_path, f"any{suffix}", content):
        assert isinstance(one, Evidence) or "\n" not in str(one)
