"""Fakes that keep the contract of the port they stand in for."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from threading import RLock
from typing import Any

from coach.assessment import Verdict
from coach.authoring.versions import Version
from coach.budget import Budget, Spent
from coach.budget.purse import Purse
from coach.calibration import Agreement
from coach.errors import BadInput, Conflict, ModelFailed, NotFound, Overtaken
from coach.gaps import Gap, GapsWanted, Met, Sighting, with_example
from coach.jobs.job import KILLED, MOST_ATTEMPTS, Job, Key, Record, State
from coach.models import Models, Receipt
from coach.overruling import Overruling
from coach.ports import Model
from coach.practice.accepted import Accepted
from coach.practice.allowance import Left, Limit, left_of
from coach.practice.conversations import Place
from coach.progress.practised import JudgedCheck, JudgedTurn, Practised
from coach.session import Caller, Exchange, Guess, HintUse, Session, Status
from coach.store.cursor import cursor_after, gap_cursor, read_cursor, read_gap_cursor
from knowledge.checking.topic import same_name
from prompts import render


class MemoryStore:
    """The ``Store`` port in a dict; runs through the same contract tests as SqlStore."""

    def __init__(self) -> None:
        self._sessions: dict[str, Session] = {}
        self._gaps: dict[str, tuple[str, Gap]] = {}  # with the tenant
        self._occasions: set[tuple[str, str]] = set()
        self._scenarios: list[tuple[str, Version]] = []
        self._played: dict[tuple[str, str], str] = {}
        self._rulings: dict[tuple[str, int, str], Overruling] = {}
        self._agreements: dict[str, list[Agreement]] = {}
        self._keys: dict[tuple[str, str, str], tuple[str, datetime, Record | None]] = {}
        self._accepted: dict[str, Accepted] = {}
        self._full_at: dict[str, float] = {}
        self._places: dict[tuple[str, str, str], Place] = {}
        self._spent: list[Spent] = []
        self._lock = RLock()

    def ping(self) -> None:
        """Always answers."""

    def spend(self, spent: Spent) -> None:
        self._spent.append(spent)

    def spent_on(self, tenant: str, day: date) -> int:
        return sum(
            s.tokens_in + s.tokens_out for s in self._spent if (s.tenant, s.day) == (tenant, day)
        )

    def spent_in(self, tenant: str, session: str) -> int:
        these = [s for s in self._spent if (s.tenant, s.session) == (tenant, session)]
        return sum(s.tokens_in + s.tokens_out for s in these)

    def create(self, session: Session) -> None:
        owner = Caller(session.owner.user, session.owner.tenant)
        with self._lock:
            if session.id in self._sessions:
                raise Conflict("this is already stored")
            self._sessions[session.id] = replace(session, owner=owner)
            if parent := session.parent:
                for ruling in self.overrulings(owner, parent.session):
                    if ruling.turn < parent.turn:
                        self.overrule(owner, replace(ruling, session=session.id))

    def load(self, caller: Caller, session_id: str, last: int | None = None) -> Session:
        session = self._find(caller, session_id)
        first = 0 if last is None else max(session.turn_count - last, 0)
        hints = tuple(hint for hint in session.hints if hint.turn >= first)
        guesses = session.guesses if last is None else ()
        return replace(session, turns=session.turns[first:], hints=hints, guesses=guesses)

    def look(self, caller: Caller, session_id: str, last: int | None = None) -> Session:
        """Nobody trains anybody here."""
        return self.load(caller, session_id, last)

    def sessions(
        self, caller: Caller, limit: int, cursor: str | None
    ) -> tuple[list[Session], str | None]:
        before = read_cursor(cursor) if cursor is not None else None
        with self._lock:
            own = [s for s in self._sessions.values() if _belongs(s, caller)]
        own.sort(key=_place, reverse=True)
        rest = [
            replace(s, turns=(), hints=(), guesses=())
            for s in own
            if not before or _place(s) < before
        ]
        page = rest[:limit]
        return page, cursor_after(*_place(page[-1])) if page and len(rest) > limit else None

    def append(
        self, caller: Caller, session_id: str, exchange: Exchange, worker: str | None = None
    ) -> None:
        if exchange.buyer.index != exchange.seller.index + 1:
            raise ValueError("the buyer's turn must follow the seller's")
        with self._lock:
            session = self._find(caller, session_id)
            if session.status is not Status.ACTIVE:
                raise Conflict("the session has ended")
            if session.turn_count != exchange.seller.index:
                raise Conflict("another turn was taken meanwhile")
            if worker is not None:
                held = self._accepted.get(session_id)
                if held is None or held.worker != worker:
                    raise Conflict("the turn was cancelled")
                del self._accepted[session_id]
            self._sessions[session_id] = replace(
                session,
                turns=(*session.turns, exchange.seller, exchange.buyer),
                turn_count=session.turn_count + 2,
                state=exchange.state,
                status=exchange.status,
            )

    def accept(
        self, caller: Caller, turn: Accepted, now: datetime, key: Key | None = None
    ) -> Accepted:
        with self._lock:
            session = self._find(caller, turn.session)
            if session.status is not Status.ACTIVE or session.turn_count != turn.index:
                raise Conflict("the session has ended, or moved on")
            found = self._accepted.get(turn.session)
            if found and not found.is_left(now):
                raise Conflict("another turn is still running")
            if found and (found.index, found.text) != (turn.index, turn.text):
                return found
            if key is not None:
                mark = caller.tenant, caller.user, key.text
                if mark in self._keys:
                    raise Conflict("this key is taken")
                self._keys[mark] = (key.digest, now, {"index": turn.index})
            self._accepted[turn.session] = turn
            return turn

    def begun_by(self, caller: Caller, key: Key) -> int | None:
        found = self._keys.get((caller.tenant, caller.user, key.text))
        if found is None:
            return None
        digest, _, answer = found
        if digest != key.digest:
            raise BadInput("this key came with something else")
        return None if answer is None else int(answer["index"])

    def accepted(self, caller: Caller, session_id: str) -> Accepted | None:
        return self._accepted.get(self._find(caller, session_id).id)

    def accepted_in(self, caller: Caller, session_ids: Sequence[str]) -> list[Accepted]:
        own = [key for key in session_ids if _belongs(self._sessions[key], caller)]
        return [self._accepted[key] for key in own if key in self._accepted]

    def hold(self, session_id: str, worker: str, until: datetime) -> bool:
        with self._lock:
            held = self._accepted.get(session_id)
            if held is None or held.worker != worker:
                return False
            self._accepted[session_id] = replace(held, until=until)
            return True

    def drop(self, caller: Caller, session_id: str, index: int) -> bool:
        with self._lock:
            held = self._accepted.get(self._find(caller, session_id).id)
            if held is None or held.index != index:
                return False
            del self._accepted[session_id]
            return True

    def use(self, holder: str, limit: Limit, now: float) -> Left:
        with self._lock:
            begun = max(self._full_at.get(holder, now), now)
            if begun + limit.each > now + limit.seconds + 1e-6:
                return left_of(limit, begun, now, granted=False)
            self._full_at[holder] = begun + limit.each
            return left_of(limit, begun + limit.each, now, granted=True)

    def place_of(self, caller: Caller, digest: str) -> Place | None:
        return self._places.get((caller.tenant, caller.user, digest))

    def keep_place(self, caller: Caller, digest: str, place: Place, at: datetime) -> None:
        self._places[caller.tenant, caller.user, digest] = place

    def add_hint(self, caller: Caller, session_id: str, hint: HintUse) -> None:
        with self._lock:
            session = self._find(caller, session_id)
            self._sessions[session_id] = replace(session, hints=(*session.hints, hint))

    def finish(
        self, caller: Caller, session_id: str, status: Status, debrief: Mapping[str, Any]
    ) -> None:
        with self._lock:
            session = self._find(caller, session_id)
            kept = status if session.status is Status.ACTIVE else session.status
            self._sessions[session_id] = replace(session, status=kept, debrief=dict(debrief))

    def delete(self, caller: Caller, session_id: str) -> None:
        with self._lock:
            del self._sessions[self._find(caller, session_id).id]
            self._rulings = {key: one for key, one in self._rulings.items() if key[0] != session_id}

    def attempts(self, caller: Caller, family: str) -> list[Session]:
        with self._lock:
            own = [s for s in self._sessions.values() if _belongs(s, caller) and s.family == family]
        return [replace(s, turns=(), hints=(), guesses=()) for s in sorted(own, key=_place)]

    def add_guess(self, caller: Caller, session_id: str, guess: Guess, most: int) -> None:
        with self._lock:
            session = self._find(caller, session_id)
            if len(session.guesses) >= most:
                raise Conflict("all guesses are used")
            self._sessions[session_id] = replace(session, guesses=(*session.guesses, guess))

    def take_key(self, caller: Caller, key: Key, now: datetime, lost: timedelta) -> Record | None:
        mark = (caller.tenant, caller.user, key.text)
        with self._lock:
            digest, taken, answer = self._keys.get(mark, (key.digest, None, None))
            if digest != key.digest:
                raise BadInput("this key was sent with something else")
            if answer is None and taken is not None and taken > now - lost:
                raise Conflict("still under way")
            if answer is None:
                self._keys[mark] = (key.digest, now, None)
            return answer

    def keep_answer(self, caller: Caller, key: Key, answer: Record) -> None:
        mark = (caller.tenant, caller.user, key.text)
        with self._lock:
            digest, taken, _ = self._keys[mark]
            self._keys[mark] = (digest, taken, dict(answer))

    def drop_key(self, caller: Caller, key: Key) -> None:
        mark = (caller.tenant, caller.user, key.text)
        with self._lock:
            if self._keys.get(mark, ("", None, {}))[2] is None:
                del self._keys[mark]

    def count_gaps(self, tenant: str, sightings: Sequence[Sighting]) -> None:
        with self._lock:
            for sighting in sightings:
                key = sighting.gap_of(tenant)
                gap = self._gaps.get(key, (tenant, _new_gap(key, sighting)))[1]
                if sighting.occasion and (key, sighting.occasion) in self._occasions:
                    continue
                self._occasions.add((key, sighting.occasion))
                met = sighting.example.met
                grown = replace(
                    gap,
                    live=gap.live + (met is Met.LIVE),
                    practice=gap.practice + (met is Met.PRACTICE),
                    last_seen=max(gap.last_seen, sighting.at),
                    examples=with_example(gap.examples, sighting.example),
                )
                self._gaps[key] = tenant, grown

    def gaps(
        self, tenant: str, wanted: GapsWanted, limit: int, cursor: str | None
    ) -> tuple[list[Gap], str | None]:
        def place(gap: Gap) -> tuple[int, int, str]:
            ranks = (gap.live, gap.practice)
            return (*(ranks[::-1] if wanted.met is Met.PRACTICE else ranks), gap.id)

        after = read_gap_cursor(cursor) if cursor is not None else None
        with self._lock:
            own = [gap for owner, gap in self._gaps.values() if owner == tenant]
        found = [
            gap
            for gap in sorted(own, key=place, reverse=True)
            if (after is None or place(gap) < after)
            and (wanted.met is None or place(gap)[0] > 0)
            and _named(wanted.competitor, gap.competitor)
            and _named(wanted.sector, gap.sector)
        ]
        page = found[:limit]
        return page, gap_cursor(*place(page[-1])) if page and len(found) > limit else None

    def gap(self, tenant: str, gap_id: str) -> Gap:
        owner, gap = self._gaps.get(gap_id, ("", None))
        if gap is None or owner != tenant:
            raise NotFound(f"there is no gap {gap_id[:60]!r}")
        return gap

    def dismiss_gap(self, tenant: str, gap_id: str) -> None:
        with self._lock:
            del self._gaps[self.gap(tenant, gap_id).id]
            self._occasions = {pair for pair in self._occasions if pair[0] != gap_id}

    def last_change(self, tenant: str) -> int:
        return sum(owner == tenant for owner, _ in self._scenarios)

    def current_scenarios(self, tenant: str) -> list[Version]:
        latest = {v.scenario: v for owner, v in self._scenarios if owner == tenant}
        return [latest[key] for key in sorted(latest) if latest[key].source is not None]

    def scenario_versions(self, tenant: str, scenario: str) -> list[Version]:
        found = [v for owner, v in self._scenarios if owner == tenant and v.scenario == scenario]
        return found[::-1]

    def add_scenario(self, tenant: str, new: Version, after: int | None) -> Version:
        with self._lock:
            latest = max(
                (v.version for v in self.scenario_versions(tenant, new.scenario)), default=0
            )
            if after is not None and after != latest:
                raise Overtaken("it was changed meanwhile")
            added = replace(new, version=max(latest + 1, new.version))
            self._scenarios.append((tenant, added))
        return added

    def keep_played(self, tenant: str, fingerprint: str, source: str) -> None:
        self._played.setdefault((tenant, fingerprint), source)

    def played(self, tenant: str, fingerprint: str) -> str | None:
        return self._played.get((tenant, fingerprint))

    # Nobody trains anybody here: a team is its trainer alone.

    def practised(
        self, caller: Caller, since: datetime | None = None, *, team: bool = False
    ) -> list[Practised]:
        with self._lock:
            own = [s for s in self._sessions.values() if _belongs(s, caller)]
        own = [s for s in own if since is None or s.created_at >= since]
        names = Practised.__dataclass_fields__
        own.sort(key=_place, reverse=True)
        return [Practised(**{name: getattr(one, name) for name in names}) for one in own]

    def judged(
        self, caller: Caller, session_ids: Sequence[str], *, team: bool = False
    ) -> dict[str, tuple[JudgedTurn, ...]]:
        with self._lock:
            own = [self._sessions[key] for key in session_ids if key in self._sessions]
        found = {one.id: _judged(one) for one in own if _belongs(one, caller)}
        return {key: turns for key, turns in found.items() if turns}

    def overrule(self, caller: Caller, ruling: Overruling) -> None:
        self._find(caller, ruling.session)
        self._rulings[(ruling.session, ruling.turn, ruling.check)] = ruling

    def withdraw_overruling(self, caller: Caller, session_id: str, turn: int, check: str) -> None:
        self._find(caller, session_id)
        if self._rulings.pop((session_id, turn, check), None) is None:
            raise NotFound("it was not overruled")

    def overrulings(
        self, caller: Caller, session_id: str | None = None, *, team: bool = False
    ) -> list[Overruling]:
        own = {key for key, one in self._sessions.items() if _belongs(one, caller)}
        return [
            one
            for key, one in sorted(self._rulings.items())
            if one.session in own and session_id in (None, one.session)
        ]

    def keep_agreements(self, tenant: str, found: Sequence[Agreement], at: datetime) -> None:
        kept = {one.check: one for one in (*self.agreements(tenant), *found)}
        self._agreements[tenant] = [kept[check] for check in sorted(kept)]

    def agreements(self, tenant: str) -> list[Agreement]:
        return list(self._agreements.get(tenant, ()))

    def _find(self, caller: Caller, session_id: str) -> Session:
        session = self._sessions.get(session_id)
        if session is None or not _belongs(session, caller):
            raise NotFound(f"there is no session {session_id[:60]!r}")
        return session


def _judged(session: Session) -> tuple[JudgedTurn, ...]:
    return tuple(
        JudgedTurn(
            turn.index,
            turn.at,
            tuple(
                JudgedCheck(c.id, c.question, Verdict(c.verdict), c.quote, c.excused)
                for c in turn.assessment.checks
            ),
        )
        for turn in session.turns
        if turn.assessment and turn.assessment.scored
    )


def _new_gap(key: str, sighting: Sighting) -> Gap:
    return Gap(
        id=key,
        lack=sighting.lack,
        objection=sighting.objection,
        topic=sighting.topic,
        competitor=sighting.competitor,
        sector=sighting.sector,
        live=0,
        practice=0,
        first_seen=sighting.at,
        last_seen=sighting.at,
        examples=(),
    )


def _named(wanted: str | None, found: str | None) -> bool:
    return wanted is None or same_name(wanted) == same_name(found)


class MemoryJobs:
    """The ``Jobs`` port in dicts; runs through the same contract tests as SqlJobs."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._files: dict[str, list[bytes]] = {}
        self._due: dict[str, datetime] = {}
        self._workers: dict[str, str] = {}
        self._keys: dict[tuple[Caller, str], tuple[Key, str, datetime]] = {}
        self._lock = RLock()

    def add(self, job: Job, files: Sequence[Iterable[bytes]] = (), key: Key | None = None) -> Job:
        with self._lock:
            place = (job.owner, key.text if key else "")
            known = self._keys.get(place) if key else None
            if key and known and known[2] >= job.created_at - timedelta(days=1):
                if known[0] != key:
                    raise BadInput("this key was sent before with something else; send a new key")
                return self._jobs[known[1]]
            self._files[job.id] = [b"".join(pieces) for pieces in files]
            self._jobs[job.id], self._due[job.id] = job, job.created_at
            if key:
                self._keys[place] = (key, job.id, job.created_at)
            return job

    def load(self, caller: Caller, kind: str, job_id: str) -> Job:
        job = self._jobs.get(job_id)
        if job is None or (job.owner, job.kind) != (caller, kind):
            raise NotFound(f"there is no {kind} {job_id[:60]!r}")
        return job

    def listing(
        self, caller: Caller, kind: str, limit: int, cursor: str | None
    ) -> tuple[list[Job], str | None]:
        before = read_cursor(cursor) if cursor is not None else None
        own = [job for job in self._jobs.values() if (job.owner, job.kind) == (caller, kind)]
        own.sort(key=lambda job: (job.created_at, job.id), reverse=True)
        rest = [job for job in own if not before or (job.created_at, job.id) < before]
        page = rest[:limit]
        more = len(rest) > limit
        return page, cursor_after(page[-1].created_at, page[-1].id) if more and page else None

    def content(self, job_id: str, number: int) -> bytes:
        return self._files[job_id][number] if self._files.get(job_id) else b""

    def claim(
        self, kinds: Sequence[str], worker: str, now: datetime, lease: timedelta
    ) -> Job | None:
        with self._lock:
            due = sorted((due, job_id) for job_id, due in self._due.items() if due <= now)
            ready = [self._jobs[job_id] for _, job_id in due if self._jobs[job_id].kind in kinds]
            for job in ready:
                if job.attempts >= MOST_ATTEMPTS:
                    self._end(job.id, state=State.FAILED, reason=KILLED, finished_at=now)
            first = next((job for job in ready if job.attempts < MOST_ATTEMPTS), None)
            if first is None:
                return None
            self._due[first.id], self._workers[first.id] = now + lease, worker
            return self._keep(first.id, state=State.RUNNING, attempts=first.attempts + 1, reason="")

    def renew(self, job_id: str, worker: str, until: datetime, progress: Record) -> bool:
        with self._lock:
            if held := self._workers.get(job_id) == worker:
                self._due[job_id] = until
                self._keep(job_id, progress=progress)
            return held

    def finish(self, job_id: str, worker: str, now: datetime, result: Record) -> bool:
        with self._lock:
            if held := self._workers.get(job_id) == worker:
                self._end(job_id, state=State.DONE, result=result, finished_at=now)
            return held

    def fail(self, job_id: str, worker: str, now: datetime, reason: str) -> bool:
        with self._lock:
            if held := self._workers.get(job_id) == worker:
                self._end(job_id, state=State.FAILED, reason=reason, finished_at=now)
            return held

    def put_back(
        self, job_id: str, worker: str, due: datetime, progress: Record, reason: str = ""
    ) -> bool:
        with self._lock:
            if held := self.retry(job_id, worker, due):
                attempts = self._jobs[job_id].attempts - 1
                self._keep(job_id, attempts=attempts, progress=progress, reason=reason)
            return held

    def retry(self, job_id: str, worker: str, now: datetime) -> bool:
        with self._lock:
            if held := self._workers.get(job_id) == worker:
                del self._workers[job_id]
                self._due[job_id] = now
                self._keep(job_id, state=State.WAITING)
            return held

    def _end(self, job_id: str, **changes: Any) -> None:
        self._due.pop(job_id)
        self._workers.pop(job_id, None)
        self._files.pop(job_id, None)
        self._keep(job_id, **changes)

    def _keep(self, job_id: str, **changes: Any) -> Job:
        job = self._jobs[job_id] = replace(self._jobs[job_id], **changes)
        return job


def _belongs(session: Session, caller: Caller) -> bool:
    return (session.owner.tenant, session.owner.user) == (caller.tenant, caller.user)


def _place(session: Session) -> tuple[datetime, str]:
    return session.created_at, session.id


@dataclass
class FixedClock:
    """Stands still until it is told to go on."""

    now: datetime = field(default=datetime(2026, 3, 2, 9, 30, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        """``advance(minutes=5)``: what timedelta takes."""
        self.now += timedelta(**by)


class QueueModel:
    """The ``Model`` port: answers with what was queued, and keeps what it was asked.

    A queued string is streamed word by word, a mapping is a structured answer, an exception is
    raised; ``Break(words, error)`` raises after those words.
    """

    name = "queue-model"

    def __init__(self, *answers: object) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, Mapping[str, Any]]] = []

    def _next(self, prompt: str, variables: Mapping[str, Any], receipt: Receipt | None) -> object:
        rendered = render(prompt, **variables)  # the variables must fit the real template
        if receipt is not None:
            receipt.prompt, receipt.template_hash = rendered.name, rendered.hash
            receipt.model, receipt.tokens_in, receipt.tokens_out = self.name, 30, 10
        self.asked.append((prompt, variables))
        answer = self.answers.pop(0) if self.answers else ModelFailed("the queue is empty")
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def stream(
        self, prompt: str, variables: Mapping[str, Any], receipt: Receipt | None = None
    ) -> AsyncGenerator[str, None]:
        answer = self._next(prompt, variables, receipt)
        words = answer.words if isinstance(answer, Break) else str(answer)
        for word in re.findall(r"\S+\s*", words):
            yield word
        if isinstance(answer, Break):
            raise answer.error

    async def structured(
        self,
        prompt: str,
        variables: Mapping[str, Any],
        schema: Mapping[str, Any],
        receipt: Receipt | None = None,
    ) -> Mapping[str, Any]:
        answer = self._next(prompt, variables, receipt)
        assert isinstance(answer, Mapping)
        return answer

    def condition(self) -> str:
        return "ok"


def purse(model: Model | None = None, budget: Budget | None = None) -> Purse:
    """``model`` for every job, and a store that forgets."""
    return Purse(Models.alike(model, budget), MemoryStore(), FixedClock())


@dataclass(frozen=True)
class Break:
    words: str
    error: Exception
