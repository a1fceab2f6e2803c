"""A team's own prompts: files in the home that stand in for the shipped ones, once they hold."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import prompts
from prompts.own import Fault, found_in, read

if TYPE_CHECKING:
    from coach.scenario import Scenario

log = logging.getLogger(__name__)

FOLDER = "prompts"  # in the home


def take_up(home: Path, scenarios: Sequence[Scenario]) -> list[Fault]:
    """Uses the own prompts that hold in every scenario; the shipped ones stand in for the others.

    Each fault is logged too: nobody starts with a broken prompt unawares.
    """
    sources, faults = looked_at(home, scenarios)
    for fault in faults:
        log.error("%s; the shipped prompt is used instead", fault)
    prompts.use(sources)
    return faults


def looked_at(home: Path, scenarios: Sequence[Scenario]) -> tuple[dict[str, str], list[Fault]]:
    """The own prompts that can be used, by name, and what is wrong with the others."""
    folder = home / FOLDER
    wanted = found_in(folder)
    if not wanted:
        return {}, []

    def samples(name: str) -> Iterator[prompts.Given]:
        from coach.prompting.overhearing import asked_in  # noqa: PLC0415  # only for those who have

        for scenario in scenarios:
            yield from (given for prompt, given in asked_in(scenario) if prompt == name)

    return read(folder, samples)
