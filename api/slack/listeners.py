"""What each event, command, button and shortcut of Slack's does. Thin: the doing is elsewhere."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext

from api.slack.asked import Asked
from api.slack.posting import Place
from api.slack.practising import at
from api.slack.wording import plain
from coach.messenger.reminding import Cadence

Body = dict[str, Any]
#: Who asks; None where they were told already why they can't.
Ask = Callable[[AsyncBoltContext, Body], Awaitable[Asked | None]]
Do = Callable[[Asked, Body], Awaitable[object]]

HELP = (
    "/coach practise asks which objection to practise, /coach practise trust-unknown begins "
    "one. /coach answer, with a customer's words, says what to answer. Or just write me a message."
)
STOPPED = "No more reminders. My Home tab has them again, should you miss them."
SPOKEN = (None, "file_share", "thread_broadcast")


def listen(app: AsyncApp, ask: Ask) -> None:
    """Every listener of the bot; each gets the request's body, a button's its own action."""

    def doing(do: Do, part: Callable[[Body], Body] = lambda body: body) -> Any:
        async def heard(ack: AsyncAck, context: AsyncBoltContext, body: Body) -> None:
            await ack()
            if asked := await ask(context, body):
                await do(asked, part(body))

        return heard

    app.command("/coach")(doing(command))
    app.shortcut("answer_this")(doing(answer_this))
    app.event("message", matchers=[_is_said])(doing(message))
    app.event("app_mention")(doing(mention))
    app.event("app_home_opened", matchers=[_is_home])(doing(home))
    for name, do in BUTTONS.items():
        app.action(name)(doing(do, _action))


async def _is_said(body: Body) -> bool:
    """In the direct messages, by a person; not an edit, nor what the bot says itself."""
    event = body["event"]
    said = event.get("channel_type") == "im" and event.get("subtype") in SPOKEN
    return bool(said and event.get("user") and not event.get("bot_id"))


async def _is_home(body: Body) -> bool:
    return bool(body["event"].get("tab") == "home")


def _action(body: Body) -> Body:
    found: Body = body["actions"][0]
    return found


# --- words ---


async def command(asked: Asked, body: Body) -> None:
    verb, _, rest = plain(str(body.get("text", ""))).partition(" ")
    match verb.casefold():
        case "practise" | "practice":
            await asked.practise_privately(rest.strip())
        case "answer":
            await asked.answer(rest.strip())
        case _:
            await asked.tell(HELP)


async def answer_this(asked: Asked, body: Body) -> None:
    await asked.answer(plain(str(body["message"].get("text", ""))))


async def message(asked: Asked, body: Body) -> None:
    event = body["event"]
    place = Place(event["channel"], event.get("thread_ts") or event["ts"])
    await asked.spoken_to(plain(event.get("text", "")), place)


async def mention(asked: Asked, body: Body) -> None:
    await asked.tell(HELP)


async def home(asked: Asked, body: Body) -> None:
    await asked.show_home()


# --- buttons ---


async def pick(asked: Asked, action: Body) -> None:
    await asked.practice.open(action["selected_option"]["value"], asked.place)


async def start(asked: Asked, action: Body) -> None:
    await asked.practise_privately(action["value"])


async def hint(asked: Asked, action: Body) -> None:
    await asked.practice.hint(at(action["value"])[0], asked.place)


async def why(asked: Asked, action: Body) -> None:
    await asked.practice.why(*at(action["value"]), asked.place)


async def sources(asked: Asked, action: Body) -> None:
    await asked.practice.sources(*at(action["value"]), asked.place)


async def rewind(asked: Asked, action: Body) -> None:
    await asked.practice.rewind(*at(action["value"]), asked.place)


async def end(asked: Asked, action: Body) -> None:
    await asked.practice.end(at(action["value"])[0], asked.place)


async def again(asked: Asked, action: Body) -> None:
    await asked.practice.again(action["value"], asked.place)


async def share(asked: Asked, action: Body) -> None:
    session_id = action["action_id"].partition(":")[2]
    await asked.share(session_id, action["selected_conversation"])


async def cadence(asked: Asked, action: Body) -> None:
    await asked.remind(Cadence(action["selected_option"]["value"]), asked.person.hour)
    await asked.show_home()


async def hour(asked: Asked, action: Body) -> None:
    await asked.remind(asked.person.cadence, int(action["selected_option"]["value"]))
    await asked.show_home()


async def snooze(asked: Asked, action: Body) -> None:
    await asked.snooze()


async def stop(asked: Asked, action: Body) -> None:
    await asked.remind(Cadence.OFF, asked.person.hour)
    await asked.tell(STOPPED)


#: By the name of the button, the list or the field.
BUTTONS: dict[str | re.Pattern[str], Do] = {
    "pick": pick,
    "start": start,
    "hint": hint,
    "why": why,
    "sources": sources,
    "rewind": rewind,
    "end": end,
    "again": again,
    re.compile("share:.+"): share,
    "cadence": cadence,
    "hour": hour,
    "snooze": snooze,
    "stop": stop,
}
