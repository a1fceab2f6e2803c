"""The pages about the knowledge base: is it sound, what is in it, what should be written next.

They read without JavaScript, and every link keeps its filters in the address.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import ValidationError

from api.dependencies import Asking, Competitor, EvidenceId, GapId, ImportId, Service, TheLibrary
from api.evidence_query import EvidenceQuery
from api.receiving import received
from api.schemas_evidence import Short
from api.schemas_governance import summary_of
from api.schemas_imports import Import
from api.web.rendering import Page, render, see
from api.web.wording import FIELDS, named
from coach.errors import BadInput
from coach.gaps import GapsWanted, Met
from coach.governance import Inspection
from coach.service import CoachService
from knowledge.checking.check import counted
from knowledge.checking.finding import Code, Finding, Severity
from knowledge.evidence import TEXT_FIELDS

FEW, MANY = 5, 50  # findings of a code on the overview, and when it was asked for
SHOWN_GAPS = 3
RESULTS = 10
OFFERED = 300  # values of a field that a form suggests

router = APIRouter(prefix="/knowledge", route_class=Page, include_in_schema=False)


@router.get("")
async def overview(
    request: Request,
    asking: Asking,
    service: Service,
    severity: Severity | None = None,
    code: Code | None = None,
    start: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> Response:
    """Counts, coverage and findings; ``severity`` and ``code`` narrow the findings."""
    found = await service.inspect_knowledge(asking)
    gaps, more_gaps = await service.gaps.page(asking, GapsWanted(), SHOWN_GAPS)
    return render(
        request,
        "knowledge.html",
        found=found,
        counts=counted(found.findings),
        groups=_grouped(found, severity, code, start),
        asked={"severity": severity, "code": code, "start": start},
        most=MANY,
        gaps=gaps,
        more_gaps=more_gaps,
    )


def _grouped(
    found: Inspection, severity: Severity | None, code: Code | None, start: int
) -> list[tuple[Severity, Code, int, list[Finding]]]:
    """The findings by severity and code: how many there are, and those to show."""
    groups: defaultdict[tuple[Severity, Code], list[Finding]] = defaultdict(list)
    for one in found.findings:
        if severity in (None, one.severity) and code in (None, one.code):
            groups[(one.severity, one.code)].append(one)
    shown = slice(start, start + MANY) if code else slice(FEW)
    return [(*key, len(group), group[shown]) for key, group in groups.items()]


@router.post("/upload")
async def upload(request: Request, asking: Asking, library: TheLibrary) -> Response:
    """Files without JavaScript; the page of the import tells what becomes of them."""
    with library.receiving(asking, None):
        async with received(request) as given:
            job = await library.take_files(asking, given.delivery)
    return see(f"/knowledge/imports/{job.id}")


@router.get("/imports/{import_id}")
async def show_import(
    request: Request, asking: Asking, library: TheLibrary, import_id: ImportId
) -> Response:
    """File by file; while it runs the page loads itself again."""
    found = Import.of(await library.import_(asking, import_id))
    return render(request, "knowledge_import.html", found=found)


@router.get("/items/{evidence_id:path}")
async def item(
    request: Request, asking: Asking, service: Service, evidence_id: EvidenceId
) -> Response:
    shown = await service.evidence(evidence_id)
    found = await service.inspect_knowledge(asking)
    about = [one for one in found.findings if evidence_id in one.evidence_ids]
    return render(request, "knowledge_item.html", item=shown, today=found.today, findings=about)


@router.get("/compare/{competitor:path}")
async def compare(
    request: Request, service: Service, competitor: Competitor, internal: bool = False
) -> Response:
    found = await service.compare(competitor, internal=internal)
    return render(
        request,
        "knowledge_compare.html",
        found=found,
        summary=summary_of(found),
        internal=internal,
    )


@router.get("/search")
async def search(request: Request, asking: Asking, service: Service) -> Response:
    """A search by the words of ``q``, or a listing; a faulty filter is told above the form."""
    given = _query_of(request)
    context: dict[str, Any] = {"given": given, "choices": await _choices(service)}
    try:
        asked = EvidenceQuery.model_validate(given)
        query = (asked.q or "").strip() or None
        found = await service.search_evidence(
            query, asked.filters(), asked.limit, asked.peer(), asked.cursor
        )
    except ValidationError as error:
        fault = error.errors()[0]
        problem = f"{named(FIELDS, str(fault['loc'][0]))}: {fault['msg']}"
        return render(request, "knowledge_search.html", 422, found=None, problem=problem, **context)
    except BadInput as error:
        problem = str(error)
        return render(request, "knowledge_search.html", 422, found=None, problem=problem, **context)
    today = (await service.inspect_knowledge(asking)).today
    return render(request, "knowledge_search.html", found=found, problem="", today=today, **context)


def _query_of(request: Request) -> dict[str, Any]:
    """What was asked for, by name; names that a search doesn't know are left out."""
    known = {name: value for name, value in request.query_params.items() if value.strip()}
    given: dict[str, Any] = {
        name: value for name, value in known.items() if name in EvidenceQuery.model_fields
    }
    given.setdefault("limit", str(RESULTS))
    given["kind"] = [kind for kind in request.query_params.getlist("kind") if kind]
    return given


async def _choices(service: CoachService) -> dict[str, list[str]]:
    return {name: (await service.evidence_values(name))[:OFFERED] for name in TEXT_FIELDS}


@router.get("/gaps")
async def gaps(
    request: Request,
    asking: Asking,
    service: Service,
    competitor: Short = "",
    sector: Short = "",
    met: str = "",
    cursor: Short | None = None,
) -> Response:
    """Objections met with no evidence, ranked; each with a file to begin with."""
    asked = {"competitor": competitor.strip(), "sector": sector.strip(), "met": met}
    where = Met(met) if met in set(Met) else None
    wanted = GapsWanted(asked["competitor"] or None, asked["sector"] or None, where)
    found, following = await service.gaps.page(asking, wanted, 20, cursor)
    return render(
        request,
        "knowledge_gaps.html",
        gaps=found,
        following=following,
        first_page=cursor is None,
        asked=asked,
    )


@router.post("/gaps/{gap_id}/dismiss")
async def dismiss(asking: Asking, service: Service, gap_id: GapId) -> Response:
    await service.gaps.dismiss(asking, gap_id)
    return see("/knowledge/gaps")
