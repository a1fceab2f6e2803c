"""The sheet goes out to a spreadsheet and comes back as one saved it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from api.label_sheet import as_csv, read_labels
from coach.assessment import Verdict
from coach.calibration import ToLabel
from coach.errors import BadInput

FILE = Path("anna.csv")
ROW = ToLabel(
    "s1:3:asks",
    "interest",
    "=1+1",
    "Naïve – “so”;\nsecond, line",
    "asks",
    "Q?",
    Verdict.NO,
    "Naïve",
)


def filled(label: str, delimiter: str = ",", line_end: str = "\r\n", rater: str = "") -> str:
    """The sheet as a spreadsheet program writes it back."""
    head, *rows = csv.reader(io.StringIO(as_csv([ROW], with_verdicts=False).lstrip("\ufeff")))
    for row in rows:
        row[head.index("label")], row[head.index("rater")] = label, rater
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=line_end).writerows([head, *rows])
    return out.getvalue()


def test_what_the_coach_said_is_hidden_unless_asked_for() -> None:
    """Neither its verdict nor its quote leads the hand."""
    hidden, shown = (as_csv([ROW], with_verdicts=asked) for asked in (False, True))
    assert "coach_says" not in hidden
    assert shown.splitlines()[0].endswith("coach_says,coach_quotes")
    assert shown.rstrip().endswith("no,Naïve")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "＝"])
def test_no_cell_is_a_formula(start: str) -> None:
    """Whatever a person typed."""
    bad = f"{start}HYPERLINK(1)"
    sheet = as_csv(
        [ToLabel("r:1:c", bad, bad, bad, "c", bad, Verdict.YES, bad)], with_verdicts=True
    )
    [row] = list(csv.DictReader(io.StringIO(sheet.lstrip("\ufeff"))))
    assert not any(cell.startswith(start) for cell in row.values() if cell)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "utf-16"])
@pytest.mark.parametrize(("delimiter", "line_end"), [(",", "\n"), (";", "\r\n"), ("\t", "\r\n")])
def test_it_comes_back_however_it_was_saved(encoding: str, delimiter: str, line_end: str) -> None:
    """With a mark or without, with semicolons, tabs and Windows line ends."""
    content = filled("Not observable", delimiter, line_end).encode(encoding)
    [label], faults = read_labels(content, FILE)
    assert (label.row, label.rater, label.verdict, faults) == (
        ROW.row,
        "anna",
        Verdict.NOT_OBSERVABLE,
        [],
    )


@pytest.mark.parametrize(
    ("word", "verdict"),
    [
        ("yes", Verdict.YES),
        (" YES ", Verdict.YES),
        ("n", Verdict.NO),
        ("not_observable", Verdict.NOT_OBSERVABLE),
        ("'-", Verdict.NOT_OBSERVABLE),  # as a spreadsheet keeps a lone minus
    ],
)
def test_words_for_a_verdict(word: str, verdict: Verdict) -> None:
    """As people write them."""
    assert read_labels(filled(word).encode(), FILE)[0][0].verdict is verdict


def test_who_labelled_is_a_column_or_the_file() -> None:
    """So that several people's sheets can be scored together."""
    assert read_labels(filled("yes", rater="Ben").encode(), FILE)[0][0].rater == "Ben"


def test_a_bad_row_is_told_by_its_line_and_an_empty_one_left_out() -> None:
    """The rest goes in."""
    text = "row,label\ns1:1:a,maybe\ns1:1:b,\ns1:1:c,yes,too,many\ns1:1:d,no\n"
    labels, faults = read_labels(text.encode(), FILE)
    assert [label.row for label in labels] == ["s1:1:d"]
    assert len(faults) == 2
    assert "anna.csv line 2" in faults[0]
    assert "'maybe'" in faults[0]
    assert "anna.csv line 4" in faults[1]


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\x00\x01\x02\xff" * 50])
def test_what_is_no_sheet_is_refused(content: bytes) -> None:
    """Saying what to bring instead."""
    with pytest.raises(BadInput, match=r"anna\.csv"):
        read_labels(content, FILE)
