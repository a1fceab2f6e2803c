"""How far something is, on standard error: a bar on a terminal, else a line now and then."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from api.terminal import CLEAR_LINE

if TYPE_CHECKING:
    from api.wiring import Progress

Phased = Callable[[str, int, int], None]

EVERY = 10.0  # seconds between two lines where there is no terminal


@contextmanager
def progress_bar(doing: str) -> Iterator[Progress]:
    """For one thing that is done in so many steps."""
    with phases() as report:
        yield lambda done, total: report(doing, done, total)


@contextmanager
def phases() -> Iterator[Phased]:
    """Call it with what is being done, how many are done, and of how many."""
    with ExitStack() as shown:
        report: Phased | None = None

        def told(doing: str, done: int, total: int) -> None:
            nonlocal report
            if report is None:  # rich is loaded where there is progress to show
                report = _bar(shown) if sys.stderr.isatty() else _Lines()
            report(doing, done, total)

        yield told


class _Lines:
    """The first at once, then one every few seconds, with the rate and the time left."""

    def __init__(self) -> None:
        self._doing = ""
        self._since = self._said = 0.0
        self._first = 0  # how many were done when this phase was first told

    def __call__(self, doing: str, done: int, total: int) -> None:
        now = time.monotonic()
        if doing != self._doing:
            self._doing, self._since, self._said, self._first = doing, now, now, done
            self._say(f"{doing} ...")
        elif now - self._said >= EVERY and done < total:
            self._said = now
            rate = (done - self._first) / (now - self._since)
            left = f", {lasting((total - done) / rate)} left" if rate else ""
            self._say(f"{doing}: {done:,} of {total:,} ({rate:,.1f}/s{left})")

    def _say(self, line: str) -> None:
        sys.stderr.write(line + "\n")
        sys.stderr.flush()


def lasting(seconds: float) -> str:
    """A time as people say it, in one unit or two."""
    minutes, rest = divmod(round(seconds), 60)
    if minutes >= 60:
        return f"{minutes // 60} h {minutes % 60} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _bar(shown: ExitStack) -> Phased:
    sys.stderr.write(CLEAR_LINE)
    from rich.console import Console  # noqa: PLC0415  # only where there is progress to show
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        MofNCompleteColumn,
        Progress,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )

    class Rate(TextColumn):
        def render(self, task: Task) -> Any:
            speed = task.finished_speed or task.speed
            return f"{speed:,.1f}/s" if speed else ""

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        Rate(""),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    bar = shown.enter_context(
        Progress(*columns, console=console, transient=True, speed_estimate_period=120)
    )
    tasks: dict[str, Any] = {}

    def report(doing: str, done: int, total: int) -> None:
        if doing not in tasks:
            for task in tasks.values():
                bar.remove_task(task)
            tasks.clear()
            tasks[doing] = bar.add_task(doing, total=total)
        bar.update(tasks[doing], completed=done, total=total)
        if done >= total:
            bar.refresh()

    return report
