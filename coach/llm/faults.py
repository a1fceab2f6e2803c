"""What went wrong with a model server, in words for a person, and whether to try once more.

The libraries of different providers share the names of their errors, not the classes. The
server's own words are never shown: they may hold a piece of the key or of the prompt.
"""

from __future__ import annotations

from dataclasses import dataclass

from coach.errors import ModelFailed

RETRY_AFTER_AT_MOST = 3.0  # seconds; a server that asks for more is given up on

_REFUSALS = {
    401: "the model server refused the key (401)",
    403: "the model server refused the key (403)",
    404: "the model server knows no such address or model (404)",
}


class ServerFailed(ModelFailed):
    """The server is at fault, not what was asked of it: the next question may fail too."""


class CutShort(Exception):
    """The stream ended, and nothing said that the answer was complete."""


class ErrorEvent(Exception):
    """The server told of an error inside a stream that began well."""


@dataclass(frozen=True)
class Fault:
    """``pause`` are the seconds that the server wants before the next try, or None.

    ``sick``: counts against the server. ``too_long``: a shorter prompt may do.
    """

    reason: str
    again: bool = False
    pause: float | None = None
    sick: bool = True
    too_long: bool = False

    def as_error(self) -> ModelFailed:
        return ServerFailed(self.reason) if self.sick else ModelFailed(self.reason)


def fault_of(error: Exception, timeout: float) -> Fault:  # noqa: PLR0911  # one a kind
    """``timeout`` is the one that was set, in seconds; it is named in the reason."""
    kinds = " ".join(kind.__name__ for kind in type(error).__mro__)
    status = getattr(error, "status_code", None)
    if isinstance(error, ModelFailed):
        return Fault(error.message, sick=isinstance(error, ServerFailed))
    if isinstance(error, CutShort):
        return Fault("the model's answer broke off before its end", again=True)
    if "Timeout" in kinds:
        return Fault(f"no complete answer from the model server in {timeout:g} s")
    if isinstance(status, int):
        return _of_status(error, status)
    if "Connection" in kinds or "Transport" in kinds:
        return Fault("the connection to the model server failed", again=True)
    if isinstance(error, ErrorEvent) or "APIError" in kinds:
        return Fault("the model server failed in the middle of an answer", again=True)
    return Fault("the model server's answer can't be read")


def _of_status(error: Exception, status: int) -> Fault:
    if status == 429:
        return _too_busy(error)
    if status >= 500:
        return Fault(f"the model server failed ({status})", again=True)
    said = str(error)
    if status in (400, 413) and "context" in said and ("exceed" in said or "maximum" in said):
        reason = f"the conversation is too long for the model ({status})"
        return Fault(reason, sick=False, too_long=True)
    reason = _REFUSALS.get(status, f"the model server refused the request ({status})")
    return Fault(reason, sick=status in _REFUSALS)


def _too_busy(error: Exception) -> Fault:
    if getattr(error, "code", None) == "insufficient_quota":
        return Fault("the model account has no credit left (429)")
    headers = getattr(getattr(error, "response", None), "headers", {})
    reason = "the model server is too busy (429)"
    try:
        wait = float(headers["retry-after"]) if "retry-after" in headers else None
    except ValueError:  # a date: not soon
        return Fault(reason)
    return Fault(reason, again=wait is None or wait <= RETRY_AFTER_AT_MOST, pause=wait)
