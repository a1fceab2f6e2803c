"""The lines of the log: text for people or JSON for programs, each with whose work it was.

A line never holds what somebody wrote or a key. Texts of people aren't logged to begin with;
what could carry them in, the message of a foreign exception, is left out (its type and frames
stay), and the keys that the settings hold are blotted out wherever they turn up.
"""

from __future__ import annotations

import json
import logging
import os
import re
import sqlite3
import sys
import time
import traceback
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from coach.errors import BadInput, CoachError
from coach.telemetry import whereabouts
from knowledge.errors import KnowledgeError

if TYPE_CHECKING:
    from coach.settings import Settings

OURS = ("api", "coach", "knowledge", "prompts")
REQUEST_LOG = "api.requests"
FRAMES = 12  # innermost frames of a traceback that are told
_SAYS_NOTHING_PRIVATE = (OSError, sqlite3.Error, CoachError, KnowledgeError)
_KEYS = re.compile(r"\b(?:sk-[\w\-]{8,}|(?<=Bearer )\S+)")


@contextmanager
def log_open(settings: Settings) -> Iterator[None]:
    """Sends the log of this process to standard error, in the form and from the level wanted.

    Unless ``COACH_LOG`` asks for more, only warnings: a person's terminal stays quiet. Other
    people's libraries are only heard from warnings on; at lower levels they print whole requests.
    """
    level = logging.getLevelNamesMapping()[settings.log_level]
    handler = _ToStandardError()
    handler.setFormatter((JsonLines if settings.log == "json" else TextLines)(_secrets(settings)))
    handler.addFilter(_is_heard)
    before = {name: logging.getLogger(name).level for name in OURS}
    logging.getLogger().addHandler(handler)
    for name in OURS:
        logging.getLogger(name).setLevel(level)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
        for name, was in before.items():
            logging.getLogger(name).setLevel(was)
        sys.stderr.flush()


class _ToStandardError(logging.StreamHandler[Any]):
    """To what standard error is when a line is written: whoever redirects it meanwhile gets it."""

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr  # setStream would flush the one before, which may be closed
        super().emit(record)


def _is_heard(record: logging.LogRecord) -> bool:
    """On the handler: some libraries open their own logger to DEBUG."""
    return record.levelno >= logging.WARNING or record.name.partition(".")[0] in OURS


def _secrets(settings: Settings) -> tuple[str, ...]:
    keys = (settings.openai_api_key, *(choice.key for choice in settings.models.each()))
    return tuple(key for key in keys if key)


class Lines(logging.Formatter):
    """What both forms share; times are UTC."""

    converter = staticmethod(time.gmtime)

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__("%(message)s")
        self._secrets = tuple(secrets)

    def format(self, record: logging.LogRecord) -> str:
        line = self.line(record, facts_of(record))
        for secret in self._secrets:
            line = line.replace(secret, "***")
        return _KEYS.sub("***", line)

    def line(self, record: logging.LogRecord, facts: Mapping[str, Any]) -> str:
        raise NotImplementedError

    def at(self, record: logging.LogRecord) -> str:
        seconds = self.formatTime(record, "%Y-%m-%dT%H:%M:%S")
        return f"{seconds}.{int(record.msecs):03d}Z"


class JsonLines(Lines):
    def line(self, record: logging.LogRecord, facts: Mapping[str, Any]) -> str:
        told = {
            "time": self.at(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **facts,
        }
        if record.exc_info:
            told["error"] = _error_of(record)
        return json.dumps(told, ensure_ascii=True, separators=(",", ":"))


class TextLines(Lines):
    def line(self, record: logging.LogRecord, facts: Mapping[str, Any]) -> str:
        about = "".join(f" {name}={value}" for name, value in facts.items())
        head = f"{self.at(record)} {record.levelname} {record.name}: {_one_line(record)}{about}"
        if not record.exc_info:
            return head
        error = _error_of(record)
        return "\n".join((head, f"  {error['says']}", *(f"    {at}" for at in error["frames"])))


def facts_of(record: logging.LogRecord) -> dict[str, Any]:
    """Request, session, user and the like, as far as they are known."""
    return {**whereabouts(), **getattr(record, "facts", {})}


def _one_line(record: logging.LogRecord) -> str:
    return " ".join(record.getMessage().split())


def _error_of(record: logging.LogRecord) -> dict[str, Any]:
    _, error, trace = record.exc_info or (None, None, None)
    if error is None:
        return {"says": "an error that is gone by now", "frames": []}
    frames = traceback.extract_tb(trace)[-FRAMES:]
    return {
        "says": words_of(error),
        "frames": [f"{_short(at.filename)}:{at.lineno} in {at.name}" for at in frames],
    }


def words_of(error: BaseException) -> str:
    """The type, and the message where it can't quote a person (or ``COACH_DEBUG`` asks for it)."""
    quotable = isinstance(error, _SAYS_NOTHING_PRIVATE) and not isinstance(error, BadInput)
    name = type(error).__name__
    return f"{name}: {error}" if quotable or os.environ.get("COACH_DEBUG") else name


def _short(filename: str) -> str:
    return "/".join(PurePath(filename).parts[-3:])
