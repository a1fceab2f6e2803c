"""``coach serve`` in a process of its own, which a test may kill at any moment."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil

ROOT = Path(__file__).parent.parent
COMMAND = (sys.executable, "-m", "api.cli")
LEAVES_WITHIN = 30.0  # seconds, once it was told to stop


class Served:
    """A server that takes requests at ``url``, in local mode, with settings of its own."""

    def __init__(self, home: Path, *, command: Sequence[str] = COMMAND, **given: str) -> None:
        env = {**os.environ, "PYTHONPATH": str(ROOT), "COACH_MODEL_URL": "", "OPENAI_API_KEY": ""}
        self.process = subprocess.Popen(
            [*command, "serve", "--port", "0", "--home", str(home)],
            stdout=subprocess.PIPE,
            text=True,
            env={**env, **given},
        )
        assert self.process.stdout
        line = next((line for line in self.process.stdout if "http://" in line), "")
        assert line, "it ended without a word"
        self.url = next(word for word in line.split() if word.startswith("http://"))

    def kill(self) -> None:
        """``kill -9``: nothing is said, nothing is put away."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def memory(self) -> float:
        """What is resident, in MB."""
        return float(psutil.Process(self.process.pid).memory_info().rss) / 2**20

    def cpu(self) -> float:
        """Seconds that it has computed so far, on all cores together."""
        times = psutil.Process(self.process.pid).cpu_times()
        return float(times.user + times.system)

    def _end(self, number: signal.Signals) -> None:
        self.process.send_signal(number)
        self.process.wait(LEAVES_WITHIN)
        if self.process.stdout:
            self.process.stdout.close()


@contextmanager
def serving(home: Path, **given: str) -> Iterator[Served]:
    """The same, stopped at the end however that comes."""
    server = Served(home, **given)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.stop()
