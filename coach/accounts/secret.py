"""Secrets that open the door: made of 256 random bits, kept only as their SHA-256. Pure.

A slow hash is for secrets that people choose and others may guess; nobody guesses 256 bits.
"""

from __future__ import annotations

import re
import secrets
from hashlib import sha256
from hmac import compare_digest

BITS = 256
TOKEN = re.compile(r"coach_(?P<prefix>[0-9a-f]{8})_[A-Za-z0-9_-]{43}")


def new_token() -> tuple[str, str, str]:
    """The token as its owner keeps it, the prefix that finds it, and its digest."""
    prefix = secrets.token_hex(4)
    text = f"coach_{prefix}_{new_secret()}"
    return text, prefix, digest_of(text)


def new_secret() -> str:
    return secrets.token_urlsafe(BITS // 8)


def prefix_of(text: str) -> str | None:
    """None for what can't be a token of ours."""
    match = TOKEN.fullmatch(text)
    return match["prefix"] if match else None


def digest_of(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def is_of(digest: str, text: str) -> bool:
    """Whether ``digest`` was made of ``text``, in a time that tells nothing."""
    return compare_digest(digest, digest_of(text))
