"""One thing that somebody of a workspace asked for: who, where, and what the bot does about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from api.slack import blocks, home_blocks
from api.slack.identity import Identity, Visitor
from api.slack.posting import Place, Posting
from api.slack.practising import Practice
from api.slack.wording import fallback
from api.slack.working import told
from coach.errors import BadInput
from coach.messenger.desk import Messenger
from coach.messenger.people import Person
from coach.messenger.reminding import Cadence

RECENT = 8  # sessions in the App Home
OPENED = "Your practice is in our direct messages, where only you see it."
SHARED = "Shared."
INVITE = "I'm not in that channel. Invite me there with /invite, then share again."
EMPTY = "Write what the customer said after /coach answer."
SNOOZED = "I'll ask again in three hours, unless your usual time comes first."
#: Not in a channel: then nothing can be whispered to anybody in it.
OUTSIDE = ("channel_not_found", "not_in_channel", "user_not_in_channel", "is_archived")


@dataclass(frozen=True)
class Asked:
    visitor: Visitor
    messenger: Messenger
    identity: Identity
    posting: Posting
    place: Place  # where it was asked
    reply_to: str = ""  # the address at which Slack takes answers to this, for half an hour

    @property
    def person(self) -> Person:
        return self.visitor.person

    @property
    def practice(self) -> Practice:
        return Practice(self.visitor, self.messenger, self.identity, self.posting)

    async def tell(
        self, text: str, shown: list[blocks.Block] | None = None, key: str = "told"
    ) -> None:
        """To the user alone, once by its ``key``: where they asked, else in their direct
        messages."""
        said = shown or blocks.coached(text)
        await whisper(self.posting, self.place, text, said, self.reply_to, key)

    async def practise_privately(self, words: str) -> None:
        """In a thread of their direct messages; where they are told of it if they are elsewhere."""
        practice = self.practice
        place = await practice.private()
        if not words:
            await practice.pick(place)
        elif chosen := await practice.named(words):
            await practice.open(chosen.id, place)
        else:
            known = await self.visitor.service.scenarios(self.visitor.caller)
            names = ", ".join(one.id for one in known)
            raise BadInput(f"there is no scenario “{words[:60]}”; there are {names}")
        if self.place.channel != place.channel and self.place.channel:
            await self.tell(OPENED)

    async def spoken_to(self, text: str, place: Place) -> None:
        """A message to the bot: a reply in a practice, the name of one, or anything else."""
        talk = await self.messenger.talk(self.person.workspace, place.channel, place.thread)
        practice = self.practice
        if talk is not None and talk.owner == self.person.owner:
            await practice.turn(talk, text)
        elif chosen := await practice.named(_without_verb(text)):
            await practice.open(chosen.id, place)
        else:
            await practice.pick(place)

    async def answer(self, words: str) -> None:
        """What to say to a customer who said ``words``."""
        if not words:
            raise BadInput(EMPTY)
        service, caller = self.visitor.service, self.visitor.caller
        advice = await service.suggest(caller, words[:4000])
        await self.tell("What you could say", blocks.advice(advice))

    async def share(self, session_id: str, channel: str) -> None:
        try:
            await self.practice.share(session_id, channel)
        except SlackApiError as error:
            if error.response.get("error") not in OUTSIDE:
                raise
            raise BadInput(INVITE) from error
        await self.tell(SHARED)

    async def show_home(self) -> None:
        service, caller = self.visitor.service, self.visitor.caller
        progress = await service.progress.progress(caller)
        sessions, _ = await service.sessions(caller, RECENT)
        titled = [(s, (await service.scenario_of(s)).title) for s in sessions]
        person = await self.messenger.person(self.person.workspace, self.person.user)
        page = f"{self.identity.address}/progress" if await self.identity.with_page() else ""
        shown = home_blocks.home(progress, titled, person or self.person, page)
        view: dict[str, Any] = {"type": "home", "blocks": shown}
        await self.posting.client.views_publish(user_id=self.posting.user, view=view)

    async def remind(self, cadence: Cadence, hour: int) -> None:
        await self.messenger.remind(self.person, cadence, hour)

    async def snooze(self) -> None:
        await self.messenger.snooze(self.person)
        await self.tell(SNOOZED)


async def whisper(
    posting: Posting,
    place: Place,
    text: str,
    shown: list[blocks.Block],
    reply_to: str = "",
    key: str = "told",
) -> None:
    """By the address that came with a command, which works where the bot isn't a member, too."""
    if reply_to and not told(posting.work.progress, key):
        client = AsyncWebhookClient(reply_to)
        first = next(blocks.messages(shown))
        answer = await client.send(
            text=fallback(text), blocks=first, response_type="ephemeral", replace_original=False
        )
        if answer.status_code == 200:
            await posting.work.note(**{key: "-"})
            return
    try:
        await posting.whisper(key, place, text, shown)
    except SlackApiError as error:
        if error.response.get("error") not in OUTSIDE:
            raise
        opened = await posting.client.conversations_open(users=posting.user)
        await posting.once(key, Place(str(opened["channel"]["id"])), text, shown)


def client_for(api: str, token: str) -> AsyncWebClient:
    """Waits as long as Slack says, a few times; then the work is put back."""
    from slack_sdk.http_retry.builtin_async_handlers import (  # noqa: PLC0415
        AsyncConnectionErrorRetryHandler,
        AsyncRateLimitErrorRetryHandler,
    )

    handlers = [AsyncConnectionErrorRetryHandler(), AsyncRateLimitErrorRetryHandler(1)]
    return AsyncWebClient(token=token, base_url=api, timeout=15, retry_handlers=list(handlers))


def _without_verb(text: str) -> str:
    verb, _, rest = text.partition(" ")
    return rest if verb.casefold() in ("practise", "practice") else text
