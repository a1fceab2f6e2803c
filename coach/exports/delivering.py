"""One try to deliver a message to a webhook: signed, bounded in time, and never led elsewhere."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from coach.exports.webhook import Webhook

DEADLINE = 10.0  # seconds for a whole try, the name's resolution included
LONGEST_WAIT = timedelta(days=1)
GONE = 410  # by the specification: the receiver wants no more of this


@dataclass(frozen=True)
class Reply:
    """``delivered`` or why not, in few words; ``wait`` is what the receiver asked for."""

    delivered: bool
    says: str
    gone: bool = False
    wait: timedelta = timedelta()


def deliver(hook: Webhook, message_id: str, body: str, now: datetime) -> Reply:
    """Blocks for ``DEADLINE`` at most; never raises for what the receiver does."""
    import httpx  # noqa: PLC0415  # only needed where there is a webhook

    try:
        return asyncio.run(_deliver(hook, message_id, body, now))
    except TimeoutError:
        return Reply(False, f"no answer within {DEADLINE:.0f} seconds")
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        return Reply(False, f"it can't be reached ({type(error).__name__})")


async def _deliver(hook: Webhook, message_id: str, body: str, now: datetime) -> Reply:
    import httpx  # noqa: PLC0415  # as above

    # No proxy of the environment, no redirect; and what it answers is never read.
    async with (
        asyncio.timeout(DEADLINE),
        httpx.AsyncClient(timeout=DEADLINE, trust_env=False, follow_redirects=False) as client,
        client.stream(
            "POST", hook.url, content=body.encode(), headers=_headers(hook, message_id, body, now)
        ) as response,
    ):
        return _read(response.status_code, response.headers.get("retry-after"), now)


def _headers(hook: Webhook, message_id: str, body: str, now: datetime) -> dict[str, str]:
    from standardwebhooks.webhooks import Webhook as Signer  # noqa: PLC0415  # as above

    return {
        "content-type": "application/json",
        "user-agent": "objection-coach",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Signer(hook.secret).sign(message_id, now.astimezone(UTC), body),
    }


def _read(status: int, retry_after: str | None, now: datetime) -> Reply:
    if 200 <= status < 300:
        return Reply(True, f"HTTP {status}")
    led = ", a redirect, which isn't followed" if 300 <= status < 400 else ""
    return Reply(False, f"HTTP {status}{led}", status == GONE, wait_of(retry_after, now))


def wait_of(retry_after: str | None, now: datetime) -> timedelta:
    """What a Retry-After header asks for, in seconds or as a date; a day at most."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=int(text[:9])), LONGEST_WAIT)
    try:
        wait = parsedate_to_datetime(text) - now
    except (ValueError, TypeError):
        return timedelta()
    return min(max(wait, timedelta()), LONGEST_WAIT)
