"""What can be practised."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter

from api.dependencies import ScenarioId, Service
from api.schemas import Scenario, Scenarios, listed

router = APIRouter(prefix="/v1/scenarios", tags=["scenarios"])


@router.get("")
async def list_scenarios(
    service: Service, kind: Literal["tactical", "strategic"] | None = None
) -> Scenarios:
    return listed(service.scenarios(kind))


@router.get("/{scenario_id}")
async def get_scenario(service: Service, scenario_id: ScenarioId) -> Scenario:
    return Scenario.of(service.scenario(scenario_id))
