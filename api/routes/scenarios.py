"""What can be practised, and how trainers write it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from starlette.exceptions import HTTPException

from api.dependencies import Asking, ScenarioId, Service
from api.matching import version_of
from api.once import KEYED, once
from api.schemas import NewTry, Scenario, Scenarios, Session, listed
from api.schemas_evidence import Short
from api.schemas_scenarios import Arrivals, Brought, Draft, DraftRequest, Validation, Versions
from coach.authoring.schema import scenario_schema
from coach.authoring.shelf import Kept
from coach.errors import BadInput

router = APIRouter(prefix="/v1/scenarios", tags=["scenarios"])

YAML = "application/yaml"
ZIP = "application/zip"
KINDS = (YAML, "application/x-yaml", "text/yaml", "text/x-yaml", "text/plain", "application/json")
_TEXT = {
    YAML: {"schema": {"type": "string", "description": "as `coach scenario schema` says"}},
    "application/json": {"schema": {"type": "object"}},
}
SOURCE: dict[str, Any] = {"requestBody": {"required": True, "content": _TEXT}}
BUNDLE_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {**_TEXT, ZIP: {"schema": {"type": "string", "format": "binary"}}},
    }
}
BUNDLE: dict[int | str, dict[str, Any]] = {
    200: {"content": {ZIP: {"schema": {"type": "string", "format": "binary"}}}}
}
AS_YAML: dict[int | str, dict[str, Any]] = {
    200: {"content": {YAML: {"schema": {"type": "object"}}}}
}
Number = Annotated[int | None, Query(ge=1, le=2**31 - 1)]


async def source_of(request: Request) -> str:
    """The scenario that was sent, as text."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().casefold()
    if kind not in KINDS:
        raise HTTPException(415, f"Send the scenario as {YAML} or as application/json.")
    try:
        return (await request.body()).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput("the scenario isn't UTF-8 text") from error


def kept_as(kept: Kept, response: Response) -> Scenario:
    scenario = kept.scenario
    response.status_code = 201 if kept.is_new else 200
    response.headers["Location"] = f"/v1/scenarios/{scenario.id}"
    response.headers["ETag"] = f'"{scenario.version}"'
    return Scenario.of(scenario)


@router.get("")
async def list_scenarios(
    asking: Asking, service: Service, kind: Literal["tactical", "strategic"] | None = None
) -> Scenarios:
    return listed(await service.scenarios(asking, kind))


@router.post("", status_code=201, response_model=Scenario, openapi_extra=SOURCE | KEYED)
async def create_scenario(
    request: Request, asking: Asking, service: Service, response: Response
) -> Any:
    """A new one (201), or 200 where the very same is there already."""

    async def make() -> Scenario:
        return kept_as(await service.desk.create(asking, await source_of(request)), response)

    return await once(request, response, asking, service, make)


@router.get("/schema")
async def get_schema() -> dict[str, Any]:
    """The JSON Schema of the YAML that trainers write."""
    return scenario_schema()


@router.post("/validate", openapi_extra=SOURCE)
async def validate(request: Request, asking: Asking, service: Service) -> Validation:
    """Every fault and every warning with its line; nothing is stored."""
    return Validation.of(await service.desk.check(asking, await source_of(request)))


@router.post("/try", status_code=201, response_model=Session, openapi_extra=KEYED)
async def try_scenario(
    request: Request, asking: Asking, service: Service, given: NewTry, response: Response
) -> Any:
    """A session with a scenario that isn't stored."""

    async def make() -> Session:
        scenario = await service.desk.read(asking, given.source)
        started = await service.play(
            asking, scenario, difficulty=given.difficulty, persona=given.persona, seed=given.seed
        )
        response.headers["Location"] = f"/v1/sessions/{started.id}"
        return Session.of(started)

    return await once(request, response, asking, service, make)


@router.post("/import", response_model=Arrivals, openapi_extra=BUNDLE_BODY | KEYED)
async def import_scenarios(
    request: Request,
    asking: Asking,
    service: Service,
    response: Response,
    name: Annotated[Short, Query(description="of the file, for the answer")] = "the request",
) -> Any:
    """A bundle or one file. Each file has its answer; a known id becomes its next version."""

    async def make() -> Arrivals:
        found = await service.desk.bring(asking, name, await request.body())
        return Arrivals(items=[Brought.of(one) for one in found])

    return await once(request, response, asking, service, make)


@router.post("/draft")
async def draft_scenario(asking: Asking, service: Service, given: DraftRequest) -> Draft:
    """A valid scenario to edit, from a competitive fact, a case study or a battlecard."""
    if (given.evidence is None) == (not given.items):
        raise BadInput("send either `evidence`, an id, or `items` of a battlecard")
    items = [item.evidence(item.id) for item in given.items]
    made = await service.desk.draft(asking, given.evidence, items, given.id, given.model)
    return Draft.model_validate(made)


@router.get("/bundle", response_class=Response, responses=BUNDLE)
async def get_bundle(
    asking: Asking,
    service: Service,
    ids: Annotated[list[Short], Query(alias="id", min_length=1, max_length=200)],
) -> Response:
    """Several scenarios in one zip: `?id=a&id=b`."""
    return _zipped(await service.desk.bundle(asking, ids), "scenarios")


@router.get("/{scenario_id}")
async def get_scenario(
    asking: Asking,
    service: Service,
    scenario_id: ScenarioId,
    response: Response,
    version: Number = None,
) -> Scenario:
    found = await service.scenario(asking, scenario_id, version)
    response.headers["ETag"] = f'"{found.version}"'
    return Scenario.of(found)


@router.put("/{scenario_id}", openapi_extra=SOURCE, responses={201: {"model": Scenario}})
async def put_scenario(
    request: Request,
    asking: Asking,
    service: Service,
    scenario_id: ScenarioId,
    response: Response,
) -> Scenario:
    """Its next version; honours If-Match. Sessions that run keep the version they began with."""
    source, after = await source_of(request), version_of(request)
    return kept_as(await service.desk.put(asking, scenario_id, source, after), response)


@router.delete("/{scenario_id}", status_code=204)
async def delete_scenario(asking: Asking, service: Service, scenario_id: ScenarioId) -> None:
    """Withdraws what was written here; the one that ships comes back, if there is one."""
    await service.desk.withdraw(asking, scenario_id)


@router.get("/{scenario_id}/source", response_class=Response, responses=AS_YAML)
async def get_source(
    asking: Asking, service: Service, scenario_id: ScenarioId, version: Number = None
) -> Response:
    """The whole scenario as it was written, hidden concerns included: for trainers."""
    source = await service.desk.source(asking, scenario_id, version)
    return Response(source, media_type=YAML)


@router.get("/{scenario_id}/versions")
async def get_versions(asking: Asking, service: Service, scenario_id: ScenarioId) -> Versions:
    return Versions.of(await service.desk.versions(asking, scenario_id))


@router.get("/{scenario_id}/bundle", response_class=Response, responses=BUNDLE)
async def get_own_bundle(asking: Asking, service: Service, scenario_id: ScenarioId) -> Response:
    return _zipped(await service.desk.bundle(asking, [scenario_id]), "scenario")


def _zipped(content: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}.zip"'}
    return Response(content, headers=headers, media_type=ZIP)
