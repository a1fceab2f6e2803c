"""The sheet on which people label replies: CSV out, labels in, as spreadsheets save it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from api.transcript import csv_cell
from coach.assessment import Verdict
from coach.calibration import ToLabel
from coach.errors import BadInput
from knowledge.errors import UnreadableFile
from knowledge.reading.formats import comma_separated

COLUMNS = ("row", "scenario", "buyer", "reply", "check", "question", "label", "rater")
MACHINE = ("coach_says", "coach_quotes")
BOM = "\ufeff"  # without it Excel takes UTF-8 for something else
WORDS = {
    Verdict.YES: ("yes", "y", "1", "kept", "true"),
    Verdict.NO: ("no", "n", "0", "missed", "false"),
    Verdict.NOT_OBSERVABLE: ("not observable", "not seen", "unseen", "none", "n/a", "na", "-"),
}
_MEANT = {word: verdict for verdict, words in WORDS.items() for word in words}


@dataclass(frozen=True)
class Labelled:
    """A label and where it stands; a row without one is left out."""

    row: str
    rater: str
    verdict: Verdict
    line: int


def as_csv(rows: Iterable[ToLabel], *, with_verdicts: bool) -> str:
    """What the coach said is only in it if asked for: it would lead the hand that labels."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow((*COLUMNS, *(MACHINE if with_verdicts else ())))
    for one in rows:
        cells = [one.row, one.scenario, one.buyer, one.reply, one.check, one.question, "", ""]
        if with_verdicts:
            cells += [one.verdict.value.replace("_", " "), one.quote]
        writer.writerow([csv_cell(cell) for cell in cells])
    return BOM + out.getvalue()


def read_labels(content: bytes, path: Path) -> tuple[list[Labelled], list[str]]:
    """Labels, and each row that can't be used by its line; BadInput where the file is no sheet.

    Who labelled is the column `rater`, else the file's name.
    """
    labels: list[Labelled] = []
    faults: list[str] = []
    try:
        for found in comma_separated.rows(content, path):
            if isinstance(found, UnreadableFile):
                faults.append(f"{path.name} line {found.line}: {found}")
                continue
            cells = {str(name).strip().casefold(): str(cell) for name, cell in found.record.items()}
            if not {"row", "label"} <= cells.keys():
                raise BadInput(
                    f"{path.name} has no columns `row` and `label`; "
                    "fill in the sheet that `coach calibrate export` writes"
                )
            if word := " ".join(cells["label"].replace("_", " ").casefold().split()):
                if word.strip("'") not in _MEANT:
                    faults.append(f"{path.name} line {found.line}: {_unknown(cells['label'])}")
                    continue
                rater = cells.get("rater", "").strip() or path.stem
                verdict = _MEANT[word.strip("'")]
                labels.append(Labelled(cells["row"].strip(), rater, verdict, found.line or 0))
    except UnreadableFile as error:
        raise BadInput(str(error)) from error
    return labels, faults


def _unknown(label: str) -> str:
    return f"the label {label.strip()[:40]!r} isn't yes, no or not observable"
