"""The App Home and reminders, as blocks. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from api.slack.blocks import Block, actions, button, header, note, section
from api.slack.limits import HOME_BLOCKS, OPTION, cut
from api.slack.wording import literal
from api.web import wording
from coach.messenger.people import Person
from coach.messenger.reminding import Cadence
from coach.progress.book import Progress
from coach.session import Session

CADENCES = {
    Cadence.OFF: "No reminders",
    Cadence.DAILY: "Every day a drill is due",
    Cadence.WEEKLY: "On Mondays, if one is due",
}
HOURS = range(6, 21)
MOST = 8


def home(
    progress: Progress, sessions: Sequence[tuple[Session, str]], person: Person, page: str = ""
) -> list[Block]:
    """``sessions`` come with the titles of their scenarios, newest first."""
    found = [header("Your practice")]
    choice = progress.next
    found += section(f"*Next:* {literal(choice.title)}\n{literal(choice.why)}")
    found.append(actions(button("Practise this", "start", choice.scenario, "primary")))
    found.append(header("How it goes"))
    found += [
        b
        for one in progress.masteries[:MOST]
        for b in note(
            f"*{wording.LEVELS[one.level]}*  {literal(one.question)} {one.kept} of {one.seen}"
        )
    ] or section("Nothing yet: your first practice tells.")
    if progress.due:
        found.append(header("Drills that are due"))
        for due in progress.due[:MOST]:
            found += section(f"{literal(due.question or due.title)}\n{literal(due.why)}")
    found.append(header("Lately"))
    found += [b for session, title in sessions[:MOST] for b in _session(session, title)] or section(
        "You haven't practised yet."
    )
    found += reminders(person)
    if page:
        found += section(f"<{page}|Everything on your own page>")
    return found[:HOME_BLOCKS]


def _session(session: Session, title: str) -> list[Block]:
    fate = wording.FATES[session.status]
    return note(f"{literal(title)} · {fate}, {session.created_at:%d %B}")


def reminders(person: Person) -> list[Block]:
    """When to be reminded; what is shown is what is kept."""
    often = [_option(label, key) for key, label in CADENCES.items()]
    hours = [_option(f"{hour}:00", str(hour)) for hour in HOURS]
    now_often = next(o for o in often if o["value"] == person.cadence)
    now_hour = next((o for o in hours if o["value"] == str(person.hour)), hours[3])
    return [
        header("Reminders"),
        actions(_select("cadence", often, now_often), _select("hour", hours, now_hour)),
        *note(f"By your own clock ({literal(person.zone)}). Never more often than you chose."),
    ]


def reminder(title: str, why: str, scenario: str) -> list[Block]:
    return [
        *section(f":alarm_clock: *Two minutes?* {literal(title)}\n{literal(why)}"),
        actions(
            button("Begin", "start", scenario, "primary"),
            button("In three hours", "snooze"),
            button("Stop reminders", "stop"),
        ),
    ]


def _option(label: str, value: str) -> Block:
    return {"text": {"type": "plain_text", "text": cut(label, OPTION)}, "value": value}


def _select(action: str, options: list[Block], now: Block) -> Block:
    return {
        "type": "static_select",
        "action_id": action,
        "options": options,
        "initial_option": now,
    }
