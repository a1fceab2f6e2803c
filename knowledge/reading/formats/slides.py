"""PowerPoint: a heading for each slide with its words and tables; the speaker's notes apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pptx

from knowledge.chunking import PAGE_BREAK
from knowledge.reading.documents import document
from knowledge.reading.fields import Record
from knowledge.reading.located import Rows
from knowledge.reading.markup import as_row
from knowledge.reading.office import sound

DEEPEST = 20  # groups within groups


def rows(content: bytes, path: Path) -> Rows:
    with sound(content, path) as file:
        both = [(_slide(slide), _notes(slide)) for slide in pptx.Presentation(file).slides]
    shown, spoken = (_joined(parts) for parts in zip(*both, strict=True)) if both else ("", "")
    guesses: Record = {}
    if shown or not spoken:
        deck = document(shown, path)
        guesses = deck.guesses or {}
        yield deck
    if spoken:  # said to colleagues, whoever the slides are for
        notes = document(spoken, path, guesses={**guesses, "visibility": "internal"})
        title = f"Speaker's notes: {notes.record.get('title', path.stem)}"[:300]
        yield notes._replace(record={**notes.record, "title": title}, part="notes")


def _joined(parts: Iterable[str]) -> str:
    return f"\n\n{PAGE_BREAK}\n\n".join(filter(None, parts))


def _slide(slide: Any) -> str:
    own = slide.shapes.title
    parts = [_heading(slide)]
    for shape in _flat(slide.shapes):
        if own is None or shape.shape_id != own.shape_id:
            parts.extend(_said(shape))
    return "\n\n".join(filter(None, parts))


def _heading(slide: Any) -> str:
    title = slide.shapes.title
    words = _words(title.text_frame.text).replace("\n", " ") if title is not None else ""
    return f"# {words}" if words else ""


def _notes(slide: Any) -> str:
    if not slide.has_notes_slide or slide.notes_slide.notes_text_frame is None:
        return ""
    notes = _words(slide.notes_slide.notes_text_frame.text)
    return "\n\n".join(filter(None, [_heading(slide), notes])) if notes else ""


def _flat(shapes: Iterable[Any], depth: int = 0) -> Iterator[Any]:
    for shape in shapes:
        if hasattr(shape, "shapes") and depth < DEEPEST:
            yield from _flat(shape.shapes, depth + 1)
        else:
            yield shape


def _said(shape: Any) -> Iterator[str]:
    if getattr(shape, "has_table", False):
        cells = (
            [_words(cell.text).replace("\n", " ") for cell in r.cells] for r in shape.table.rows
        )
        yield "\n".join(as_row([cell for cell in row if cell]) for row in cells if any(row))
    elif getattr(shape, "has_text_frame", False) and (words := _words(shape.text_frame.text)):
        yield words


def _words(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.replace("\v", "\n").split("\n"))
    return "\n".join(line for line in lines if line)
