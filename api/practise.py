"""``coach practise``: a session in the terminal, typed or piped."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from api.client import ApiClient
from api.following import Problem
from api.terminal import complain, heading, say, show_debrief, show_diagnosis, show_hint, write

HELP = (
    "Type what you would say and press Enter. "
    "/hint a hint (again: a stronger one), /rewind N take your turn N again (/rewind: the last), "
    "/guess WORDS what is it really about?, /end end and debrief, /quit leave, /help this."
)


def read_line(prompt: str) -> str | None:
    """One line from the person, or None at the end of the input; piped input is echoed."""
    write(prompt)
    line = sys.stdin.readline()
    if not line:
        say()
        return None
    if not sys.stdin.isatty():
        say(line.rstrip("\n"))
    return line.strip()


def pick(scenarios: Sequence[Mapping[str, Any]]) -> str | None:
    """The id of the scenario that was picked by number or id, or None to leave."""
    for number, one in enumerate(scenarios, start=1):
        say(f"{number}. {one['title']} ({one['id']})")
    ids = [one["id"] for one in scenarios]
    while (line := read_line(f"Which one? 1-{len(ids)}: ")) is not None:
        if line in ("/quit", "/end"):
            return None
        if line in ids:
            return line
        if line.isdecimal() and 1 <= int(line) <= len(ids):
            return str(ids[int(line) - 1])
        say(f"A number from 1 to {len(ids)}, please, or /quit.")
    return None


class Practice:
    """One session; ``run`` returns when it is over or the person leaves."""

    def __init__(self, client: ApiClient, session: Mapping[str, Any]) -> None:
        self.client = client
        self._take_up(session)
        scenario = client.get(f"{self.path}/scenario")
        personas = {one["id"]: one for one in scenario["personas"]}
        self.buyer = personas.get(session["persona"], scenario["persona"])
        self.scenario = scenario

    def _take_up(self, session: Mapping[str, Any]) -> None:
        self.session, self.id = session, session["id"]
        self.path = f"/v1/sessions/{self.id}"

    def run(self) -> None:
        self._introduce()
        try:
            while (line := read_line("You: ")) is not None:
                if not line:
                    continue
                if not self._goes_on(line):
                    return
        except KeyboardInterrupt:
            say()
        say(f"Left. The session is kept: coach transcript {self.id}")

    def _introduce(self) -> None:
        heading(self.scenario["title"])
        say(f"Your goal: {self.scenario['goal']}")
        buyer = self.buyer
        say(f"You meet {buyer['name']}, {buyer['role']} at {buyer['organisation']}.")
        engine = self.session["engine"]["voice"]
        say(f"The buyer's words come from: {engine}. Difficulty: {self.session['difficulty']}.")
        say(HELP)
        say()
        if self.session["parent"]:
            self._show_where()
        else:
            say(f"{buyer['name']}: {self.session['turns'][0]['text']}")

    def _goes_on(self, line: str) -> bool:
        command = line.split(maxsplit=1)[0].lower()
        if command == "/quit":
            say(f"Left. The session is kept: coach transcript {self.id}")
            return False
        if command == "/end":
            self._end()
            return False
        try:
            if command == "/hint":
                show_hint(self.client.post(f"{self.path}/hint"))
            elif command == "/rewind":
                self._rewind(line.removeprefix(line.split(maxsplit=1)[0]).strip())
            elif command == "/guess":
                self._guess(line.removeprefix(line.split(maxsplit=1)[0]).strip())
            elif command.startswith("/") and " " not in line:
                say(HELP)
            elif self._say_to_buyer(line) != "active":
                self._end()
                return False
        except Problem as problem:
            complain(problem)
            if problem.status == 404 or (problem.status == 409 and command[0] != "/"):
                return False
        return True

    @classmethod
    def again(cls, client: ApiClient, session_id: str, turn: int | None) -> Practice:
        """A branch of that session from ``turn``, or from the last turn that was said."""
        return cls(client, _branch(client, f"/v1/sessions/{quote(session_id, safe='')}", turn))

    def _rewind(self, turn: str) -> None:
        """Goes on in a branch; the session so far stays as it was."""
        if turn and not (turn.isascii() and turn.isdecimal() and len(turn) < 10):
            say("/rewind takes the number of one of your turns, as in /rewind 3.")
            return
        self._take_up(_branch(self.client, self.path, int(turn) if turn else None))
        self._show_where()

    def _show_where(self) -> None:
        items = self.client.get(f"{self.path}/branches")["items"]
        here = next(one for one in items if one["session"] == self.id)
        say(f"Attempt {here['number']} of turn {here['turn']}; what was said before is kept.")
        say()
        say(f"{self.buyer['name']}: {self.session['turns'][-1]['text']}")

    def _guess(self, text: str) -> None:
        if not text:
            say("Write what you think it is really about, as in /guess they were burned before.")
            return
        show_diagnosis(self.client.post(f"{self.path}/diagnosis", {"text": text}))

    def _say_to_buyer(self, text: str) -> str:
        """Sends one message, shows the answer as it comes and the tip; the session's status."""
        status, is_speaking, noted = "active", False, False
        for name, told in self.client.take_turn(self.id, text):
            if name == "reply.delta":
                write(told["text"] if is_speaking else f"{self.buyer['name']}: {told['text']}")
                is_speaking = True
            elif name == "reply.reset":
                why = told["note"] or "says it anew"
                say(f"\n({why})" if is_speaking else f"({why})")
                is_speaking, noted = False, bool(told["note"])
            elif name == "reply.completed":
                say("" if is_speaking else f"{self.buyer['name']}: {told['turn']['text']}")
                if (note := told["turn"].get("note")) and not noted:
                    say(f"({note})", indent=2)
            elif name == "assessment":
                self._show_tip(told)
            elif name == "turn.completed":
                status = told["session"]["status"]
        return status

    def _show_tip(self, assessment: Mapping[str, Any]) -> None:
        for claim in assessment["claims"]:
            if claim["status"] in ("contradicted", "overstated", "stale"):
                say(f"Careful, {claim['status']}: “{claim['text']}” {claim['note']}", indent=2)
        if not assessment["scored"]:
            say(f"(not scored: {assessment.get('reason', '')})", indent=2)
        elif assessment["tip"]:
            say(f"Tip: {assessment['tip']}", indent=2)
        say()

    def _end(self) -> None:
        say()
        show_debrief(self.client.post(f"{self.path}/end"))
        say(f"The whole conversation: coach transcript {self.id}")
        say(f"A turn of it again: coach practise --again {self.id} --turn N")


def _branch(client: ApiClient, path: str, turn: int | None) -> Mapping[str, Any]:
    """A new session that goes back to ``turn``; without one, to the last that was said."""
    if turn is None:
        turn = max(1, client.get(path)["turn_count"] - 2)
    made: Mapping[str, Any] = client.post(f"{path}/branch", {"turn": turn})
    return made
