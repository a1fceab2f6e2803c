"""Whether the parts of an installation answer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coach.models import Job, Models
from coach.voice import EMBEDDED
from knowledge.evidence import Filters

if TYPE_CHECKING:
    from coach.ports import Model, Retriever, Store

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Health:
    """Each part is "ok" or a short reason why not; ``ready`` is True when turns can be served."""

    ready: bool
    store: str
    index: str
    embedding: str
    model: str


async def health_of(store: Store, retriever: Retriever, models: Models) -> Health:
    """Asks each part; one that fails is told and never raises."""

    def stored() -> str:
        store.ping()
        return "ok"

    def indexed() -> str:
        found = retriever.listing(Filters(), 1, 0)
        return "ok" if found else "empty: run `coach ingest PATH`"

    kept, found = await _state_of(stored), await _state_of(indexed)
    embedding = await _state_of(retriever.condition)
    speaks = spoken_of(models)
    # Without its embedding server the index is still searched, by words.
    return Health(kept == found == "ok", kept, found, embedding, speaks)


def spoken_of(models: Models) -> str:
    """Which model does which job, and which of them is left alone at present."""
    jobs = {job: _told(models.of(job)) for job in Job}
    if len(set(jobs.values())) == 1:
        (all_alike,) = set(jobs.values())
        return "none: the embedded engine speaks" if all_alike == EMBEDDED else all_alike
    return "; ".join(f"{job.value}: {told}" for job, told in jobs.items())


def _told(model: Model | None) -> str:
    if model is None:
        return EMBEDDED
    condition = model.condition()
    return model.name if condition == "ok" else f"{model.name} ({condition})"


async def _state_of(part: Callable[[], str]) -> str:
    try:
        return await asyncio.to_thread(part)
    except Exception as error:  # noqa: BLE001  # health says what is wrong, and doesn't fall
        log.warning("health: %s", error)
        return f"not available ({type(error).__name__})"
