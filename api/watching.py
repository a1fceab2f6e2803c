"""``coach ingest --watch``: what changes on disk is taken in as it changes, until Ctrl-C."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Event

from api.ingesting import Ingestion
from api.terminal import complain, say
from coach.errors import BadInput, CoachError
from knowledge.errors import KnowledgeError
from knowledge.ingesting.sources import Walk, walk, walk_changed
from knowledge.reading.readers import left_out

TICK = 500  # milliseconds after which what couldn't be done is tried again
STILL = 0.4  # seconds without a change after which a file counts as written
LONGEST_WAIT = 20.0  # seconds; who writes longer gets another try with the next change


def watch(paths: Sequence[Path], work: Ingestion) -> None:
    """Take in everything, then each change; no bad file ends it. Ctrl-C and SIGTERM do."""
    for path in paths:
        if not path.exists():
            raise BadInput(f"{path} isn't there, so it can't be watched")
    ended = Event()

    def end(*_: object) -> None:
        ended.set()  # where what is raised gets lost, in a callback, the next tick ends it
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    with suppress(KeyboardInterrupt):
        _follow([path.resolve() for path in paths], work, ended)


def _follow(paths: Sequence[Path], work: Ingestion, ended: Event) -> None:
    pending: set[Path] | None = None  # None: everything
    done, said = False, ""
    for changed in _changes(paths, ended):
        pending = pending if pending is None else pending | changed
        if done and not pending:
            continue
        try:
            found = walk(paths) if pending is None else _settled(pending, paths)
            work.take_in(found, quiet=done)
        except (CoachError, KnowledgeError) as error:  # tried again at the next tick
            if said != str(error):
                complain(error)
            said = str(error)
        else:
            if not done:
                say("Watching; Ctrl-C ends it.")
            pending, done, said = set(), True, ""
        sys.stdout.flush()


def _changes(paths: Sequence[Path], ended: Event) -> Iterator[set[Path]]:
    """What changed since the last time, at each tick; it listens from before the first one."""
    from watchfiles import Change, watch  # noqa: PLC0415  # only here

    def wanted(_: Change, name: str) -> bool:
        return _wanted(Path(name), paths)

    folders = {path if path.is_dir() else path.parent for path in paths}
    try:
        for batch in watch(
            *folders,
            watch_filter=wanted,
            rust_timeout=TICK,
            yield_on_timeout=True,
            raise_interrupt=True,
            stop_event=ended,
            recursive=any(path.is_dir() for path in paths),
        ):
            yield {Path(name) for _, name in batch}
    except (OSError, RuntimeError) as error:
        raise BadInput(f"it can't be watched any longer ({error}): start it again") from error


def _wanted(path: Path, paths: Sequence[Path]) -> bool:
    root = next((one for one in paths if path.is_relative_to(one)), None)
    return root is not None and not any(left_out(part) for part in path.relative_to(root).parts)


def _settled(changed: set[Path], paths: Sequence[Path]) -> Walk:
    """The changed files, once nobody writes to them any more."""
    until = time.monotonic() + LONGEST_WAIT
    before, found = None, walk_changed(changed, paths)
    while (now := _written(found)) != before and time.monotonic() < until:
        time.sleep(STILL)
        before, found = now, walk_changed(changed, paths)
    return found


def _written(found: Walk) -> list[tuple[str, int, int]]:
    sizes = []
    for source in found.sources:
        with suppress(OSError):  # it has gone again, which is a change too
            about = source.path.stat()
            sizes.append((source.name, about.st_size, about.st_mtime_ns))
    return sizes
