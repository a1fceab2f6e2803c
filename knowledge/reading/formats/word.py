"""Word: headings, paragraphs, lists and tables, with changes accepted and comments left out."""

from __future__ import annotations

from pathlib import Path

import mammoth

from knowledge.reading.documents import document
from knowledge.reading.located import Rows
from knowledge.reading.markup import Markup
from knowledge.reading.office import page_margins, sound

_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
"""
_NO_PICTURES = mammoth.images.img_element(lambda image: {"src": ""})


def rows(content: bytes, path: Path) -> Rows:
    with sound(content, path) as file:
        html = mammoth.convert_to_html(
            file, style_map=_STYLES, convert_image=_NO_PICTURES, external_file_access=False
        ).value
        margins = page_margins(content)
    yield document(Markup(html).text, path, also=margins)
