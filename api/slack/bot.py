"""The bot: keeps what Slack sends, works it off with Bolt's listeners, reminds of drills."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp, AsyncBoltContext, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError

from api.slack import blocks, home_blocks
from api.slack.asked import Asked, client_for, whisper
from api.slack.identity import Identity, Stranger
from api.slack.installing import Workspaces
from api.slack.listeners import listen
from api.slack.posting import Place, Posting
from api.slack.taking import arrival_of, check_signature, payload_of, workspace_of
from api.slack.working import Later, Work, Worker
from coach.errors import CoachError, NotSignedIn, Unavailable
from coach.messenger.desk import Messenger
from coach.messenger.people import Installation, Person
from coach.messenger.settings import SlackSettings
from coach.service import CoachService

log = logging.getLogger(__name__)

REMIND_SECONDS = 20.0
TIDY_EVERY = 180  # looks at reminders: once an hour
RETRY_AFTER = 5.0  # seconds, where Slack says that it is too much and not for how long
KEPT = "I can't answer just now. Your words are kept, and I answer as soon as I can."
SORRY = "I couldn't do this; it isn't your fault. Please try again, or ask your admin for the log."


class SlackBot:
    """Lives from ``open`` to ``close`` in one event loop."""

    def __init__(
        self, service: CoachService, messenger: Messenger, settings: SlackSettings, address: str
    ) -> None:
        self._messenger, self._settings = messenger, settings
        self.identity = Identity(service, messenger, settings.join, address)
        self.workspaces = Workspaces(messenger, settings, address)
        self._worker = Worker(messenger, self._do, self._apologise)
        self._app = AsyncApp(
            authorize=_authorised,
            request_verification_enabled=False,  # done at the door, before anything is kept
            process_before_response=True,  # so that the worker learns how it went
            logger=logging.getLogger("slack_bolt"),
        )
        listen(self._app, self._ask)
        self._app.event("app_uninstalled")(self._left)
        self._app.event("tokens_revoked")(self._left)
        self._app.error(_noted)
        self._reminding: asyncio.Task[None] | None = None
        self._socket: Any = None

    async def open(self) -> None:
        self._worker.start()
        self._reminding = asyncio.create_task(self._remind())
        if self._settings.app_token:
            from api.slack.socket import connect  # noqa: PLC0415  # for development

            web = client_for(self._settings.api, self._settings.bot_token)
            self._socket = await connect(self._settings.app_token, web, self.keep)

    async def close(self) -> None:
        if self._socket:
            await self._socket.close()
        if self._reminding:
            self._reminding.cancel()
        await self._worker.stop()

    # --- at the door ---

    async def take(self, headers: Mapping[str, str], body: bytes) -> str | None:
        """Keeps what Slack sent and returns the challenge of a new address, if it is one.

        Refused for what Slack didn't sign; when this returns, nothing of it can be lost.
        """
        check_signature(self._settings.signing_secret, headers, body, self._messenger.clock())
        payload = payload_of(body, headers.get("content-type", ""))
        if payload.get("type") == "url_verification":
            return str(payload.get("challenge", ""))
        if "ssl_check" not in payload:
            await self.keep(payload)
        return None

    async def keep(self, payload: dict[str, Any]) -> None:
        arrival = arrival_of(payload, self._messenger.clock())
        if await asyncio.to_thread(self._messenger.inbox.put, arrival):
            self._worker.wake()

    # --- at work ---

    async def _do(self, work: Work) -> None:
        payload = dict(work.arrival.body)
        installed = await self.workspaces.installation(workspace_of(payload))
        if installed is None:
            log.warning("Slack sent something of a workspace that the coach isn't installed in")
            return
        request = AsyncBoltRequest(
            body=payload, mode="socket_mode", context={"work": work, "installed": installed}
        )
        await self._app.async_dispatch(request)
        if error := request.context.get("failure"):
            await self._failed(error, work, request.context.get("asked"))

    async def _failed(self, error: Exception, work: Work, asked: Asked | None) -> None:
        if isinstance(error, SlackApiError) and error.response.get("error") == "ratelimited":
            wait = float(error.response.headers.get("Retry-After", RETRY_AFTER))
            raise Later(timedelta(seconds=wait), "Slack asks to wait") from error
        if isinstance(error, Unavailable):
            if asked:
                await asked.tell(KEPT, key="kept")
            raise error
        if isinstance(error, CoachError) and asked:
            await asked.tell(error.message)
            return
        raise error

    async def _ask(self, context: AsyncBoltContext, body: dict[str, Any]) -> Asked | None:
        work: Work = context["work"]
        installed: Installation = context["installed"]
        user, place = str(context.user_id), _place(body)
        client = client_for(self._settings.api, installed.token)
        posting = Posting(client, work, user)
        reply_to = str(body.get("response_url") or "") if not place.thread else ""
        try:
            visitor = await self.identity.visitor(installed, user, client)
        except NotSignedIn as error:
            link = error.link if isinstance(error, Stranger) else ""
            shown = blocks.way_in(error.message, link)
            await whisper(posting, place, error.message, shown, reply_to)
            return None
        asked = Asked(visitor, self._messenger, self.identity, posting, place, reply_to)
        context["asked"] = asked
        return asked

    async def _apologise(self, work: Work) -> None:
        payload = dict(work.arrival.body)
        installed = await self.workspaces.installation(workspace_of(payload))
        user = (payload.get("event") or {}).get("user") or payload.get("user_id")
        user = user or (payload.get("user") or {}).get("id")
        if installed and user:
            client = client_for(self._settings.api, installed.token)
            posting = Posting(client, work, str(user))
            await posting.whisper("sorry", _place(payload), SORRY, blocks.coached(SORRY))

    async def _left(self, body: dict[str, Any]) -> None:
        """The workspace took the bot out: nothing of it is kept but people's own sessions."""
        event = body["event"]
        if event["type"] == "app_uninstalled" or event.get("tokens", {}).get("bot"):
            await self.workspaces.forget(workspace_of(body))

    # --- reminders ---

    async def _remind(self) -> None:
        looks = 0
        while True:
            try:
                for person in await self._messenger.to_remind():
                    await self._reminded(person)
                if looks % TIDY_EVERY == 0:
                    await self._worker.tidy()
            except Exception:  # one person's trouble mustn't end the others'
                log.warning("a reminder failed", exc_info=True)
            looks += 1
            await asyncio.sleep(REMIND_SECONDS)

    async def _reminded(self, person: Person) -> None:
        """Only where a drill is due; whoever can't be reached isn't tried again today."""
        installed = await self.workspaces.installation(person.workspace)
        if installed is None:
            return
        client = client_for(self._settings.api, installed.token)
        with suppress(SlackApiError, NotSignedIn):
            visitor = await self.identity.visitor(installed, person.user, client)
            due = (await visitor.service.progress.progress(visitor.caller)).due
            if due:
                shown = home_blocks.reminder(due[0].title, due[0].why, due[0].scenario)
                opened = await client.conversations_open(users=person.user)
                await client.chat_postMessage(
                    channel=opened["channel"]["id"], text="A drill is due", blocks=shown
                )


async def _authorised(context: AsyncBoltContext) -> AuthorizeResult:
    installed: Installation = context["installed"]
    return AuthorizeResult(
        enterprise_id=None,
        team_id=installed.workspace,
        bot_user_id=installed.bot,
        bot_token=installed.token,
    )


async def _noted(error: Exception, context: AsyncBoltContext) -> BoltResponse:
    context["failure"] = error
    return BoltResponse(status=500)


def _place(body: dict[str, Any]) -> Place:
    """Where it was asked; a channel of "" is the App Home."""
    event = body.get("event") or {}
    if event:
        if event.get("type") == "message":
            return Place(str(event["channel"]), str(event.get("thread_ts") or event["ts"]))
        return Place(str(event.get("channel", "")), str(event.get("thread_ts", "")))
    box, message = body.get("container") or {}, body.get("message") or {}
    channel = (body.get("channel") or {}).get("id") or box.get("channel_id")
    thread = box.get("thread_ts") or message.get("thread_ts")
    if body.get("type") == "message_action":
        thread = ""  # a colleague's thread: the answer goes by the address that came along
    return Place(str(channel or body.get("channel_id") or ""), str(thread or ""))
