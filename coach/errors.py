"""Everything that can go wrong, as a person can act on it.

CoachError
├── BadInput          what was sent can't be taken; the message says what to change     (422)
├── NotSignedIn       who asks isn't known: nothing was shown, or it holds no more     (401)
├── NotFound          there is no such thing, or it isn't yours                          (404)
├── Conflict          the thing has moved on: turn taken meanwhile, session ended        (409)
├── Overtaken         what you change was changed meanwhile: read it again              (412)
├── Refused           this caller, or this address, may not do that                      (403)
├── TooMany           this caller asked for too much in a short time: wait               (429)
├── Unavailable       a part that is needed can't answer now; try again                  (503)
│   └── ModelFailed   the language model failed; the embedded engine takes over
└── Misconfigured     the coach can't start like this; the message says what to do       (500)

The number is the HTTP status a door gives it. Every message is written for the reader.
"""

from typing import Any


class CoachError(Exception):
    """Base of all errors that a door shows to a person.

    ``errors`` may hold ``{"loc": [...], "msg": "..."}`` entries, one per faulty field.
    """

    def __init__(self, message: str, errors: list[dict[str, object]] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.errors = errors or []


class BadInput(CoachError): ...


class NotSignedIn(CoachError): ...


class NotFound(CoachError): ...


class Conflict(CoachError): ...


class Overtaken(CoachError): ...


class Refused(CoachError): ...


class TooMany(CoachError):
    """``wait`` is in seconds; ``left`` holds what the caller may still use, limit by limit."""

    def __init__(self, message: str, wait: float = 1.0, left: tuple[Any, ...] = ()) -> None:
        super().__init__(message)
        self.wait, self.left = wait, left


class Unavailable(CoachError): ...


class ModelFailed(Unavailable): ...


class Misconfigured(CoachError): ...
