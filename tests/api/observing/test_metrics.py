"""What Prometheus and a collector get to see of a coach at work."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent import futures
from dataclasses import dataclass

import grpc
import pytest
from fastapi.testclient import TestClient
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc
from prometheus_client.parser import text_string_to_metric_families

from api.observing.names import TOLD
from api.observing.recording import Recording
from coach import telemetry

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def scraped(client: TestClient) -> Samples:
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    return samples(answer.text)


def samples(text: str) -> Samples:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def one(found: Samples, name: str, **labels: str) -> float:
    """The sum of all series of that name which carry these labels."""
    wanted = labels.items()
    return sum(value for (name_, has), value in found.items() if name_ == name and wanted <= has)


def until(look: Callable[[], Samples], seen: Callable[[Samples], bool]) -> Samples:
    """A turn is counted when it has ended, a moment after it was answered."""
    for _ in range(100):
        if seen(found := look()):
            break
        time.sleep(0.05)
    return found


@pytest.fixture
def recording() -> Iterator[Recording]:
    made = Recording("test")
    telemetry.record_with(made)
    yield made
    telemetry.stop_recording(made)
    made.close()


@dataclass
class Called:
    prompt: str = "buyer/reply.v1"
    template_hash: str = "abc"
    model: str = "small-1"
    provider: str = "openai"
    tokens_in: int = 120
    tokens_out: int = 30
    seconds: float = 0.4
    first_token_seconds: float | None = 0.1
    tries: int = 2
    failure: str = ""


def test_a_scrape_tells_what_a_turn_cost(own_coach: TestClient) -> None:
    """Turns by outcome, each stage, requests by template, and what is so now: parsed, not read."""
    before = scraped(own_coach)
    session = own_coach.post("/v1/sessions", json={"scenario": "interest"}).json()["id"]
    said = {"text": "What made you look into this just now?"}
    own_coach.post(f"/v1/sessions/{session}/turns", json=said)
    own_coach.get("/nowhere/at/all")
    goes_on = {"outcome": "goes_on", "voice": "embedded"}
    told = one(before, "coach_turns_total", **goes_on)
    found = until(
        lambda: scraped(own_coach), lambda f: one(f, "coach_turns_total", **goes_on) > told
    )

    def more(name: str, **labels: str) -> float:
        return one(found, name, **labels) - one(before, name, **labels)

    assert more("coach_turns_total", outcome="goes_on", voice="embedded") == 1
    for stage in ("whole", "perception", "claims", "buyer", "voice", "assessment", "store"):
        assert more("coach_turn_duration_seconds_count", stage=stage) == 1, stage
    requests = "http_server_request_duration_seconds_count"
    assert more(requests, http_route="/v1/sessions/{session_id}/turns") == 1
    assert more(requests, http_route="unmatched", http_response_status_code="404") == 1
    assert one(found, "coach_sessions_active") >= 1
    assert one(found, "coach_index_passages") > one(found, "coach_index_items") > 100
    assert one(found, "coach_ready") == 3
    assert session not in own_coach.get("/metrics").text, (
        "an id would make a series for each session"
    )


def test_a_call_of_a_model_is_told_by_the_conventions(recording: Recording) -> None:
    """Tokens, seconds, first word and faults stand under OpenTelemetry's names for GenAI."""
    telemetry.model_call(Called(), "voice")
    telemetry.model_call(
        Called(first_token_seconds=None, failure="no answer"), "judge", "rate_limited"
    )
    found = samples(recording.exposition("")[0].decode())
    tokens = "gen_ai_client_token_usage_sum"
    assert one(found, tokens, gen_ai_token_type="input", coach_job="voice") == 120
    assert one(found, tokens, gen_ai_token_type="output", coach_job="voice") == 30
    seconds = "gen_ai_client_operation_duration_seconds_count"
    assert one(found, seconds, coach_job="judge", error_type="rate_limited") == 1
    assert one(found, seconds, coach_job="voice") == 1
    assert one(found, "gen_ai_client_operation_time_to_first_chunk_seconds_count") == 1
    assert one(found, "coach_model_retries_total", job="voice") == 1


def test_a_queue_that_emptied_is_told_as_empty(recording: Recording) -> None:
    """What isn't counted any more becomes 0, and doesn't stay at its last figure."""
    from coach.gauges import Gauge  # noqa: PLC0415

    waiting = {"kind": "import", "state": "waiting"}
    recording.refresh([Gauge("coach.jobs", 3, waiting)])
    assert one(samples(recording.exposition("")[0].decode()), "coach_jobs") == 3
    recording.refresh([])
    assert one(samples(recording.exposition("")[0].decode()), "coach_jobs", **waiting) == 0


def test_what_is_told_has_a_meaning() -> None:
    """Each name carries the words that a scrape explains it with."""
    assert all(description for _, description in TOLD.values())


def test_nothing_is_kept_while_nobody_records(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a recorder the calls do nothing, and what they stand around still runs."""
    monkeypatch.setattr(telemetry, "_recorder", None)
    telemetry.counted("coach.turns", outcome="completed")
    with telemetry.within("a"), telemetry.timed("b"):
        telemetry.took("c", 1.0)


class Collector(trace_service_pb2_grpc.TraceServiceServicer):
    """Takes spans as an OpenTelemetry collector does."""

    def __init__(self) -> None:
        self.spans: list[object] = []
        self.came = threading.Event()

    def Export(self, request: object, context: object) -> object:  # noqa: N802  # gRPC's name
        for resource in request.resource_spans:  # type: ignore[attr-defined]
            for scope in resource.scope_spans:
                self.spans += scope.spans
        self.came.set()
        return trace_service_pb2.ExportTraceServiceResponse()


@pytest.fixture
def collector() -> Iterator[tuple[Collector, str]]:
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=2))
    takes = Collector()
    trace_service_pb2_grpc.add_TraceServiceServicer_to_server(takes, server)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server.add_insecure_port(f"127.0.0.1:{port}")
    server.start()
    yield takes, f"http://127.0.0.1:{port}"
    server.stop(0)


@pytest.mark.slow
def test_a_collector_gets_the_spans_of_a_turn(collector: tuple[Collector, str]) -> None:
    """The parts of a turn hang on it, a model's call says what it cost, and none holds a text."""
    takes, url = collector
    made = Recording("test", url)
    telemetry.record_with(made)
    with telemetry.within("coach.turn.duration", stage="whole"):
        telemetry.took("coach.turn.duration", 0.01, stage="perception")
        telemetry.model_call(Called(), "voice")
    telemetry.stop_recording(made)
    made.close()
    assert takes.came.wait(10)
    spans = {span.name: span for span in takes.spans}  # type: ignore[attr-defined]
    assert set(spans) == {"coach.turn", "coach.turn perception", "chat small-1"}
    assert spans["chat small-1"].parent_span_id == spans["coach.turn"].span_id
    told = {a.key: a.value for a in spans["chat small-1"].attributes}
    assert told["gen_ai.usage.input_tokens"].int_value == 120
    assert not any("message" in name or "content" in name for name in told)
