"""The sample knowledge base, indexed once per run: tests copy the folder instead of building it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from api.wiring import assemble
from coach.settings import Settings


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose index was built with its progress told; not to be opened, only copied."""
    home = tmp_path_factory.mktemp("sample") / "home"
    reports: list[tuple[int, int]] = []
    made = assemble(Settings(home=home), lambda done, total: reports.append((done, total)))
    asyncio.run(made.close())
    assert reports[-1][0] == reports[-1][1] > 70
    return home


@pytest.fixture(scope="session")
def copy_of_sample(
    sample_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], Path]:
    """Makes a home with the sample that is the caller's own."""
    return lambda: Path(shutil.copytree(sample_home, tmp_path_factory.mktemp("own") / "home"))
