"""Small files of every kind that is read, made on the fly (no binaries in the repository)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pptx

from knowledge.errors import UnreadableFile
from knowledge.evidence import Evidence
from knowledge.reading.mapping import Mapping as Columns
from knowledge.reading.readers import read_content


def pdf(*pages: Sequence[str], encrypted: bool = False) -> bytes:
    """A page for each list of lines; a page without lines is what a scan looks like."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    for number, lines in enumerate(pages):
        shown = " ".join(f"({line}) Tj T*" for line in lines)
        stream = f"BT /F1 12 Tf 14 TL 72 720 Td {shown} ET"
        objects += [
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]"
            f"/Resources<</Font<</F1 3 0 R>>>>/Contents {5 + 2 * number} 0 R>>",
            f"<</Length {len(stream)}>>stream\n{stream}\nendstream",
        ]
    content, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(content))
        content += f"{number} 0 obj{body}endobj\n".encode("latin-1")
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    lock = f"/Encrypt<</Filter/Standard/V 1/R 2/O({'o' * 32})/U({'u' * 32})/P -4>>/ID[(a)(b)]"
    trailer = f"<</Size {len(objects) + 1}/Root 1 0 R{lock if encrypted else ''}>>"
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer{trailer}\n"
    return content + f"{end}startxref\n{len(content)}\n%%EOF\n".encode()


def word(
    *paragraphs: tuple[str, str], table: Sequence[Sequence[str]] = (), header: str = ""
) -> bytes:
    """Paragraphs as (style, text), then a table."""
    document = docx.Document()
    for style, text in paragraphs:
        document.add_paragraph(text, style=style)
    if table:
        grid = document.add_table(len(table), len(table[0]))
        for row, cells in zip(grid.rows, table, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
    if header:
        document.sections[0].header.paragraphs[0].text = header
    return _saved(document)


def slides(*pages: tuple[str, str, str]) -> bytes:
    """A slide for each (title, body, notes)."""
    deck = pptx.Presentation()
    for title, body, notes in pages:
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text = body
        if notes:
            slide.notes_slide.notes_text_frame.text = notes
    return _saved(deck)


def spreadsheet(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    book = openpyxl.Workbook()
    for number, (title, rows) in enumerate(sheets.items()):
        sheet = book.active if number == 0 else book.create_sheet()
        assert sheet is not None
        sheet.title = title
        for row in rows:
            sheet.append(list(row))
    return _saved(book)


def with_cached_value(content: bytes, formula: str, value: str) -> bytes:
    """The file as a spreadsheet program saves it: with what ``formula`` came to."""
    old = f"<f>{formula}</f><v></v>".encode()
    parts = unzipped(content)
    name = "xl/worksheets/sheet1.xml"
    assert old in parts[name], parts[name]
    parts[name] = parts[name].replace(old, f"<f>{formula}</f><v>{value}</v>".encode())
    return zipped(parts)


def zipped(files: Mapping[str, bytes | str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def unzipped(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _saved(document: Any) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


STORY = word(
    ("Title", "Customer story: Nordhavn Clinics"),
    ("Heading 1", "Challenge"),
    ("Normal", "Calls were lost."),
    ("List Bullet", "18% of them"),
    ("List Bullet", "mostly at noon"),
    ("Heading 1", "Results"),
    ("Normal", "Now 4% are."),
    table=[["Industry", "Healthcare"], ["Employees", "1,200"], ["Valid until", "2027-09-30"]],
)


def read(name: str, content: bytes | str, mapping: Columns | None = None) -> list[Evidence]:
    found = list(read_content(as_bytes(content), Path(name), mapping))
    assert not [one for one in found if isinstance(one, UnreadableFile)], found
    return [one for one in found if isinstance(one, Evidence)]


def problems(name: str, content: bytes | str) -> list[tuple[int | None, str]]:
    found = read_content(as_bytes(content), Path(name))
    return [(one.line, str(one)) for one in found if isinstance(one, UnreadableFile)]


def as_bytes(content: bytes | str) -> bytes:
    return content if isinstance(content, bytes) else content.encode()
