"""The sample knowledge base, indexed once per run: tests copy the folder instead of building it."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from tests import bytecode  # noqa: F401  # before whatever there is to compile

# isort: split
from api.wiring import assemble
from coach.settings import Settings
from tests.vectors_once import VectorsOnce, embed_once

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy loads; as in ``api/cli.py``

VECTORS = pytest.StashKey[VectorsOnce]()


def pytest_configure(config: pytest.Config) -> None:
    """Vectors outlast a run beside pytest's own notes; `--cache-clear` forgets them."""
    if cache := getattr(config, "cache", None):
        config.stash[VECTORS] = embed_once(cache.mkdir("vectors"))


@pytest.hookimpl(tryfirst=True)  # before the fixtures are made
def pytest_runtest_setup(item: pytest.Item) -> None:
    if once := item.config.stash.get(VECTORS, None):
        once.wanted = not {"bench", "embeds"} & {mark.name for mark in item.iter_markers()}


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """A home whose index was built with its progress told; not to be opened, only copied.

    Tests that run beside each other in several processes share the one that is first made.
    """
    base = tmp_path_factory.getbasetemp()
    home = (base.parent if hasattr(request.config, "workerinput") else base) / "sample"
    with FileLock(home.with_suffix(".lock")):
        if not home.exists():
            _build(home.with_suffix(".made")).rename(home)
    return home


def _build(home: Path) -> Path:
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
