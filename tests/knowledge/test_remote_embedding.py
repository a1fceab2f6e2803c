"""An embedding server over a real protocol: what it gives is checked, what goes wrong is named."""

from __future__ import annotations

import math
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from typing import Any

import numpy as np
import pytest

from knowledge.errors import EmbedderUnavailable
from knowledge.vectors import remote_embedding
from knowledge.vectors.remote_embedding import BATCH, Address, RemoteEmbedder
from tests.loopback import (
    Behaviour,
    Handler,
    Loopback,
    drop,
    garbage,
    hang,
    loopback,
    redirect,
    status,
)
from tests.loopback_embedding import (
    WIDTH,
    broken_off,
    one_too_few,
    only_up_to,
    ragged,
    row_of,
    rows,
    spoilt,
    vectors,
)

KEY = "sk-very-secret"

Make = Callable[..., RemoteEmbedder]


@pytest.fixture
def server() -> Iterator[Loopback]:
    with loopback() as running:
        running.behave(vectors())
        yield running


@pytest.fixture(autouse=True)
def _brief_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote_embedding, "PAUSE", 0.01)


@pytest.fixture
def remote(server: Loopback) -> Iterator[Make]:
    """Makes embedders of the server, closed at the end."""
    with ExitStack() as made:

        def make(timeout: float = 10.0, dimensions: int | None = None) -> RemoteEmbedder:
            embedder = RemoteEmbedder(Address.of("embed-1", server.url), KEY, timeout, dimensions)
            return made.enter_context(closing(embedder))

        yield make


@pytest.mark.parametrize("base64_too", [True, False])
def test_rows_are_unit_vectors_in_the_order_of_the_texts(
    server: Loopback, remote: Make, base64_too: bool
) -> None:
    """Whatever lengths the server gives, packed or as numbers."""
    server.behave(vectors(base64_too=base64_too))
    texts = [f"text number {n}" for n in range(7)]
    made = remote().embed(texts)
    assert made.dtype == np.float32
    for text, vector in zip(texts, made, strict=True):
        wanted = np.array(row_of(text))
        assert vector == pytest.approx(wanted / np.linalg.norm(wanted), abs=1e-6)
    assert server.headers[0]["authorization"] == f"Bearer {KEY}"
    assert server.bodies[0]["model"] == "embed-1"


def test_a_request_is_limited_in_texts_and_in_size(server: Loopback, remote: Make) -> None:
    """Many short texts, or few long ones; none is lost on the border."""
    embedder = remote()
    assert len(embedder.embed([f"short {n}" for n in range(2 * BATCH + 113)])) == 2 * BATCH + 113
    assert [len(body["input"]) for body in server.bodies] == [16, 32, 64, BATCH, BATCH, 1]
    server.bodies.clear()
    embedder.embed([f"{n} " + "x" * 7_000 for n in range(25)])
    assert [len(body["input"]) for body in server.bodies] == [11, 11, 3]


def test_a_text_that_is_too_long_is_cut(server: Loopback, remote: Make) -> None:
    """To what the server takes; the same limit holds from then on, and short texts stay whole."""
    server.behave(only_up_to(1_500))
    embedder = remote()
    made = embedder.embed(["word " * 3_000, "a short one"])
    assert np.isfinite(made).all()
    assert [len(body["input"][0]) <= 1_000 for body in server.bodies] == [False, False, False, True]
    assert server.bodies[-1]["input"][1] == "a short one"
    embedder.embed(["other " * 3_000])
    assert server.calls == 5


def test_a_slow_server_gets_fewer_texts_at_once(server: Loopback, remote: Make) -> None:
    """As many as it manages in the time that was set; none is given up."""

    def slow(to: Handler, body: dict[str, Any]) -> None:
        time.sleep(0.05 * len(body["input"]))
        vectors()(to, body)

    server.behave(slow)
    assert len(remote(timeout=0.5).embed([f"text {n}" for n in range(20)])) == 20
    sizes = [len(body["input"]) for body in server.bodies]
    assert sizes[:2] == [16, 4]


def test_no_text_is_too_short_or_too_odd(server: Loopback, remote: Make) -> None:
    """Blank, a null character, half a surrogate pair: each has a vector."""
    assert np.isfinite(remote().embed(["", "  \n", "\x00", "\ud800"])).all()
    assert all(text.strip() for text in server.bodies[0]["input"])
    assert remote().embed([]).shape == (0, 0)


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        (status(401), "refused the key (401): check OPENAI_API_KEY"),
        (status(403), "refused the key (403): check OPENAI_API_KEY"),
        (status(404), "knows no such address or model (404): check COACH_EMBEDDING"),
        (status(400), "refused the request (400)"),
        (status(429, kind="insufficient_quota"), "no credit left (429)"),
        (status(429, retry_after="3600"), "is too busy (429): run it again later"),
        (status(500), "failed (500): run it again later"),
        (redirect("http://127.0.0.1:9/v1"), "refused the request (307)"),
        (garbage(), "gave an answer that can't be read"),
        (garbage("text/html"), "gave an answer that can't be read"),
        (broken_off(), "doesn't answer"),
        (drop(), "doesn't answer"),
        (one_too_few(), "answered 2 texts with 1 vectors"),
        (rows(lambda texts: []), "can't be read"),
        (ragged(), "vectors of different lengths"),
        (spoilt(math.nan), "a vector that is empty or not of numbers"),
        (spoilt(0.0), "a vector that is empty or not of numbers"),
        (spoilt(math.inf), "a vector that is empty or not of numbers"),
    ],
)
def test_what_goes_wrong_is_one_line_that_says_what_to_do(
    server: Loopback, remote: Make, behaviour: Behaviour, words: str
) -> None:
    """And never holds the key."""
    server.behave(behaviour)
    with pytest.raises(EmbedderUnavailable) as failed:
        remote().embed(["one", "two"])
    said = str(failed.value)
    assert words in said
    assert "embed-1 at 127.0.0.1:" in said
    assert KEY not in said
    assert "\n" not in said


@pytest.mark.parametrize(
    "behaviour", [status(500), status(503), status(429, retry_after="0"), drop(), broken_off()]
)
def test_a_passing_fault_is_tried_again(
    server: Loopback, remote: Make, behaviour: Behaviour
) -> None:
    """Each request by itself, and only there: the library below doesn't retry as well."""
    server.behave(behaviour, behaviour, vectors())
    assert len(remote().embed(["one"])) == 1
    assert server.calls == 3


def test_a_fault_that_stays_is_given_up_on(server: Loopback, remote: Make) -> None:
    """After five tries of a text to store, two of a query, one where trying again can't help."""
    for behaviour, tries, tries_of_query in ((status(500), 5, 2), (status(401), 1, 1)):
        server.behave(behaviour)
        before = server.calls
        with pytest.raises(EmbedderUnavailable):
            remote().embed(["one"])
        assert server.calls - before == tries
        with pytest.raises(EmbedderUnavailable):
            remote().embed_queries(["one"])
        assert server.calls - before - tries == tries_of_query


def test_a_server_may_say_how_long_to_wait(server: Loopback, remote: Make) -> None:
    """A text to store waits as long as asked; a query doesn't."""
    server.behave(status(429, retry_after="0.3"), vectors())
    since = time.monotonic()
    remote().embed(["one"])
    assert time.monotonic() - since >= 0.3
    server.behave(status(429, retry_after="0.3"), vectors())
    with pytest.raises(EmbedderUnavailable):
        remote().embed_queries(["one"])


def test_a_server_that_says_nothing_is_left(server: Loopback, remote: Make) -> None:
    """After the time that was set, once."""
    server.behave(hang())
    with pytest.raises(EmbedderUnavailable, match=r"gave no answer in 0\.2 s"):
        remote(timeout=0.2).embed(["one"])
    assert server.calls == 1


def test_nobody_listening_is_named() -> None:
    """The address too."""
    embedder = RemoteEmbedder(Address.of("embed-1", "http://127.0.0.1:9/v1"), None, 5)
    with pytest.raises(EmbedderUnavailable, match=r"127\.0\.0\.1:9 doesn't answer: start it"):
        embedder.embed_queries(["one"])


def test_after_a_failure_queries_rest(
    server: Loopback, remote: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next ones fail at once, without a request; after the rest one tries again."""
    server.behave(status(401))
    embedder = remote()
    for _ in range(3):
        with pytest.raises(EmbedderUnavailable):
            embedder.embed_queries(["one"])
    assert server.calls == 1
    assert "refused the key" in str(embedder.trouble)
    server.behave(vectors())
    monkeypatch.setattr(embedder, "_rests_until", 0.0)
    assert embedder.embed_queries(["one"]).shape == (1, WIDTH)
    assert embedder.trouble is None


def test_only_one_query_waits_for_a_server_that_failed(server: Loopback, remote: Make) -> None:
    """While it tries, the others fail at once."""
    server.behave(hang())
    embedder = remote(timeout=0.3)
    with pytest.raises(EmbedderUnavailable):
        embedder.embed_queries(["first"])
    embedder._rests_until = 0.0

    def ask(number: int) -> None:
        with pytest.raises(EmbedderUnavailable):
            embedder.embed_queries([f"query {number}"])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, range(8)))
    assert server.calls == 2


def test_a_query_is_remembered(server: Loopback, remote: Make) -> None:
    """The same words again cost no request; several at once cost one."""
    embedder = remote()
    first = embedder.embed_queries(["a", "b", "c"])
    assert (embedder.embed_queries(["b"])[0] == first[1]).all()
    assert server.calls == 1


def test_another_dimension_is_never_taken(server: Loopback, remote: Make) -> None:
    """Neither than before, nor than the index has."""
    embedder = remote()
    embedder.embed(["one"])
    server.behave(vectors(32))
    for asked in (embedder, remote(dimensions=WIDTH)):
        with pytest.raises(EmbedderUnavailable, match="32 numbers a vector, not 256"):
            asked.embed(["two"])


def test_closing_ends_the_waiting(server: Loopback, remote: Make) -> None:
    """A process that stops doesn't sit out the server's pause."""
    server.behave(status(429, retry_after="50"))
    embedder = remote()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(embedder.embed, ["one"])
        while not server.calls:
            time.sleep(0.01)
        embedder.close()
        with pytest.raises(EmbedderUnavailable):
            waiting.result(10)


def test_the_address_is_read_from_one_setting() -> None:
    """A provider that langchain knows, or else the whole is a model's name."""
    assert Address.of("text-embedding-3-small", None) == Address(
        "openai", "text-embedding-3-small", "https://api.openai.com/v1"
    )
    assert Address.of("nomic-embed-text:v1.5", "http://h/v1").model == "nomic-embed-text:v1.5"
    assert Address.of("cohere:embed-v4", None) == Address("cohere", "embed-v4", None)


def test_a_name_fits_a_collection_and_tells_models_apart() -> None:
    """By model and host; a password in the URL is neither in the name nor in the record."""
    one = Address.of("org/Model:v1 (große)", "https://me:hidden@host.example:8443/v1")
    assert one.name.startswith("org-model-v1-gro-e-host-example-8443-")
    assert "hidden" not in one.name + one.as_json() + str(one)
    assert Address.from_json(one.as_json()).name == one.name
    others = {Address.of("m", f"http://{host}/v1").name for host in ("a", "b", "a:81")}
    assert len(others | {Address.of("m-", "http://a/v1").name}) == 4


def test_a_provider_that_is_not_installed_is_named() -> None:
    """With what to install."""
    with pytest.raises(EmbedderUnavailable, match="install what opens it \\(often langchain-coh"):
        RemoteEmbedder(Address.of("cohere:embed-v4", None), None, 5).embed(["one"])


def test_langchain_loads_only_when_it_is_used() -> None:
    """A default install starts without it."""
    code = "import sys, knowledge.vectors.remote_embedding; print('langchain' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "False"
