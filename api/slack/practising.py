"""Practice in a thread: it is opened, played turn by turn, rewound, ended and told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

from api.slack import blocks, debrief_blocks
from api.slack.identity import Identity, Visitor
from api.slack.posting import Place, Posting, Speaking, Voice
from api.slack.working import Work, told
from coach.errors import BadInput, NotFound
from coach.events import (
    ReplyCompleted,
    ReplyDelta,
    ReplyReset,
    TurnCompleted,
    TurnEvent,
    TurnFailed,
)
from coach.messenger.desk import Messenger
from coach.messenger.people import Talk
from coach.scenario import Persona, Scenario
from coach.sent_text import checked_text
from coach.session import Session, Status, Turn

OVER = "This practice has ended. Write me a new message, or /coach practise, to begin another."
BACK = "Back here. Your next message takes the place of “{text}”; the first try is kept."
NO_REPLY = "There is no reply of yours here yet."
FACES = {"healthcare": ":hospital:", "manufacturing": ":factory:", "retail": ":shopping_trolley:"}
FACE = ":bust_in_silhouette:"


def voice_of(who: Persona) -> Voice:
    """The buyer's name and picture; the coach keeps its own."""
    return {
        "username": f"{who.name}, {who.role}"[:80],
        "icon_emoji": FACES.get(who.sector, FACE),
    }


@dataclass(frozen=True)
class Practice:
    """What one visitor does in one workspace, as one piece of work."""

    visitor: Visitor
    messenger: Messenger
    identity: Identity
    posting: Posting

    @property
    def work(self) -> Work:
        return self.posting.work

    # --- opening ---

    async def pick(self, place: Place) -> None:
        """Asks which scenario."""
        found = await self.visitor.service.scenarios(self.visitor.caller)
        await self.posting.once("picker", place, "What to practise?", blocks.picker(found))

    async def named(self, words: str) -> Scenario | None:
        """The scenario by its id or title; None where ``words`` name none."""
        found = await self.visitor.service.scenarios(self.visitor.caller)
        wanted = words.strip(" .!?\"'“”").casefold()
        return next((s for s in found if wanted in (s.id.casefold(), s.title.casefold())), None)

    async def private(self) -> Place:
        """The direct messages of the visitor with the bot."""
        answer = await self.posting.client.conversations_open(users=self.posting.user)
        return Place(str(answer["channel"]["id"]))

    async def open(self, scenario: str, place: Place) -> Place:
        """A session in a thread: that of ``place``, or a new one in its channel."""
        session = await self._begun(scenario)
        played = await self.visitor.service.scenario_of(session)
        who = played.persona(session.persona)
        root = await self.posting.once("root", place, played.title, blocks.root(played, session))
        thread = Place(place.channel, place.thread or root)
        await self._hold(thread, session)
        first = session.turns[0]
        said = blocks.said(first, session)
        await self.posting.once("opening", thread, first.text, said, voice_of(who))
        return thread

    async def _begun(self, scenario: str) -> Session:
        caller, service = self.visitor.caller, self.visitor.service
        if session_id := told(self.work.progress, "session"):
            return await service.session(caller, session_id)
        session = await service.start(caller, scenario)
        await self.work.note(session=session.id)
        return session

    async def _hold(self, place: Place, session: Session) -> None:
        person = self.visitor.person
        talk = Talk(
            person.workspace, place.channel, place.thread, person.tenant, person.owner, session.id
        )
        await self.messenger.keep_talk(talk)

    # --- turns ---

    async def turn(self, talk: Talk, text: str) -> None:
        """Once, however often this is begun: the index that it is for was noted first."""
        place = Place(talk.channel, talk.thread)
        service, caller = self.visitor.service, self.visitor.caller
        session = await service.session(caller, talk.session)
        wanted = checked_text(text)
        if "index" not in self.work.progress:
            if session.status is not Status.ACTIVE:
                await self.posting.whisper("over", place, OVER, blocks.coached(OVER))
                return
            await self.work.note(index=session.turn_count, held=session.id)
        played = await service.scenario_of(session)
        who = played.persona(session.persona)
        person = self.visitor.person
        speaking = Speaking(self.posting, place, person.workspace, voice_of(who))
        await self._status(place, f"{who.name} is thinking…")
        done = await self._heard(await self._events(wanted), speaking)
        await self._answered(done, session, place, speaking)

    async def _events(self, text: str) -> AsyncIterator[TurnEvent]:
        held, index = str(self.work.progress["held"]), int(self.work.progress["index"])
        service, caller = self.visitor.service, self.visitor.caller
        if self.work.is_again:
            try:
                return await service.turns.follow(caller, held, index, text)
            except NotFound:  # it wasn't accepted before the worker was killed
                pass
        return await service.take_turn(caller, held, text)

    async def _heard(self, events: AsyncIterator[TurnEvent], speaking: Speaking) -> TurnCompleted:
        completed: TurnCompleted | None = None
        async for event in events:
            match event:
                case ReplyDelta(text):
                    await speaking.add(text)
                case ReplyReset():
                    await speaking.reset()
                case TurnFailed(error):
                    raise error
                case TurnCompleted():
                    completed = event
                case ReplyCompleted() | _:
                    pass
        assert completed is not None  # noqa: S101  # a turn completes or fails
        return completed

    async def _answered(
        self, done: TurnCompleted, session: Session, place: Place, speaking: Speaking
    ) -> None:
        exchange = done.exchange
        goes_on = exchange.status is Status.ACTIVE
        buyer = exchange.buyer
        await speaking.finish(buyer.text, blocks.said(buyer, session, goes_on))
        judged = exchange.seller.assessment
        if judged and (tip := judged.tip or judged.reason):
            await self.posting.whisper("tip", place, tip, blocks.coached(tip))
        if not goes_on:
            await self._tell(session.id, place)

    async def _status(self, place: Place, words: str) -> None:
        """Where the workspace has it; elsewhere nothing is missed."""
        from slack_sdk.errors import SlackApiError  # noqa: PLC0415

        try:
            await self.posting.client.assistant_threads_setStatus(
                channel_id=place.channel, thread_ts=place.thread, status=words
            )
        except SlackApiError:
            return

    # --- beside the talk ---

    async def hint(self, session_id: str, place: Place) -> None:
        given = await self.visitor.service.hint(self.visitor.caller, session_id)
        await self.posting.whisper("hint", place, given.text, blocks.hint(given))

    async def why(self, session_id: str, index: int, place: Place) -> None:
        """How the reply was judged that the buyer's words at ``index`` answered."""
        reply = await self._reply(session_id, index)
        shown = blocks.why(reply.assessment) if reply.assessment else blocks.coached(NO_REPLY)
        await self.posting.whisper("why", place, "How your reply was judged", shown)

    async def sources(self, session_id: str, index: int, place: Place) -> None:
        reply = await self._reply(session_id, index)
        judged = reply.assessment
        if judged is None:
            await self.posting.whisper("sources", place, NO_REPLY, blocks.coached(NO_REPLY))
            return
        service = self.visitor.service
        items = {}
        for cited in {c.id for claim in judged.claims for c in claim.evidence}:
            try:
                items[cited] = await service.evidence(cited)
            except NotFound:  # deleted since; its id is shown
                continue
        shown = blocks.sources(judged, items)
        await self.posting.whisper("sources", place, "What the evidence says", shown)

    async def _reply(self, session_id: str, index: int) -> Turn:
        session = await self.visitor.service.session(self.visitor.caller, session_id)
        if not 0 < index < len(session.turns):
            raise BadInput(NO_REPLY)
        return session.turns[index - 1]

    async def rewind(self, session_id: str, index: int, place: Place) -> None:
        """The thread goes on before the reply that the words at ``index`` answered."""
        reply = await self._reply(session_id, index)
        caller, service = self.visitor.caller, self.visitor.service
        if made := told(self.work.progress, "branch"):
            branch = await service.session(caller, made)
        else:
            branch = await service.rewinding.branch(caller, session_id, reply.index)
            await self.work.note(branch=branch.id)
        await self._hold(place, branch)
        text = BACK.format(text=reply.text[:200])
        played = await service.scenario_of(branch)
        who = played.persona(branch.persona)
        await self.posting.once("back", place, text, blocks.coached(text))
        last = branch.turns[-1]
        said = blocks.said(last, branch)
        await self.posting.once("again", place, last.text, said, voice_of(who))

    # --- the end ---

    async def end(self, session_id: str, place: Place) -> None:
        await self._tell(session_id, place)

    async def _tell(self, session_id: str, place: Place, shared_by: str = "") -> None:
        service, caller = self.visitor.service, self.visitor.caller
        told_of = await service.end(caller, session_id)
        session = await service.session(caller, session_id)
        who = (await service.scenario_of(session)).persona(session.persona)
        page = ""
        if await self.identity.with_page():
            page = f"{self.identity.address}/debrief/{session_id}"
        shown = debrief_blocks.debrief(told_of, who, page, shared_by)
        await self.posting.once(
            f"debrief{place.channel if shared_by else ''}", place, "How it went", shown
        )

    async def share(self, session_id: str, channel: str) -> None:
        """Only by the rep's own choice: result and checks, without what they said."""
        await self._tell(session_id, Place(channel), shared_by=self.posting.user)

    async def again(self, session_id: str, place: Place) -> Place:
        """The same scenario once more, in a thread of its own."""
        session = await self.visitor.service.session(self.visitor.caller, session_id)
        return await self.open(session.scenario, replace(place, thread=""))


def at(value: Any) -> tuple[str, int]:
    """The session and the index in a button's value; BadInput for what isn't one of ours."""
    session_id, _, index = str(value).rpartition(":")
    if not session_id or not index.isdecimal():
        raise BadInput("this button is too old; write me a new message")
    return session_id, int(index)
