"""What one application knows of itself, and how a scrape gets to see it."""

from __future__ import annotations

import asyncio
from threading import Lock
from typing import TYPE_CHECKING

from coach import telemetry
from coach.gauges import Gauge

if TYPE_CHECKING:
    from api.observing.recording import Recording
    from coach.service import CoachService


PARTS = ("store", "index", "embedding")


class Observatory:
    """Records from soon after ``open`` on: what does it loads beside the first requests."""

    def __init__(self, version: str, endpoint: str | None = None) -> None:
        """``endpoint`` is an OTLP collector that gets all of it too."""
        self.in_flight = 0
        self._version, self._endpoint = version, endpoint
        self._recording: asyncio.Future[Recording] | None = None
        self._scraping = Lock()

    def open(self) -> None:
        self._recording = asyncio.ensure_future(asyncio.to_thread(self._made))

    def _made(self) -> Recording:
        from api.observing.recording import Recording  # noqa: PLC0415  # a tenth of a second

        made = Recording(self._version, self._endpoint)
        telemetry.record_with(made)
        return made

    async def close(self) -> None:
        if self._recording is not None:
            made = await self._recording
            telemetry.stop_recording(made)
            await asyncio.to_thread(made.close)

    async def exposition(self, service: CoachService, accept: str) -> tuple[bytes, str]:
        """All metrics as Prometheus reads them, and the content type."""
        assert self._recording is not None  # noqa: S101  # opened with the application
        recording = await self._recording
        health = await service.health()
        gauges = await asyncio.to_thread(service.gauges.read)
        gauges.append(Gauge("http.server.active_requests", self.in_flight, {}))
        for part in PARTS:
            answers = getattr(health, part) == "ok"
            gauges.append(Gauge("coach.ready", float(answers), {"part": part}))
        return await asyncio.to_thread(self._told, recording, gauges, accept)

    def _told(self, recording: Recording, gauges: list[Gauge], accept: str) -> tuple[bytes, str]:
        with self._scraping:  # the exporter hands over one collection at a time
            recording.refresh(gauges)
            return recording.exposition(accept)
