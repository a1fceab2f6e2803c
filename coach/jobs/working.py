"""A handler at work: in the event loop, or on a thread that can't hold up the process's end."""

from __future__ import annotations

import asyncio
import inspect
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import cast

from coach.jobs.job import Record
from coach.jobs.run import Handler, Run


def begun(handler: Handler, run: Run) -> asyncio.Future[Record]:
    """What will be the handler's result; an ``asyncio.Task`` where it may be cancelled."""
    if inspect.iscoroutinefunction(handler):
        return asyncio.create_task(handler(run))
    return _on_thread(lambda: cast(Record, handler(run)))


def _on_thread(work: Callable[[], Record]) -> asyncio.Future[Record]:
    """``work`` on a daemon thread: what doesn't stop in time is left behind."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Record] = loop.create_future()

    def settle(result: Record | None, error: BaseException | None) -> None:
        if done.cancelled():
            return
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(result or {})

    def run() -> None:
        result, failed = None, None
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001  # whatever it is, the worker must learn it
            failed = error
        with suppress(RuntimeError):  # the loop has gone: nobody waits any more
            loop.call_soon_threadsafe(settle, result, failed)

    threading.Thread(target=run, name="coach-job", daemon=True).start()
    return done
