"""What the people whom somebody trains can do, and who needs what."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.dependencies import Asking, Service
from api.schemas_teams import Skills
from api.trained import TheTrained
from coach.errors import BadInput
from coach.progress.team import Axis
from coach.progress.team_book import MOST_WEEKS, WEEKS, Asked

router = APIRouter(prefix="/v1/teams", tags=["accounts"])


def asked_of(
    trained: TheTrained,
    rows: Axis = Axis.PERSON,
    columns: Axis = Axis.CHECK,
    weeks: Annotated[int, Query(ge=1, le=MOST_WEEKS)] = WEEKS,
) -> Asked:
    if rows is columns or columns is Axis.PERSON:
        raise BadInput("rows and columns are two different things, and people stand in rows")
    return Asked(trained.people, rows, columns, weeks)


AskedOfTeam = Annotated[Asked, Depends(asked_of)]


@router.get("/skills")
async def get_skills(asking: Asking, service: Service, asked: AskedOfTeam) -> Skills:
    """How often checks were kept, by person, check, scenario or week, and who needs what."""
    return Skills.of(await service.skills.overview(asking, asked), asked)
