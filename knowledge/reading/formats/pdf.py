"""PDF: its text, page by page; no passage reaches over the end of a page."""

from __future__ import annotations

import re
from pathlib import Path
from threading import Lock

import pypdfium2

from knowledge.chunking import PAGE_BREAK
from knowledge.errors import UnreadableFile
from knowledge.reading.documents import document
from knowledge.reading.located import Rows

MOST_PAGES = 5_000
_ONE_AT_A_TIME = Lock()  # PDFium isn't made for threads
_HYPHEN = re.compile("[\ufffe\x02](?:\r?\n)?")  # where PDFium saw a word cut at a line's end
_FOLDED = re.compile(r"(?<![.!?:;…\n])\n(?=[a-zà-ÿ(&])")


def rows(content: bytes, path: Path) -> Rows:
    if not content.strip():
        raise UnreadableFile(f"{path.name} is empty")
    with _ONE_AT_A_TIME:
        title, pages = _read(content, path.name)
    if not any(pages):
        raise UnreadableFile(
            f"{path.name} holds no text on its {len(pages)} pages: it looks scanned, "
            "run text recognition (OCR) over it first"
        )
    text = f"\n\n{PAGE_BREAK}\n\n".join(page for page in pages if page)
    yield document(text, path, title)


def _read(content: bytes, name: str) -> tuple[str, list[str]]:
    if b"%PDF-" not in content[:1_024]:
        raise UnreadableFile(f"{name} is no PDF, whatever its name says")
    try:
        file = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise UnreadableFile(_why(error, content, name)) from error
    try:
        if _cut_off(content):  # PDFium mends it, but silently without what is missing
            raise UnreadableFile(_TRUNCATED.format(name))
        if len(file) > MOST_PAGES:
            raise UnreadableFile(f"{name} has more than {MOST_PAGES:,} pages: split it")
        return file.get_metadata_value("Title").strip(), [_page(file, n) for n in range(len(file))]
    except pypdfium2.PdfiumError as error:
        raise UnreadableFile(f"{name} is damaged: {_short(error)}") from error
    finally:
        file.close()


def _page(file: pypdfium2.PdfDocument, number: int) -> str:
    page = file[number]
    text_page = page.get_textpage()
    try:
        text = str(text_page.get_text_range(errors="replace"))
    finally:
        text_page.close()
        page.close()
    lines = _HYPHEN.sub("", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return _FOLDED.sub(" ", "\n".join(" ".join(line.split()) for line in lines)).strip()


_TRUNCATED = "{} is truncated: its end is missing; get the whole file"


def _cut_off(content: bytes) -> bool:
    return b"%%EOF" not in content[-2_048:]


def _why(error: pypdfium2.PdfiumError, content: bytes, name: str) -> str:
    if error.err_code in {pypdfium2.raw.FPDF_ERR_PASSWORD, pypdfium2.raw.FPDF_ERR_SECURITY}:
        return f"{name} is protected by a password: save it without one"
    return _TRUNCATED.format(name) if _cut_off(content) else f"{name} is damaged: {_short(error)}"


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:160]
