"""Answers of a form, whatever the server can: validated, repaired once, and the way remembered."""

from __future__ import annotations

from typing import Any

import pytest

from coach.errors import ModelFailed
from coach.llm import LanguageModel
from coach.models import Receipt
from tests.coach.llm.asked import GOOD, PROMPT, SCHEMA, VARIABLES, formed, using
from tests.loopback import Behaviour, Loopback, answer, status
from tests.misbehaving import by_tool, unable


class TestStructured:
    def test_an_answer_that_fits_comes_back(self, server: Loopback) -> None:
        server.behave(answer(GOOD))
        assert using(server.url, formed) == {"verdict": "yes", "quote": "What would"}
        asked = server.bodies[0]["response_format"]
        assert asked["type"] == "json_schema"
        assert asked["json_schema"]["schema"]["properties"] == SCHEMA["properties"]

    def test_json_in_a_code_fence_is_taken(self, server: Loopback) -> None:
        server.behave(answer(f"Here you are:\n```json\n{GOOD}\n```"))
        assert using(server.url, formed)["verdict"] == "yes"
        assert server.calls == 1

    @pytest.mark.parametrize(
        ("first", "complaint"),
        [
            (answer("not json"), "not JSON"),
            (answer('{"verdict": "maybe", "quote": ""}'), "'maybe' is not one of"),
            (answer('{"verdict": "yes"}'), "'quote' is a required property"),
            (answer('{"verdict": "yes", "quote": "' + " " * 50, finish="length"), "not JSON"),
        ],
    )
    def test_one_repair_is_asked_for_with_what_was_wrong(
        self, server: Loopback, first: Behaviour, complaint: str
    ) -> None:
        server.behave(first, answer(GOOD))
        assert using(server.url, formed)["verdict"] == "yes"
        assert server.calls == 2
        assert complaint in server.bodies[1]["messages"][-1]["content"]

    @pytest.mark.parametrize("text", ["not json", "[]", '{"verdict": 7, "quote": ""}'])
    def test_a_second_misfit_is_a_failure(self, server: Loopback, text: str) -> None:
        server.behave(answer(text))
        with pytest.raises(ModelFailed, match="didn't have the form"):
            using(server.url, formed)
        assert server.calls == 2


def ways(server: Loopback) -> list[str]:
    """How each request asked for the form."""
    names = {"response_format": "schema", "tools": "tool"}
    return [next((w for key, w in names.items() if key in b), "text") for b in server.bodies]


async def twice(model: LanguageModel) -> list[dict[str, Any]]:
    return [await formed(model), await formed(model)]


class TestWays:
    def test_a_server_without_json_schema_is_asked_by_a_tool_call(self, server: Loopback) -> None:
        """And from then on at once."""
        server.behave(by_tool(GOOD))
        assert [one["verdict"] for one in using(server.url, twice)] == ["yes", "yes"]
        assert ways(server) == ["schema", "tool", "tool"]

    def test_a_server_that_can_do_neither_is_told_the_form_in_words(self, server: Loopback) -> None:
        """Its text is read, and from then on that is the way."""
        server.behave(unable("response_format", "tools", text=f"Sure!\n```json\n{GOOD}\n```"))
        assert [one["verdict"] for one in using(server.url, twice)] == ["yes", "yes"]
        assert ways(server) == ["schema", "tool", "text", "text"]
        assert '"enum": ["yes", "no"]' in server.bodies[-1]["messages"][-1]["content"]

    def test_a_way_whose_answers_never_fit_is_left(self, server: Loopback) -> None:
        """One that was right before isn't."""
        server.behave(*[answer("no form at all")] * 2, by_tool(GOOD), answer("not now"))

        async def three(model: LanguageModel) -> dict[str, Any]:
            with pytest.raises(ModelFailed, match="the form"):
                await formed(model)
            found = await formed(model)
            with pytest.raises(ModelFailed, match="the form"):
                await formed(model)
            return found

        assert using(server.url, three)["verdict"] == "yes"
        assert ways(server) == ["schema", "schema", "tool", "tool", "tool"]

    def test_what_is_wrong_with_all_ways_is_said(self, server: Loopback) -> None:
        """A key that is refused isn't taken for a lack of forms."""
        server.behave(status(401))
        with pytest.raises(ModelFailed, match="401"):
            using(server.url, formed)
        assert ways(server) == ["schema"]

    def test_the_receipt_counts_the_repair(self, server: Loopback) -> None:
        """Both answers are paid for."""
        server.behave(answer("not json"), answer(GOOD))
        receipt = Receipt()
        using(server.url, lambda model: model.structured(PROMPT, VARIABLES, SCHEMA, receipt))
        assert (receipt.tries, receipt.tokens_in, receipt.tokens_out) == (2, 14, 6)
        assert (receipt.failure, receipt.estimated) == ("", False)
