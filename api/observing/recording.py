"""Records what ``coach.telemetry`` is told, by OpenTelemetry: the only room that touches it.

Metrics are kept for ``GET /metrics``. With ``OTEL_EXPORTER_OTLP_ENDPOINT`` set, metrics and spans
also go to that collector over gRPC; OpenTelemetry's own variables (headers, timeout, sampling)
hold. No text of a prompt, a reply or a person is recorded.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Any

from api.observing.names import BUCKETS, TOLD
from coach.telemetry import Attributes, Call

if TYPE_CHECKING:
    from opentelemetry.metrics import Histogram, Meter
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Tracer
    from prometheus_client import CollectorRegistry

    from coach.gauges import Gauge

NAME = "objection-coach"
LONGEST = 80  # characters of an attribute: a slip must not make a thousand series


class Recording:
    """Implements ``coach.telemetry.Recorder``; ``registry`` is what Prometheus is shown."""

    def __init__(self, version: str, endpoint: str | None = None) -> None:
        from prometheus_client import CollectorRegistry  # noqa: PLC0415  # as below

        self.registry: CollectorRegistry = CollectorRegistry()
        self._metrics = _meters(self.registry, version, endpoint)
        self._traces = _tracers(version, endpoint) if endpoint else None
        self._meter: Meter = self._metrics.get_meter(NAME, version)
        self._tracer: Tracer | None = (
            self._traces.get_tracer(NAME, version) if self._traces else None
        )
        self._instruments: dict[str, Any] = {}
        self._told_before: set[tuple[str, tuple[tuple[str, str], ...]]] = set()
        self._making = Lock()

    def count(self, name: str, attributes: Attributes, by: int = 1) -> None:
        self._instrument("create_counter", name).add(by, _short(attributes))

    def took(self, name: str, seconds: float, attributes: Attributes) -> None:
        self._histogram(name).record(seconds, _short(attributes))
        if self._tracer:
            self._span_of(name, seconds, attributes)

    def refresh(self, gauges: Iterable[Gauge]) -> None:
        """What is so now. What isn't told any more, such as a queue that is empty, becomes 0."""
        found = {(one.name, tuple(sorted(one.attributes.items()))): one.value for one in gauges}
        for name, attributes in self._told_before | found.keys():
            value = found.get((name, attributes), 0.0)
            self._instrument("create_gauge", name).set(value, dict(attributes))
        self._told_before |= found.keys()

    def exposition(self, accept: str) -> tuple[bytes, str]:
        """In the format that ``accept`` asks for, plain text by default; and its content type."""
        from prometheus_client.exposition import choose_encoder  # noqa: PLC0415

        encode, kind = choose_encoder(accept)
        return encode(self.registry), kind

    @contextmanager
    def within(self, name: str, attributes: Attributes) -> Iterator[None]:
        since = time.perf_counter()
        try:
            if self._tracer is None:
                yield
            else:
                with self._tracer.start_as_current_span(
                    _span_name(name), attributes=_short(attributes), record_exception=False
                ):
                    yield
        finally:
            self._histogram(name).record(time.perf_counter() - since, _short(attributes))

    def called(self, call: Call, job: str, fault: str) -> None:
        told = {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": call.provider or "unknown",
            "gen_ai.request.model": call.model or "unknown",
            "coach.job": job,
        }
        went = told | ({"error.type": fault or "_OTHER"} if fault or call.failure else {})
        self._histogram("gen_ai.client.operation.duration").record(call.seconds, _short(went))
        if call.first_token_seconds is not None:
            first = self._histogram("gen_ai.client.operation.time_to_first_chunk")
            first.record(call.first_token_seconds, _short(told))
        for kind, tokens in (("input", call.tokens_in), ("output", call.tokens_out)):
            if tokens:
                counted = told | {"gen_ai.token.type": kind}
                self._histogram("gen_ai.client.token.usage").record(tokens, _short(counted))
        if call.tries > 1:
            self.count("coach.model.retries", {"job": job}, call.tries - 1)
        if self._tracer:
            self._span_of("chat", call.seconds, went | _of_call(call), kind="client")

    def close(self) -> None:
        """Sends what is left; a collector that is gone is not waited for long."""
        for provider in (self._traces, self._metrics):
            if provider is not None:
                provider.shutdown()

    def _span_of(
        self, name: str, seconds: float, attributes: Mapping[str, Any], kind: str = "internal"
    ) -> None:
        from opentelemetry.trace import SpanKind, Status, StatusCode  # noqa: PLC0415

        assert self._tracer is not None  # noqa: S101  # callers look first
        ended = time.time_ns()
        detail = attributes.get("gen_ai.request.model") or attributes.get("stage")
        span = self._tracer.start_span(
            _span_name(name, detail),
            kind=SpanKind[kind.upper()],
            attributes=_short(attributes),
            start_time=ended - int(seconds * 1e9),
        )
        if "error.type" in attributes:
            span.set_status(Status(StatusCode.ERROR, str(attributes["error.type"])))
        span.end(ended)

    def _histogram(self, name: str) -> Histogram:
        found: Histogram = self._instrument(
            "create_histogram", name, explicit_bucket_boundaries_advisory=BUCKETS.get(name)
        )
        return found

    def _instrument(self, make: str, name: str, **more: Any) -> Any:
        found = self._instruments.get(name)
        if found is None:
            with self._making:
                unit, description = TOLD.get(name, ("", ""))
                found = self._instruments.get(name) or getattr(self._meter, make)(
                    name, unit=unit, description=description, **more
                )
                self._instruments[name] = found
        return found


def _span_name(name: str, detail: object = None) -> str:
    """ "coach.turn.duration" is a metric; the work itself is "coach.turn"."""
    work = name.removesuffix(".duration")
    return f"{work} {detail}" if detail else work


def _short(attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value[:LONGEST] if isinstance(value, str) else value
        for name, value in attributes.items()
    }


def _of_call(call: Call) -> dict[str, Any]:
    """What a span says of a call beyond its metrics: no text, only which template it was."""
    return {
        "gen_ai.usage.input_tokens": call.tokens_in,
        "gen_ai.usage.output_tokens": call.tokens_out,
        "gen_ai.prompt.name": call.prompt,
        "coach.prompt.hash": call.template_hash,
        "coach.model.tries": call.tries,
    }


def _meters(registry: CollectorRegistry, version: str, endpoint: str | None) -> MeterProvider:
    from opentelemetry.exporter.prometheus import PrometheusMetricReader  # noqa: PLC0415
    from opentelemetry.sdk.metrics import MeterProvider  # noqa: PLC0415
    from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader  # noqa: PLC0415

    readers: list[Any] = [PrometheusMetricReader(scope_info_enabled=False, registry=registry)]
    if endpoint:
        from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import (  # noqa: PLC0415
            OTLPMetricExporter,
        )

        readers.append(PeriodicExportingMetricReader(OTLPMetricExporter(endpoint=endpoint)))
    return MeterProvider(readers, resource=_resource(version), shutdown_on_exit=False)


def _tracers(version: str, endpoint: str) -> TracerProvider:
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import (  # noqa: PLC0415
        OTLPSpanExporter,
    )
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    traces = TracerProvider(resource=_resource(version), shutdown_on_exit=False)
    traces.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint)))
    return traces


def _resource(version: str) -> Any:
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415

    return Resource.create({"service.name": NAME, "service.version": version})
