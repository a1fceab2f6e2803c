"""``coach assist``: beside a real call, one line of the customer after the other."""

from __future__ import annotations

from typing import Any

from api.client import ApiClient
from api.following import Problem
from api.practise import read_line
from api.terminal import complain, say, show_remarks, show_sources, show_suggestion

HELP = (
    "Type what the customer says and press Enter. /sector, /region, /competitor or /size and a "
    "value say who it is (nothing behind it: any), /who shows it, /quit leaves."
)
FIELDS = {
    "/sector": "sector",
    "/region": "region",
    "/competitor": "competitor",
    "/size": "customer_size",
}


class LiveCall:
    """What is known of the customer is kept from line to line."""

    def __init__(self, client: ApiClient, about: dict[str, Any]) -> None:
        self._client, self._about = client, about

    def run(self) -> None:
        """Until the input ends or the person leaves."""
        say(HELP)
        try:
            while (line := read_line("They: ")) is not None:
                if line == "/quit":
                    return
                if line:
                    self._take(line)
        except KeyboardInterrupt:
            say()

    def _take(self, line: str) -> None:
        command, _, value = line.partition(" ")
        try:
            if command in FIELDS:
                self._know(FIELDS[command], value.strip())
            elif command == "/who":
                self._tell_who()
            elif command.startswith("/"):
                say(HELP)
            else:
                self._answer(line)
        except Problem as problem:
            complain(problem)

    def _know(self, field: str, value: str) -> None:
        if not value:
            self._about.pop(field, None)
        elif field != "customer_size":
            self._about[field] = value
        elif value.isdecimal() and 0 < int(value) <= 10_000_000:
            self._about[field] = int(value)
        else:
            say("The size is a number of employees, for example /size 400.")
            return
        self._tell_who()

    def _tell_who(self) -> None:
        known = ", ".join(f"{name.replace('_', ' ')} {v}" for name, v in self._about.items())
        say(f"The customer: {known or 'nothing known'}.")

    def _answer(self, words: str) -> None:
        shown: list[dict[str, Any]] = []
        for name, told in self._client.suggestions({"objection": words, "context": self._about}):
            if name == "objection":
                say(told["says"])
            elif name == "suggestion":
                shown.append(told)
                show_suggestion(len(shown), told)
            elif name == "advice":
                say()
                show_remarks(told)
                show_sources({**told, "suggestions": shown})
