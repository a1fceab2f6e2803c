"""Plays a plan of ``coach fidelity`` and reports, here or in a process of its own."""

from __future__ import annotations

import multiprocessing
import os
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from coach.errors import CoachError, Unavailable

if TYPE_CHECKING:
    from coach.fidelity.asking import Wish
    from coach.fidelity.tournament import Plan
    from coach.settings import Settings

PLAYING, BUILDING = "Playing sessions", "Reading the sample"
NICE = 10  # whoever practises comes first
POLLED = 0.5  # seconds between two words of a process that says nothing

Told = Callable[[str, int, int], None]


def report_on(
    plan: Plan, settings: Settings | None, processes: int, command: str, told: Told
) -> dict[str, Any]:
    """``settings`` name the model where one words the buyer; ``command`` repeats the run."""
    from api.staging import AS_OF, Staging  # noqa: PLC0415  # numpy is slow to load
    from api.wiring import coach_version  # noqa: PLC0415
    from coach.fidelity.report import Made, report_of  # noqa: PLC0415  # as above
    from coach.fidelity.tournament import run  # noqa: PLC0415  # as above
    from coach.models import Job  # noqa: PLC0415
    from knowledge.vectors.embedding import MiniLMEmbedder  # noqa: PLC0415  # as above

    began, games = time.monotonic(), plan.games()
    voice = settings.models.of(Job.VOICE) if settings else None
    with TemporaryDirectory(prefix="coach-fidelity-") as folder:
        staging = Staging(Path(folder), settings)
        staging.build(lambda done, total: told(BUILDING, done, total))
        outcomes = run(games, staging, processes, lambda done: told(PLAYING, done, len(games)))
    made = Made(
        command=command,
        engine=((voice and voice.model) or "the configured model") if settings else "embedded",
        embedding=MiniLMEmbedder.name,
        version=coach_version(),
        evidence_read_as_of=AS_OF.date().isoformat(),
        seconds=round(time.monotonic() - began, 1),
        processes=processes,
    )
    return report_of(plan, outcomes, made)


def play_apart(wish: Wish, told: Told) -> dict[str, Any]:
    """In a process of its own, which ends with this call however that ends."""
    spawning = multiprocessing.get_context("spawn")  # threads of a parent don't survive a fork
    ours, theirs = spawning.Pipe(duplex=False)
    child = spawning.Process(target=_play, args=(wish, theirs, NICE), daemon=True)
    child.start()
    theirs.close()
    try:
        return _listened(ours, told)
    finally:
        child.kill()
        child.join()
        ours.close()


def _listened(child: Connection, told: Told) -> dict[str, Any]:
    latest = (BUILDING, 0, 0)
    while True:
        if not child.poll(POLLED):
            told(*latest)  # also where there is nothing new: this is how a stop is heard of
            continue
        try:
            kind, said = child.recv()
        except EOFError:
            raise Unavailable("the process that played was ended from outside") from None
        match kind:
            case "told":
                latest = said
                told(*latest)
            case "report":
                report: dict[str, Any] = said
                return report
            case _:
                raise RuntimeError(said)


def _play(wish: Wish, parent: Connection, nice: int) -> None:
    """The other process; it ends itself when nobody listens any more."""
    from coach.fidelity.asking import plan_of  # noqa: PLC0415  # numpy is slow to load

    os.nice(nice)
    with suppress(BrokenPipeError):
        try:
            report = report_on(
                plan_of(wish), None, 1, wish.as_command(), lambda *at: parent.send(("told", at))
            )
        except BrokenPipeError:
            raise
        except (CoachError, Exception):  # noqa: BLE001  # told to who waits, as text
            parent.send(("broke", traceback.format_exc()))
        else:
            parent.send(("report", report))
