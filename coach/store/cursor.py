"""Where a page of sessions ends, as an opaque text that fits in a URL."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime

from coach.errors import BadInput


def cursor_after(created_at: datetime, session_id: str) -> str:
    """The cursor of the page that follows this session."""
    place = f"{created_at.astimezone(UTC).isoformat()} {session_id}"
    return urlsafe_b64encode(place.encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[datetime, str]:
    """``created_at`` (UTC) and id of the last session seen; raises BadInput."""
    try:
        place = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        moment, _, session_id = place.partition(" ")
        created_at = datetime.fromisoformat(moment)
        if created_at.tzinfo is None or not session_id:
            raise ValueError("not a place in the list")
        return created_at.astimezone(UTC), session_id
    except (ValueError, OverflowError) as error:
        raise BadInput(
            "this cursor isn't one of ours; send `next_cursor` as it came, or none to start over"
        ) from error
