"""What /openapi.json says of each route: what it does, an example, and every way it can fail."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from api.app import create_app

READ = ("application/json", "application/problem+json")


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    return create_app(lambda: pytest.fail("its description needs no service")).openapi()


def operations(described: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method} {path}", asked)
        for path, methods in described["paths"].items()
        for method, asked in methods.items()
    ]


def test_each_route_is_described_with_examples(described: dict[str, Any]) -> None:
    """A summary, an example for each parameter, body and answer; each is what its schema allows."""
    refs = {"components": described["components"]}
    for name, asked in operations(described):
        assert asked["summary"], name
        assert asked["description"], name
        assert all("example" in one for one in asked.get("parameters", ())), name
        contents = [asked.get("requestBody", {}).get("content", {})]
        contents += [answer.get("content", {}) for answer in asked["responses"].values()]
        for content in contents:
            for kind, shown in content.items():
                if kind in READ:
                    Draft202012Validator({**shown["schema"], **refs}).validate(shown["example"])
                elif kind.startswith("text/"):
                    assert shown["example"], name


def test_each_error_of_a_route_is_told(described: dict[str, Any]) -> None:
    """Each as a problem, or as OpenAI tells it; nothing is left to a range."""
    for name, asked in operations(described):
        statuses = set(asked["responses"])
        assert not statuses & {"4XX", "5XX", "default"}, name
        if name == "get /healthz":
            continue
        assert {"401", "403", "429", "500", "503"} <= statuses, name
        if "{" in name:
            assert "404" in statuses, name
        if "requestBody" in asked:
            assert {"400", "413", "415"} <= statuses, name
        for status in (s for s in statuses if s >= "400" and (name, s) != ("get /readyz", "503")):
            (shown,) = asked["responses"][status]["content"].values()
            assert shown["schema"]["$ref"].endswith(("/Problem", "/OpenAIError")), (name, status)
    assert "HTTPValidationError" not in str(described)
