"""Where a page of a list ends, as an opaque text that fits in a URL."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime

from coach.errors import BadInput


def cursor_after(created_at: datetime, session_id: str) -> str:
    """The cursor of the page that follows this session."""
    return _sealed(f"{created_at.astimezone(UTC).isoformat()} {session_id}")


def read_cursor(cursor: str) -> tuple[datetime, str]:
    """``created_at`` (UTC) and id of the last session seen; raises BadInput."""
    try:
        moment, _, session_id = _opened(cursor).partition(" ")
        created_at = datetime.fromisoformat(moment)
        if created_at.tzinfo is None or not session_id:
            raise ValueError("not a place in the list")
        return created_at.astimezone(UTC), session_id
    except (ValueError, OverflowError) as error:
        raise _not_ours() from error


def gap_cursor(first: int, second: int, gap_id: str) -> str:
    """The cursor of the page that follows the gap with these counts."""
    return _sealed(f"{first} {second} {gap_id}")


def read_gap_cursor(cursor: str) -> tuple[int, int, str]:
    """Both counts and the id of the last gap seen; raises BadInput."""
    try:
        first, second, gap_id = _opened(cursor).split(" ")
        counts = int(first), int(second)
        if not gap_id or not 0 <= min(counts) <= max(counts) < 2**31:
            raise ValueError("not a place in the list")
        return *counts, gap_id
    except ValueError as error:
        raise _not_ours() from error


def item_cursor(evidence_id: str) -> str:
    """The cursor of the page that follows this item of evidence."""
    return _sealed(f"item {evidence_id}")


def read_item_cursor(cursor: str) -> str:
    """The id of the last item seen; raises BadInput."""
    try:
        word, _, evidence_id = _opened(cursor).partition(" ")
        if word != "item" or not evidence_id:
            raise ValueError("not a place in the list")
    except ValueError as error:
        raise _not_ours() from error
    return evidence_id


def _sealed(place: str) -> str:
    return urlsafe_b64encode(place.encode()).decode().rstrip("=")


def _opened(cursor: str) -> str:
    return urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()


def _not_ours() -> BadInput:
    return BadInput(
        "this cursor isn't one of ours; send `next_cursor` as it came, or none to start over"
    )
