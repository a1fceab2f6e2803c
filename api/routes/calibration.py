"""How far the coach's verdicts agree with people's: sheets to label, and what comes of them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.dependencies import Asking, Service
from api.label_sheet import as_csv
from api.schemas_calibration import Agreement, Agreements, NewLabels, Score
from coach.calibration import Label

router = APIRouter(prefix="/v1/calibration", tags=["calibration"])

CSV = "text/csv"
AS_CSV: dict[int | str, dict[str, Any]] = {
    200: {"content": {CSV: {"schema": {"type": "string"}}}, "description": "A sheet to fill in."}
}


@router.get("")
async def list_agreements(asking: Asking, service: Service) -> Agreements:
    """What holds now: an advisory check is shown with its agreement, and leaves the score."""
    found = await service.calibration.agreements(asking)
    return Agreements(items=[Agreement.model_validate(one) for one in found])


@router.get("/sheet", response_class=Response, responses=AS_CSV)
async def get_sheet(
    asking: Asking,
    service: Service,
    count: Annotated[int, Query(ge=1, le=5_000)] = 200,
    seed: Annotated[int, Query(ge=0, le=2**31 - 1)] = 1,
    with_verdicts: bool = False,
) -> Response:
    """Replies of stored sessions with a question each, balanced over checks and verdicts.

    Trainers only. `with_verdicts` adds what the coach said, which leads the hand that labels.
    """
    rows = await service.calibration.sheet(asking, count, seed)
    headers = {"Content-Disposition": 'attachment; filename="labels.csv"'}
    return Response(as_csv(rows, with_verdicts=with_verdicts), headers=headers, media_type=CSV)


@router.post("/labels")
async def score_labels(asking: Asking, service: Service, given: NewLabels) -> Score:
    """Agreement by check, between the coach and people and among people; trainers only."""
    labels = [Label(one.row, one.rater, one.verdict) for one in given.labels]
    return Score.of(await service.calibration.score(asking, labels, keep=given.keep))
