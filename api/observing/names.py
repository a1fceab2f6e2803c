"""Every name that is recorded: its unit and what it tells, as `/metrics` explains it."""

from __future__ import annotations

#: Unit and meaning. Units are those of UCUM, which become the ends of Prometheus's names.
TOLD: dict[str, tuple[str, str]] = {
    "coach.turns": ("{turn}", "Turns, by how they ended and which engine spoke"),
    "coach.turn.duration": ("s", "Seconds of a turn, whole and by stage"),
    "coach.turns.regenerated": ("{turn}", "Turns for which a model was asked again, by fault"),
    "coach.turns.replaced": ("{turn}", "Model replies that the embedded line took the place of"),
    "coach.turns.running": ("{turn}", "Turns that run now"),
    "coach.sessions.active": ("{session}", "Sessions not ended that were begun in the last day"),
    "coach.model.fallbacks": ("{call}", "Times the embedded engine stepped in for a model"),
    "coach.model.retries": ("{call}", "Further tries after a first one that failed"),
    "coach.model.asked": ("", "1 while a model is asked, 0 while its circuit breaker is open"),
    "coach.jobs": ("{job}", "Work in the background, by kind and state"),
    "coach.index.passages": ("{passage}", "Passages that are searched"),
    "coach.index.items": ("{item}", "Items of evidence in the index"),
    "coach.ready": ("", "1 where the part answers: store, index, embedding, model"),
    "gen_ai.client.operation.duration": ("s", "Seconds of a question to a model"),
    "gen_ai.client.operation.time_to_first_chunk": ("s", "Seconds to a model's first word"),
    "gen_ai.client.token.usage": ("{token}", "Tokens of a question to a model"),
    "http.server.request.duration": ("s", "Seconds of a request, by route and status"),
    "http.server.active_requests": ("{request}", "Requests in flight"),
}

_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0]
_STAGES = [0.001, 0.0025, *_SECONDS, 30.0]
_MODEL = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92]

#: Where the conventions advise boundaries, theirs.
BUCKETS: dict[str, list[float]] = {
    "coach.turn.duration": _STAGES,
    "http.server.request.duration": _SECONDS,
    "gen_ai.client.operation.duration": _MODEL,
    "gen_ai.client.operation.time_to_first_chunk": [
        0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0
    ],
    "gen_ai.client.token.usage": [float(4**power) for power in range(14)],
}  # fmt: skip
