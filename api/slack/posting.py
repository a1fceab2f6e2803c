"""Messages that are posted once, however often the work is begun; and buyers who speak in time.

Each message carries what it is for as metadata. Where a worker was killed between posting it and
noting that, the next one finds it by this in the thread.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from api.slack.blocks import Block, messages
from api.slack.limits import MESSAGE, cut
from api.slack.wording import escaped, fallback
from api.slack.working import Work, told

EVENT = "coach_message"
EVERY = 1.0  # seconds between two looks of a message that grows: Slack allows no more
#: A workspace, or a thread, that streams nothing says so with one of these.
NO_STREAM = 0.8

Voice = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """Where to post: a thread, or with ``thread`` "" a channel."""

    channel: str
    thread: str = ""

    @property
    def address(self) -> dict[str, Any]:
        return {"channel": self.channel, **({"thread_ts": self.thread} if self.thread else {})}


class Posting:
    """Posts for one piece of work."""

    def __init__(self, client: AsyncWebClient, work: Work, user: str) -> None:
        self.client, self.work, self.user = client, work, user

    async def once(
        self, key: str, place: Place, text: str, blocks: Sequence[Block], voice: Voice | None = None
    ) -> str:
        """The ``ts`` of the message, posted now or before; more blocks than fit go on below."""
        first = ""
        for number, part in enumerate(messages(blocks)):
            ts = await self._once(f"{key}{number or ''}", place, text, part, voice)
            first = first or ts
        return first

    async def _once(
        self, key: str, place: Place, text: str, blocks: list[Block], voice: Voice | None
    ) -> str:
        if ts := told(self.work.progress, key):
            return ts
        ts = await self.found(key, place)
        if not ts:
            answer = await self.client.chat_postMessage(
                **place.address,
                text=fallback(text),
                blocks=blocks,
                metadata=self.metadata(key),
                unfurl_links=False,
                unfurl_media=False,
                **(voice or {}),
            )
            ts = str(answer["ts"])
        await self.work.note(**{key: ts})
        return ts

    async def found(self, key: str, place: Place) -> str:
        """Of a message that an earlier worker posted and didn't note; "" where there is none."""
        if not self.work.is_again:
            return ""
        look: dict[str, Any] = {
            "channel": place.channel,
            "limit": 100,
            "include_all_metadata": True,
        }
        if place.thread:
            answer = await self.client.conversations_replies(ts=place.thread, **look)
        else:
            answer = await self.client.conversations_history(**look)
        wanted = self.metadata(key)
        return next((str(m["ts"]) for m in answer["messages"] if m.get("metadata") == wanted), "")

    def metadata(self, key: str) -> dict[str, Any]:
        return {
            "event_type": EVENT,
            "event_payload": {"arrival": self.work.arrival.id, "part": key},
        }

    async def whisper(self, key: str, place: Place, text: str, blocks: Sequence[Block]) -> None:
        """Only for the user's eyes, and gone when they reload."""
        for number, part in enumerate(messages(blocks)):
            name = f"{key}{number or ''}"
            if not told(self.work.progress, name):
                await self.client.chat_postEphemeral(
                    **place.address, user=self.user, text=fallback(text), blocks=part
                )
                await self.work.note(**{name: "-"})


class Speaking:
    """A buyer's reply as it comes: streamed where Slack allows it, else one message edited."""

    KEY = "reply"

    def __init__(self, posting: Posting, place: Place, workspace: str, voice: Voice) -> None:
        self._posting, self._place, self._voice = posting, place, voice
        self._workspace = workspace
        self._client = posting.client
        self._text, self._shown = "", ""
        self._streams = False
        self._ts = told(posting.work.progress, self.KEY)
        self._last = time.monotonic() - EVERY + NO_STREAM

    async def add(self, words: str) -> None:
        self._text += words
        if time.monotonic() - self._last >= EVERY:
            self._last = time.monotonic()
            await self._show()

    async def reset(self) -> None:
        """What was said is withdrawn: a stream can't take back, an edit can."""
        self._text = ""
        await self._stop()

    async def finish(self, text: str, blocks: list[Block]) -> str:
        """The whole message; its ``ts``."""
        key, posting = self.KEY, self._posting
        if not self._ts:
            return await posting.once(key, self._place, text, blocks, self._voice)
        await self._stop()
        first, *more = list(messages(blocks))
        await self._edit(text, first)
        for number, part in enumerate(more, start=1):
            await posting.once(f"{key}+{number}", self._place, text, part, self._voice)
        return self._ts

    async def _show(self) -> None:
        if not self._ts:
            await self._begin()
        elif self._streams:
            await self._append()
        else:
            await self._edit(self._text, None)

    async def _begin(self) -> None:
        words = cut(self._text, MESSAGE)
        self._ts = await self._posting.found(self.KEY, self._place)
        if not self._ts:
            try:
                answer = await self._client.chat_startStream(
                    channel=self._place.channel,
                    thread_ts=self._place.thread,
                    markdown_text=escaped(self._text),
                    recipient_team_id=self._workspace,
                    recipient_user_id=self._posting.user,
                    **self._voice,
                )
                self._streams = True
            except SlackApiError as error:
                if error.response.get("error") == "ratelimited":
                    return
                answer = await self._client.chat_postMessage(
                    **self._place.address,
                    text=escaped(words),
                    metadata=self._posting.metadata(self.KEY),
                    **self._voice,
                )
            self._ts = str(answer["ts"])
        self._shown = self._text
        await self._posting.work.note(**{self.KEY: self._ts})

    async def _append(self) -> None:
        news = self._text[len(self._shown) :]
        try:
            await self._client.chat_appendStream(
                channel=self._place.channel, ts=self._ts, markdown_text=escaped(news)
            )
            self._shown = self._text
        except SlackApiError:  # it died, as streams do after minutes: what is said stays in _text
            self._streams = False

    async def _stop(self) -> None:
        if not self._streams:
            return
        self._streams = False
        try:
            await self._client.chat_stopStream(
                channel=self._place.channel,
                ts=self._ts,
                metadata=self._posting.metadata(self.KEY),
            )
        except SlackApiError:  # it is over already; the edit that follows finishes it
            return

    async def _edit(self, text: str, blocks: list[Block] | None) -> None:
        await self._client.chat_update(
            channel=self._place.channel,
            ts=self._ts,
            text=escaped(cut(text, MESSAGE)),
            blocks=blocks,
        )
