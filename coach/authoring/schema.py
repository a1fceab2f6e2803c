"""The JSON Schema of a scenario, for editors and for other people's programs."""

from __future__ import annotations

from functools import cache
from typing import Any

from coach.scenario import Scenario


@cache
def scenario_schema() -> dict[str, Any]:
    schema = Scenario.model_json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "Scenario of the objection coach",
        "description": (
            "What is practised. `coach scenario validate FILE` checks more than this schema can: "
            "slots in lines, rubrics that name needs, and what the evidence says."
        ),
    }
