"""Cases run through the whole product, once with each engine."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from coach.errors import CoachError
from coach.evals.case import Case
from coach.evals.grading import Grade, graded, judge_grades, suggestion_grades, voice_grades
from coach.evals.watching import receipts
from coach.events import TurnCompleted, TurnFailed
from coach.models import Job
from coach.session import LOCAL
from coach.suggestion import Situation

if TYPE_CHECKING:
    from coach.models import Receipt
    from coach.service import CoachService
    from coach.session import Exchange

Told = Callable[["Result"], None]


@dataclass(frozen=True)
class Engine:
    """One way to run the cases. ``label`` tells it apart; ``name`` is what answers carry."""

    label: str
    name: str
    service: CoachService


@dataclass(frozen=True)
class Result:
    """What became of one case. ``own_words`` False: code replaced what the model said, and the
    grades are those of the reply that was served. ``error`` says why there is none at all."""

    engine: str
    case: str
    digest: str
    job: str
    answer: str = ""
    own_words: bool = True
    note: str = ""
    grades: tuple[Grade, ...] = ()
    seconds: float = 0.0
    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    error: str = ""

    @property
    def passed(self) -> bool:
        return not self.error and self.own_words and all(grade.passed for grade in self.grades)


@dataclass
class Run:
    """``at_once`` cases at a time; ``told`` hears of each result as it comes."""

    cases: Sequence[Case]
    at_once: int
    told: Told
    done: set[tuple[str, str, str]] = field(default_factory=set)  # engine, case, digest

    async def with_(self, engine: Engine, job: Job) -> None:
        """All cases of ``job`` not run before; one that breaks is a result, not an end."""
        room = asyncio.Semaphore(self.at_once)

        async def one(case: Case) -> None:
            async with room:
                self.told(await run_case(engine, case))

        left = [
            case
            for case in self.cases
            if case.job is job and (engine.label, case.id, case.digest) not in self.done
        ]
        async with asyncio.TaskGroup() as group:
            for case in left:
                group.create_task(one(case))


async def run_case(engine: Engine, case: Case) -> Result:
    """Never raises for what an engine does wrong."""
    spent: list[Receipt] = []
    receipts.set(spent)
    since, found = time.perf_counter(), {}
    try:
        found = await (_suggested if case.job is Job.SUGGEST else _talked)(engine, case)
    except CoachError as error:
        found = {"error": error.message}
    return Result(
        engine.label,
        case.id,
        case.digest,
        case.job.value,
        seconds=round(time.perf_counter() - since, 3),
        calls=len(spent),
        tokens_in=sum(one.tokens_in for one in spent),
        tokens_out=sum(one.tokens_out for one in spent),
        **found,
    )


async def _talked(engine: Engine, case: Case) -> dict[str, Any]:
    service = engine.service
    session = await service.start(
        LOCAL, case.scenario or "", difficulty=case.difficulty, seed=case.seed
    )
    exchange = None
    for said in case.said:
        exchange = await _turn(service, session.id, said)
    assert exchange is not None  # noqa: S101  # a case of a talk has said
    scenario = await service.scenario_of(session)
    made = exchange.buyer.provenance
    if case.job is Job.JUDGE:
        assessment = exchange.seller.assessment
        assert assessment is not None  # noqa: S101  # stored with every exchange
        return {
            "answer": "; ".join(f"{c.id}: {c.verdict.value}" for c in assessment.checks),
            "own_words": made is None or made.judge == engine.name,
            "note": made.note if made else "",
            "grades": tuple(judge_grades(case.said[-1], assessment, case.expect)),
        }
    turns = (await service.session(LOCAL, session.id)).turns
    return {
        "answer": exchange.buyer.text,
        "own_words": made is None or made.voice == engine.name,
        "note": made.note if made else "",
        "grades": tuple(voice_grades(scenario, turns[:-1], exchange.buyer, case.expect)),
    }


async def _turn(service: CoachService, session: str, said: str) -> Exchange:
    exchange: Exchange | None = None
    async for event in await service.take_turn(LOCAL, session, said):
        if isinstance(event, TurnFailed):
            raise event.error
        if isinstance(event, TurnCompleted):
            exchange = event.exchange
    assert exchange is not None  # noqa: S101  # a turn completes or fails
    return exchange


async def _suggested(engine: Engine, case: Case) -> dict[str, Any]:
    objection = case.objection or ""
    about = Situation(**case.customer.model_dump())
    advice = await engine.service.suggest(LOCAL, objection, about)
    texts = {p.evidence.id: p.evidence.text for p in advice.evidence}
    asked = advice.objection.answerable  # else a question back is all there is, by code
    return {
        "answer": "\n".join(s.text for s in advice.suggestions),
        "own_words": not asked or advice.engine == engine.name,
        "note": advice.note,
        "grades": tuple(_of_advice(advice, objection, texts, case)),
    }


def _of_advice(advice: Any, objection: str, texts: dict[str, str], case: Case) -> Iterator[Grade]:
    yield from suggestion_grades(advice, objection, texts, case.expect)
    yield graded("says_something", not advice.suggestions, "there is no suggestion")
