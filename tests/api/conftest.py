"""The doors around a fake service, and a client that stands on this machine."""

from __future__ import annotations

import io
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager, contextmanager
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api import cli
from api.app import create_app
from api.wiring import Built, build_service
from coach.service import CoachService
from coach.settings import Settings
from tests.fakes_service import FakeService

HERE = "http://127.0.0.1:8000"

Run = Callable[..., tuple[int, str, str]]


def lending(service: CoachService) -> Callable[[], AbstractAsyncContextManager[CoachService]]:
    @asynccontextmanager
    async def lend() -> AsyncIterator[CoachService]:
        yield service
        await service.close()

    return lend


@contextmanager
def served(home: Path) -> Iterator[TestClient]:
    app = create_app(lambda: build_service(Settings(home=home)))
    with TestClient(app, base_url=HERE) as client:
        yield client


@pytest.fixture(scope="session")
def coach(copy_of_sample: Callable[[], Path]) -> Iterator[TestClient]:
    """The application as it is served, on the sample knowledge base."""
    with served(copy_of_sample()) as client:
        yield client


@pytest.fixture(scope="module")
def own_coach(copy_of_sample: Callable[[], Path]) -> Iterator[TestClient]:
    """The same for one file's tests, where it counts what else was done on it."""
    with served(copy_of_sample()) as client:
        yield client


@pytest.fixture
def service() -> FakeService:
    return FakeService()


@pytest.fixture
def client(service: FakeService) -> Iterator[TestClient]:
    with TestClient(create_app(lending(service)), base_url=HERE) as client:
        yield client


@pytest.fixture
def session(client: TestClient) -> str:
    """The id of a session that was just started."""
    started = client.post("/v1/sessions", json={"scenario": "trust-unknown"})
    assert started.status_code == 201, started.text
    return str(started.json()["id"])


@pytest.fixture
def settings(tmp_path: Path, service: FakeService, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A fresh home whose servers stand on the fake service."""

    def assembled(settings: Settings, progress: object = None) -> Built:
        service.closed = False
        return Built(service, ExitStack())

    monkeypatch.setattr("api.server.assemble", assembled)
    return Settings(home=tmp_path)


@pytest.fixture
def run(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Runs one command on a fresh home over the fake service: exit code, output, errors."""
    for name in ("OPENAI_API_KEY", "COACH_MODEL_URL", "COACH_MODEL", "COACH_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(settings.home)
    monkeypatch.setenv("COACH_HOME", str(settings.home))

    def run_one(*arguments: str, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["coach", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed.encode())))
        with pytest.raises(SystemExit) as left:
            cli.main()
        out, err = capsys.readouterr()
        return int(left.value.code or 0), out, err

    return run_one
