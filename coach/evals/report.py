"""What came of a run, counted: per engine and job, per grade, and what it cost."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from coach.evals.grading import Grade
from coach.evals.running import Result
from coach.fidelity.outcome import wilson

OWN_WORDS = "own_words"
#: Price of a million tokens, sent and received.
Prices = Mapping[str, Mapping[str, float]]


def as_line(result: Result) -> str:
    """One line of the file by which a run is taken up again."""
    return json.dumps(asdict(result), ensure_ascii=False)


def from_line(line: str) -> Result:
    told = json.loads(line)
    return Result(**told | {"grades": tuple(Grade(**grade) for grade in told["grades"])})


def report_of(
    results: Sequence[Result], engines: Sequence[str], prices: Prices, made: Mapping[str, Any]
) -> dict[str, Any]:
    """JSON-ready. ``engines`` are told in this order."""
    by_job = [
        _share(engine, job, [r.passed for r in some])
        for engine in engines
        for job, some in _by_job(results, engine)
    ]
    grades = [
        _share(engine, job, passed) | {"grade": name}
        for engine in engines
        for job, some in _by_job(results, engine)
        for name, passed in _by_grade(some)
    ]
    failures = [_failure(r) for r in results if not r.passed]
    return {
        "made": dict(made),
        "engines": list(engines),
        "jobs": by_job,
        "grades": grades,
        "costs": [_cost(engine, results, prices.get(engine)) for engine in engines],
        "failures": sorted(failures, key=lambda f: (engines.index(f["engine"]), f["case"])),
    }


def _by_job(results: Sequence[Result], engine: str) -> list[tuple[str, list[Result]]]:
    found: defaultdict[str, list[Result]] = defaultdict(list)
    for result in results:
        if result.engine == engine:
            found[result.job].append(result)
    return [(job, found[job]) for job in ("voice", "suggest", "judge") if job in found]


def _by_grade(results: Iterable[Result]) -> list[tuple[str, list[bool]]]:
    found: defaultdict[str, list[bool]] = defaultdict(list)
    for result in results:
        found[OWN_WORDS].append(result.own_words and not result.error)
        for grade in result.grades:
            found[grade.name].append(grade.passed)
    return list(found.items())


def _share(engine: str, job: str, passed: Sequence[bool]) -> dict[str, Any]:
    low, high = wilson(sum(passed), len(passed))
    return {
        "engine": engine,
        "job": job,
        "passed": sum(passed),
        "of": len(passed),
        "from": round(low, 4),
        "to": round(high, 4),
    }


def _cost(
    engine: str, results: Sequence[Result], price: Mapping[str, float] | None
) -> dict[str, Any]:
    some = [r for r in results if r.engine == engine]
    sent, received = sum(r.tokens_in for r in some), sum(r.tokens_out for r in some)
    money = (sent * price["input"] + received * price["output"]) / 1e6 if price else None
    return {
        "engine": engine,
        "cases": len(some),
        "calls": sum(r.calls for r in some),
        "tokens_in": sent,
        "tokens_out": received,
        "seconds": round(sum(r.seconds for r in some), 1),
        "money": None if money is None else round(money, 4),
    }


def _failure(result: Result) -> dict[str, Any]:
    wrong = [f"{g.name} ({g.says})" if g.says else g.name for g in result.grades if not g.passed]
    if not result.own_words:
        wrong.append(f"{OWN_WORDS} ({result.note})" if result.note else OWN_WORDS)
    return {
        "engine": result.engine,
        "case": result.case,
        "job": result.job,
        "wrong": [result.error] if result.error else wrong,
        "answer": result.answer,
    }
