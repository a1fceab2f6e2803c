"""A zip is read as the files in it; what is refused is told, and the others go in."""

from __future__ import annotations

import io
import warnings
import zipfile
from pathlib import Path

import pytest

from knowledge.errors import UnreadableFile
from knowledge.evidence import Evidence, Kind
from knowledge.reading import archive
from knowledge.reading.readers import read_content, read_file
from tests.made_files import pdf, slides, spreadsheet, word, zipped

GOOD = {"good.txt": "It is good."}


def read(content: bytes) -> tuple[list[Evidence], list[str]]:
    found = list(read_content(content, Path("all.zip")))
    return (
        [one for one in found if isinstance(one, Evidence)],
        [str(one) for one in found if isinstance(one, UnreadableFile)],
    )


def test_every_kind_of_file_is_read_from_a_zip(tmp_path: Path) -> None:
    """Nothing is unpacked beside it; folders inside give the kind; menial files are skipped."""
    path = tmp_path / "all.zip"
    path.write_bytes(
        zipped(
            {
                "case-studies/a.docx": word(("Normal", "One.")),
                "b.pdf": pdf(["Two."]),
                "c.pptx": slides(("Three", "x", "")),
                "d.xlsx": spreadsheet({"S": [["text"], ["Four."]]}),
                "e.html": "<p>Five.",
                "f.md": "Six.",
                "more.zip": zipped({"g.csv": "text\nSeven.\n"}),
                "__MACOSX/._f.md": "\x00",
                "README.md": "About these files",
            }
        )
    )
    found = list(read_file(path))
    assert [one.id for one in found if isinstance(one, Evidence)] == [
        "all/case-studies/a", "all/b", "all/c", "all/d-s-1", "all/e", "all/f", "all/more.zip/g-1",
    ]  # fmt: skip
    assert isinstance(found[0], Evidence)
    assert found[0].kind is Kind.CASE_STUDY
    assert len(found) == 7
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("../up.md", "x", "../up.md has a name with ../"),
        ("a/../../up.md", "x", "a/../../up.md has a name with ../"),
        ("..\\up.md", "x", "../up.md has a name with ../"),
        ("/etc/passwd.md", "x", "/etc/passwd.md has an absolute name"),
        ("C:\\up.md", "x", "C:/up.md has an absolute name"),
        ("bomb.txt", "a" * 1_000_000, "bomb.txt is packed over 100 times"),
        ("two.zip", zipped({"three.zip": zipped(GOOD)}), "two.zip/three.zip is a zip in a zip"),
        ("two.zip", zipped({"../x.md": "x"}), "two.zip/../x.md has a name with ../"),
        ("two.zip", b"PK", "two.zip is no zip"),
        ("b/a.pdf", pdf(["x"], encrypted=True), "b/a.pdf is protected by a password"),
        ("b/a.json", "{", "b/a.json: it isn't JSON"),
        ("a.png", "x", "a.png is of a kind that isn't read"),
        ("line\nbreak.png", "x", "line break.png"),
    ],
)
def test_a_refused_member_loses_no_other(name: str, content: bytes | str, says: str) -> None:
    """One clear line each."""
    items, (message,) = read(zipped({name: content, **GOOD}))
    assert message.startswith(says)
    assert [item.text for item in items] == ["It is good."]


def test_sizes_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    """A member, all members, and their number; nested zips count too."""
    assert (archive.LARGEST_MEMBER, archive.LARGEST_IN_ALL) == (50_000_000, 200_000_000)
    monkeypatch.setattr(archive, "LARGEST_MEMBER", 1_000_000)
    monkeypatch.setattr(archive, "LARGEST_IN_ALL", 2_000_000)
    monkeypatch.setattr(archive, "STEEPEST", 1e9)
    parts = {f"{n}.txt": f"{n} " * 450_000 for n in range(3)}
    items, problems = read(zipped({"big.txt": "x" * 1_000_001, "in.zip": zipped(parts), **GOOD}))
    assert [item.id for item in items] == ["all/in.zip/0", "all/in.zip/1", "all/good"]
    assert [said.split(" is ")[0] for said in problems] == ["big.txt", "in.zip/2.txt"]
    assert "over 2 MB in all" in problems[1]


def test_the_members_over_two_thousand_are_left_out() -> None:
    """And said in one line."""
    items, (message,) = read(zipped({f"{n}.txt": f"Fact {n}." for n in range(2_003)}))
    assert len(items) == 2_000
    assert message == "all.zip has more than 2,000 members in all: the last 3 were left out"


def test_a_protected_member_is_told() -> None:
    """The flag in its header says so."""
    content = bytearray(zipped({"a.md": "x", **GOOD}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    items, (message,) = read(bytes(content))
    assert message == "a.md is protected by a password: pack it without one"
    assert len(items) == 1


def test_a_damaged_member_is_told() -> None:
    """Its checksum is wrong."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr("a.md", "spoiled words")
        made.writestr("good.txt", "It is good.")
    items, (message,) = read(buffer.getvalue().replace(b"spoiled", b"sp0iled"))
    assert message.startswith("a.md is damaged in the zip")
    assert len(items) == 1


def test_two_members_of_one_name_both_go_in() -> None:
    """Translations of a story are often called the same in two folders."""
    items, _ = read(zipped({"de/story.txt": "Eins.", "en/story.txt": "One."}))
    assert [item.id for item in items] == ["all/de/story", "all/en/story"]


@pytest.mark.parametrize(
    "content",
    [b"", b"no zip", zipped(GOOD)[:-30], zipped({})],
    ids=["nothing", "another", "cut", "empty"],
)
def test_what_is_no_zip_is_one_line(content: bytes) -> None:
    """Also an empty one."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        items, (message,) = read(content)
    assert items == []
    assert message.startswith("all.zip ")
