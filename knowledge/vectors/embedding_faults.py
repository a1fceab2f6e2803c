"""What went wrong with an embedding server, in words for a person, and whether to try once more.

The server's own words are never shown: they may hold a piece of the key or of the text.
"""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.errors import EmbedderUnavailable

PAUSE = 0.5  # seconds before the second try; doubled for each one after
LONGEST_PAUSE = 60.0  # seconds; a server that asks for more is given up on

CHECK_URL = "start it, or correct COACH_EMBEDDING_URL"
CHECK_KEY = "check OPENAI_API_KEY"
CHECK_MODEL = "check COACH_EMBEDDING, and COACH_EMBEDDING_URL, which often ends in /v1"
TRY_LATER = "run it again later: what is stored stays, and it goes on from there"

_OF_STATUS = {
    401: ("refused the key (401)", CHECK_KEY),
    403: ("refused the key (403)", CHECK_KEY),
    404: ("knows no such address or model (404)", CHECK_MODEL),
}
_TOO_LONG = ("context", "too long", "too large", "maximum", "exceed", "physical batch size")


@dataclass(frozen=True)
class Fault:
    """``pause`` is the seconds the server asked to wait.

    ``too_long`` means that a shorter text helps, ``slow`` that fewer texts may help.
    """

    reason: str
    advice: str = TRY_LATER
    again: bool = False
    pause: float = 0.0
    too_long: bool = False
    slow: bool = False

    def error(self, server: str) -> EmbedderUnavailable:
        return EmbedderUnavailable(f"the embedding server {server} {self.reason}", self.advice)


def fault_of(error: Exception, timeout: float) -> Fault:
    """``timeout`` is the one that was set, in seconds; it is named in the reason."""
    kinds = " ".join(kind.__name__ for kind in type(error).__mro__)
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        return _of_status(error, status)
    if "Timeout" in kinds:
        return Fault(f"gave no answer in {timeout:g} s", CHECK_URL, slow=True)
    if "Connection" in kinds or "Transport" in kinds or "RemoteProtocol" in kinds:
        return Fault("doesn't answer", CHECK_URL, again=True)
    return Fault("gave an answer that can't be read", CHECK_MODEL, again=True)


def _of_status(error: Exception, status: int) -> Fault:
    if status == 429:
        return _too_busy(error)
    said = str(error).casefold()
    if status in (400, 413, 422, 500) and any(word in said for word in _TOO_LONG):
        return Fault(f"takes only shorter texts ({status})", CHECK_MODEL, too_long=True)
    if status >= 500:
        return Fault(f"failed ({status})", again=True)
    reason, advice = _OF_STATUS.get(status, (f"refused the request ({status})", CHECK_MODEL))
    return Fault(reason, advice)


def _too_busy(error: Exception) -> Fault:
    if getattr(error, "code", None) == "insufficient_quota":
        return Fault("says the account has no credit left (429)", "top it up, then run it again")
    headers = getattr(getattr(error, "response", None), "headers", {})
    try:
        pause = float(headers.get("retry-after", 0))
    except ValueError:  # a date: not soon
        pause = LONGEST_PAUSE + 1
    return Fault("is too busy (429)", again=pause <= LONGEST_PAUSE, pause=pause)
