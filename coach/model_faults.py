"""What went wrong with a model server, in words for a person, and whether to try once more.

The libraries of different providers share the names of their errors, not the classes. The
server's own words are never shown: they may hold a piece of the key or of the prompt.
"""

from __future__ import annotations

from dataclasses import dataclass

from coach.errors import ModelFailed

RETRY_PAUSE = 0.3  # seconds
RETRY_AFTER_AT_MOST = 3.0  # seconds; a server that asks for more is given up on

_REFUSALS = {
    401: "the model server refused the key (401)",
    403: "the model server refused the key (403)",
    404: "the model server knows no such address or model (404)",
}


class CutShort(Exception):
    """The stream ended, and nothing said that the answer was complete."""


@dataclass(frozen=True)
class Fault:
    reason: str
    again: bool = False
    pause: float = RETRY_PAUSE  # seconds before the next try


def fault_of(error: Exception, timeout: float) -> Fault:
    """``timeout`` is the one that was set, in seconds; it is named in the reason."""
    kinds = " ".join(kind.__name__ for kind in type(error).__mro__)
    status = getattr(error, "status_code", None)
    fault = Fault("the model server's answer can't be read")
    if isinstance(error, ModelFailed):
        fault = Fault(error.message)
    elif isinstance(error, CutShort):
        fault = Fault("the model's answer broke off before its end", again=True)
    elif "Timeout" in kinds:
        fault = Fault(f"no complete answer from the model server in {timeout:g} s")
    elif isinstance(status, int):
        fault = _of_status(error, status)
    elif "Connection" in kinds or "Transport" in kinds:
        fault = Fault("the connection to the model server failed", again=True)
    elif "APIError" in kinds:  # an error event inside a stream that began with 200
        fault = Fault("the model server failed in the middle of an answer", again=True)
    return fault


def _of_status(error: Exception, status: int) -> Fault:
    if status == 429:
        return _too_busy(error)
    if status >= 500:
        return Fault(f"the model server failed ({status})", again=True)
    said = str(error)
    if status == 400 and "context" in said and ("exceed" in said or "maximum" in said):
        return Fault("the conversation is too long for the model (400)")
    return Fault(_REFUSALS.get(status, f"the model server refused the request ({status})"))


def _too_busy(error: Exception) -> Fault:
    if getattr(error, "code", None) == "insufficient_quota":
        return Fault("the model account has no credit left (429)")
    headers = getattr(getattr(error, "response", None), "headers", {})
    try:
        wait = max(RETRY_PAUSE, float(headers.get("retry-after", RETRY_PAUSE)))
    except ValueError:  # a date: not soon
        wait = RETRY_AFTER_AT_MOST + 1
    again = wait <= RETRY_AFTER_AT_MOST
    return Fault("the model server is too busy (429)", again=again, pause=wait)
