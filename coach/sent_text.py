"""What people send: plain text, neither empty nor endless."""

from __future__ import annotations

from coach.errors import BadInput

LONGEST_TEXT = 8000  # characters


def checked_text(text: str, what: str = "text", longest: int = LONGEST_TEXT) -> str:
    """Text a person sent, stripped; BadInput when empty, too long or not text at all."""
    if "\x00" in text or any("\ud800" <= ch <= "\udfff" for ch in text):
        raise BadInput(f"{what} holds characters that aren't text; send plain Unicode text")
    text = text.strip()
    if not text:
        raise BadInput(f"{what} is empty; write what you would say")
    if len(text) > longest:
        raise BadInput(f"{what} has {len(text):,} characters; {longest:,} is the most")
    return text
