"""The scenario studio: what a trainer writes stands beside what a rep will meet.

Every page is a form that works without JavaScript; ``static/studio.js`` asks for the same page
again while somebody types, and puts what it says in place.
"""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from pydantic import Field
from starlette.datastructures import UploadFile

from api.dependencies import Asking, ScenarioId, Service
from api.errors import problem_of
from api.schemas_evidence import CleanStr, Short
from api.web.rendering import Page, render, see
from api.web.studio_drawing import EXAMPLE, Starts, page_of_versions, ready
from coach.authoring.bundle import MOST_SCENARIOS
from coach.authoring.starting import blank, copied, started
from coach.authoring.yaml_text import LARGEST
from coach.errors import BadInput, CoachError, Overtaken
from coach.service import CoachService
from coach.session import Caller
from knowledge.evidence import Filters, Kind, Visibility

router = APIRouter(prefix="/studio", route_class=Page, include_in_schema=False)

NEW_ID = "my-scenario"
OFFERED = 100  # items of evidence to draft from
LARGEST_BUNDLE = 20_000_000  # bytes

Source = Annotated[CleanStr, Field(max_length=2 * LARGEST), Form()]
#: The scenario that is changed, and the version that was read; both empty for a new one.
Of = Annotated[Short, Form()]
After = Annotated[Annotated[str, Field(pattern=r"^[0-9]{0,9}$")], Form()]
Number = Annotated[int | None, Query(ge=1, le=2**31 - 1)]


@router.get("")
async def shelf(request: Request, asking: Asking, service: Service) -> Response:
    return await _shelf(request, asking, service)


@router.get("/new")
async def new(
    request: Request, asking: Asking, service: Service, start: Short = EXAMPLE
) -> Response:
    """A text to begin with: ``example``, ``blank``, ``copy:ID`` or ``evidence:ID``."""
    how, _, named = start.partition(":")
    note = ""
    if how == "copy":
        source = copied(f"{named}-2"[:60], await service.desk.source(asking, named))
    elif how == "evidence":
        made = await service.desk.draft(asking, named)
        source, note = made.source, made.note
    elif start in ("blank", EXAMPLE):
        source = (blank if start == "blank" else started)(NEW_ID)
    else:
        raise BadInput("begin with example, blank, copy:ID of a scenario or evidence:ID of an item")
    return await _editor(request, asking, service, source, note=note)


@router.get("/edit/{scenario_id}")
async def edit(
    request: Request,
    asking: Asking,
    service: Service,
    scenario_id: ScenarioId,
    saved: Number = None,
) -> Response:
    source = await service.desk.source(asking, scenario_id)
    present = await service.scenario(asking, scenario_id)
    note = f"Saved as version {saved}. It stands in the gallery." if saved else ""
    return await _editor(
        request, asking, service, source, of=scenario_id, after=str(present.version), note=note
    )


@router.post("/check")
async def check(
    request: Request,
    asking: Asking,
    service: Service,
    source: Source = "",
    of: Of = "",
    after: After = "",
) -> Response:
    """What is wrong and what it will look like; nothing is stored."""
    return await _editor(request, asking, service, _unix(source), of=of, after=after)


@router.post("/save")
async def save(
    request: Request,
    asking: Asking,
    service: Service,
    source: Source = "",
    of: Of = "",
    after: After = "",
) -> Response:
    """A new scenario, or the next version of ``of``; what can't be kept is told beside the text."""
    source = _unix(source)
    try:
        scenario = await service.desk.read(asking, source)
        if of and scenario.id == of:
            kept = await service.desk.put(asking, of, source, int(after) if after else None)
        else:
            kept = await service.desk.create(asking, source)
    except Overtaken:
        present = await service.scenario(asking, of)
        return await _editor(
            request,
            asking,
            service,
            source,
            412,
            of=of,
            after=str(present.version),
            overtaken=True,
        )
    except CoachError as error:
        return await _refused(request, asking, service, source, error, of, after)
    return see(f"/studio/edit/{kept.scenario.id}?saved={kept.scenario.version}")


@router.post("/try")
async def try_it(
    request: Request,
    asking: Asking,
    service: Service,
    source: Source = "",
    of: Of = "",
    after: After = "",
) -> Response:
    """A session with the text as it stands, stored or not."""
    try:
        scenario = await service.desk.read(asking, _unix(source))
        session = await service.play(asking, scenario)
    except CoachError as error:
        return await _refused(request, asking, service, _unix(source), error, of, after)
    return see(f"/practice/{session.id}")


# --- versions ---


@router.get("/versions/{scenario_id}")
async def versions(
    request: Request,
    asking: Asking,
    service: Service,
    scenario_id: ScenarioId,
    one: Number = None,
    two: Number = None,
) -> Response:
    """All that were written, and what changed between ``one`` and ``two``, if they are given."""
    present = await service.scenario(asking, scenario_id)
    listed = await service.desk.versions(asking, scenario_id)
    texts = [
        await service.desk.source(asking, scenario_id, number)
        for number in (one, two)
        if number is not None
    ]
    shipped = service.shelf.book
    first = shipped.get(scenario_id).version if shipped.has(scenario_id) else None
    shown = await asyncio.to_thread(page_of_versions, listed, first, texts)
    return render(
        request, "studio_versions.html", scenario=present, shown=shown, compared=(one, two)
    )


@router.post("/restore/{scenario_id}")
async def restore(
    asking: Asking,
    service: Service,
    scenario_id: ScenarioId,
    version: Annotated[int, Form(ge=1, le=2**31 - 1)],
) -> Response:
    """An earlier version again, as the next one: nothing is lost."""
    source = await service.desk.source(asking, scenario_id, version)
    kept = await service.desk.put(asking, scenario_id, source)
    return see(f"/studio/edit/{scenario_id}?saved={kept.scenario.version}")


@router.post("/withdraw/{scenario_id}")
async def withdraw(asking: Asking, service: Service, scenario_id: ScenarioId) -> Response:
    await service.desk.withdraw(asking, scenario_id)
    return see("/studio")


# --- handing on ---


@router.get("/bundle")
async def bundle(
    asking: Asking,
    service: Service,
    ids: Annotated[list[Short] | None, Query(alias="id", max_length=MOST_SCENARIOS)] = None,
) -> Response:
    """Those that were ticked, or all that were written here, in one zip."""
    wanted = ids or list((await service.desk.written(asking)).own)
    if not wanted:
        raise BadInput("nothing was written here yet: tick the scenarios to hand on")
    content = await service.desk.bundle(asking, wanted)
    headers = {"Content-Disposition": 'attachment; filename="scenarios.zip"'}
    return Response(content, headers=headers, media_type="application/zip")


@router.post("/bring")
async def bring(request: Request, asking: Asking, service: Service) -> Response:
    """A bundle or one file; the page tells of each what became of it."""
    try:
        name, content = await _uploaded(request)
        brought = await service.desk.bring(asking, name, content)
    except CoachError as error:
        return await _shelf(request, asking, service, 422, problem=error.message)
    return await _shelf(request, asking, service, brought=brought)


async def _uploaded(request: Request) -> tuple[str, bytes]:
    if int(request.headers.get("content-length") or 0) > LARGEST_BUNDLE:
        raise BadInput(f"a bundle has at most {LARGEST_BUNDLE // 1_000_000} MB")
    async with request.form(max_files=1, max_fields=5) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            raise BadInput("choose a bundle (.zip) or a scenario (.yaml)")
        return file.filename, await file.read()


# --- pages ---


async def _shelf(
    request: Request,
    asking: Caller,
    service: CoachService,
    status: int = 200,
    **context: object,
) -> Response:
    written = await service.desk.written(asking)
    scenarios = await service.scenarios(asking)
    blank_context: dict[str, object] = {"brought": (), "problem": ""}
    return render(
        request,
        "studio.html",
        status,
        scenarios=scenarios,
        written=written,
        starts=await _starts(service),
        **(blank_context | context),
    )


async def _starts(service: CoachService) -> Starts:
    """What of the evidence a scenario can be drafted from."""
    facts, cases = [
        (
            await service.search_evidence(
                None, Filters(kinds=(kind,), visibility=Visibility.PUBLIC), OFFERED
            )
        ).passages
        for kind in (Kind.COMPETITIVE_FACT, Kind.CASE_STUDY)
    ]
    return Starts.of([one.evidence for one in facts], [one.evidence for one in cases])


async def _refused(
    request: Request,
    asking: Caller,
    service: CoachService,
    source: str,
    error: CoachError,
    of: str,
    after: str,
) -> Response:
    told = problem_of(error)
    # where faults stand at their lines, the first of them needn't be told twice
    problem = "" if error.errors else told["detail"]
    return await _editor(
        request, asking, service, source, told["status"], of=of, after=after, problem=problem
    )


async def _editor(
    request: Request,
    asking: Caller,
    service: CoachService,
    source: str,
    status: int = 200,
    *,
    of: str = "",
    after: str = "",
    **context: object,
) -> Response:
    checked = await service.desk.check(asking, source)
    told: dict[str, object] = {"note": "", "problem": "", "overtaken": False}
    return render(
        request,
        "studio_edit.html",
        status,
        source=source,
        of=of,
        after=after,
        checked=checked,
        shown=ready(source, checked),
        **(told | context),
    )


def _unix(text: str) -> str:
    """A form sends CRLF for the line breaks of a textarea."""
    return text.replace("\r\n", "\n")
