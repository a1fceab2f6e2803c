"""PowerPoint: a heading for each slide, its words and tables, and its notes, marked as notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pptx

from knowledge.chunking import PAGE_BREAK
from knowledge.documents import document
from knowledge.located import Rows
from knowledge.markup import as_row
from knowledge.office import sound

DEEPEST = 20  # groups within groups


def rows(content: bytes, path: Path) -> Rows:
    with sound(content, path) as file:
        slides = [_slide(slide) for slide in pptx.Presentation(file).slides]
    yield document(f"\n\n{PAGE_BREAK}\n\n".join(filter(None, slides)), path)


def _slide(slide: Any) -> str:
    title = slide.shapes.title
    heading = _words(title.text_frame.text) if title is not None else ""
    own = title.shape_id if title is not None else None
    parts = [f"# {heading.replace(chr(10), ' ')}"] if heading else []
    for shape in _flat(slide.shapes):
        if shape.shape_id != own:
            parts.extend(_said(shape))
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        notes = _words(slide.notes_slide.notes_text_frame.text)
        parts += [f"Notes:\n{notes}"] if notes else []
    return "\n\n".join(parts)


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
