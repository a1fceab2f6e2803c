"""The knowledge base as a whole: comparisons and checks, over HTTP and from the terminal."""

from __future__ import annotations

import json
from datetime import date
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from coach.errors import Unavailable
from tests.api.conftest import Run
from tests.canned import FACTS, ITEM, RUMOUR
from tests.fakes_service import FakeService

NAME = "oster & <wave>"
URL = f"/v1/compare/{quote(NAME)}"


class TestCompare:
    """GET /v1/compare/{competitor} and coach compare."""

    def test_a_comparison_adds_up(self, client: TestClient) -> None:
        """Rows by criterion, totals over what is current, and nothing internal."""
        body = client.get(URL).json()
        assert body["competitor"] == "Oster & <Wave>"
        assert [row["criterion"] for row in body["rows"]] == ["<b>API</b>", "offer", "price"]
        assert [row["stale"] for row in body["rows"]] == [False, True, False]
        assert body["totals"] == {
            "ahead": 1,
            "behind": 1,
            "even": 0,
            "mixed": 0,
            "unstated": 0,
            "stale": 1,
        }
        assert body["summary"] == (
            "Against Oster & <Wave> we are ahead in 1, behind in 1, even in 0 "
            "(1 out of date, not counted)."
        )
        row = body["rows"][2]
        assert (row["us"], row["them"]) == (FACTS[0].us, FACTS[0].them)
        assert (row["ahead"], row["as_of"]) == ("them", "2026-09-01")
        assert "text" not in row

    @pytest.mark.parametrize("form", ["json", "md", "html"])
    def test_internal_facts_never_reach_a_customer(self, client: TestClient, form: str) -> None:
        """In no format; asked for, they come with a warning."""
        shown = client.get(URL, params={"format": form}).text
        assert "Secretly" not in shown
        assert "discounts" not in shown
        ours = client.get(URL, params={"format": form, "internal": "true"}).text
        assert "Secretly 20%." in ours
        assert ('"for_customer":false' if form == "json" else "For coaching only") in ours

    def test_as_html_it_is_escaped_and_marked(self, client: TestClient) -> None:
        """No word of a fact becomes markup; what ran out is marked; no script could run."""
        answer = client.get(URL, params={"format": "html"})
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert "<h1>Us and Oster &amp; &lt;Wave&gt;</h1>" in answer.text
        assert "&lt;b&gt;API&lt;/b&gt;" in answer.text
        assert "<b>" not in answer.text
        assert answer.text.count('<tr class="stale">') == 1
        assert "out of date since 2026-10-01" in answer.text

    def test_as_markdown_it_is_one_sound_table(self, client: TestClient) -> None:
        """Each row has six cells, whatever signs a fact holds."""
        answer = client.get(URL, params={"format": "md"})
        assert answer.headers["content-type"].startswith("text/markdown")
        table = [line for line in answer.text.splitlines() if line.startswith("|")]
        assert len(table) == 5
        assert {line.replace("\\|", "").count("|") for line in table} == {7}
        assert "They \\*don't\\*." in answer.text
        assert "**(out of date since 2026-10-01)**" in table[3]

    def test_an_unknown_competitor_is_told_who_is_known(self, client: TestClient) -> None:
        """As a problem, 404; the CLI says it in one line."""
        answer = client.get("/v1/compare/Acme")
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
        assert "there are facts about Oster & <Wave>" in answer.json()["detail"]
        assert client.get("/v1/compare/a%2Fb").status_code == 404
        assert client.get("/v1/compare/a%0Ab").status_code == 404
        assert client.get(URL, params={"format": "pdf"}).status_code == 422

    def test_the_command_prints_what_the_api_answers(self, run: Run, client: TestClient) -> None:
        """In each format, and as words for people."""
        for form in ("md", "html"):
            answer = client.get(URL, params={"format": form}).text
            assert run("compare", NAME, "--format", form) == (0, answer, "")
        code, out, _ = run("compare", NAME, "--format", "json")
        assert (code, json.loads(out)) == (0, client.get(URL).json())
        code, out, _ = run("compare", NAME)
        assert code == 0
        assert "price: They lead\n" in out
        assert "offer: They lead (out of date since 2026-10-01)" in out
        assert "us: We cost 11.50 EUR." in out
        assert "Secretly" not in out
        assert "discounts: Not stated (internal)" in run("compare", NAME, "--internal")[1]

    def test_the_command_names_the_known_ones(self, run: Run) -> None:
        """In one line, exit 1."""
        code, out, err = run("compare", "../evidence")
        assert (code, out) == (1, "")
        assert "there are facts about Oster & <Wave>" in err
        assert err.count("\n") == 1

    def test_the_sample_is_compared(self, coach: TestClient) -> None:
        """For each shipped competitor rows and honest totals, and nothing internal."""
        for name in ("Meridant", "pellicom", "OSTERWAVE"):
            body = coach.get(f"/v1/compare/{name}").json()
            assert len(body["rows"]) == sum(body["totals"].values()) >= 11
            assert sum(row["ahead"] == "them" for row in body["rows"]) >= 3
            assert not any(row["internal"] for row in body["rows"])
            assert all(row["source"] and row["as_of"] for row in body["rows"])
        assert "Meridant, Osterwave, Pellicom" in coach.get("/v1/compare/x").json()["detail"]


class TestCheck:
    """GET /v1/evidence/check and coach knowledge check."""

    def test_findings_come_errors_first(self, client: TestClient, service: FakeService) -> None:
        """Counted by severity; ok as long as none is an error."""
        service.kept_items.append(ITEM.model_copy(update={"id": "x", "source": None}))
        body = client.get("/v1/evidence/check").json()
        assert (body["ok"], body["checked"], body["today"]) == (False, 3, "2026-11-23")
        assert body["counts"]["error"] == 1
        assert sum(body["counts"].values()) == len(body["items"])
        first = body["items"][0]
        assert first.keys() == {"code", "severity", "message", "evidence_ids"}
        assert (first["code"], first["severity"]) == ("missing_source", "error")
        assert first["evidence_ids"] == ["x"]

    def test_the_exit_code_is_for_machines(self, run: Run, service: FakeService) -> None:
        """0 without errors, 1 with one; with --strict a warning is enough."""
        code, out, _ = run("knowledge", "check")
        assert code == 0
        assert "warning: stale (1)\n    case/nordhavn 1 is out of date since 2025-05-14" in out
        assert "2 items checked as of 2026-11-23: 0 error" in out
        assert run("knowledge", "check", "--strict")[0] == 1
        service.kept_items.append(RUMOUR.model_copy(update={"id": "x", "position": None}))
        assert run("knowledge", "check")[0] == 1

    def test_json_is_what_the_api_answers(self, run: Run, client: TestClient) -> None:
        """Field for field, also where the exit code says no."""
        code, out, _ = run("knowledge", "check", "--json", "--strict")
        assert (code, json.loads(out)) == (1, client.get("/v1/evidence/check").json())

    def test_many_findings_are_cut_for_people(self, run: Run, service: FakeService) -> None:
        """Twenty of a kind are shown, the others counted."""
        service.kept_items += [RUMOUR.model_copy(update={"id": f"r{n}"}) for n in range(30)]
        out = run("knowledge", "check")[1]
        assert "info: missing owner (32)" in out
        assert "and 12 more; --json has all" in out

    def test_a_failure_is_one_line(self, run: Run, service: FakeService) -> None:
        """Like everywhere."""
        service.fails = Unavailable("the index doesn't answer; try again")
        assert run("knowledge", "check") == (1, "", "coach: the index doesn't answer; try again\n")

    @pytest.mark.slow
    def test_the_sample_has_only_what_is_stale_on_purpose(self, coach: TestClient) -> None:
        """Every sector, region and competitor that is practised on is covered."""
        body = coach.get("/v1/evidence/check").json()
        assert body["ok"]
        assert date.fromisoformat(body["today"])
        told = {item["code"] for item in body["items"]}
        assert not told & {"contradiction", "near_duplicate", "missing_source"}
        if body["today"] < "2026-12-31":
            assert told <= {"stale", "soon_stale"}

    @pytest.mark.slow
    def test_coverage_is_told_by_sector_and_scenario(self, coach: TestClient) -> None:
        """What may be shown, by kind; and the worries to which nothing can be quoted."""
        body = coach.get("/v1/evidence/check").json()
        sectors = {row["sector"]: row["counts"] for row in body["sectors"]}
        assert sectors["retail"]["case_study"] >= 1
        assert sectors[None]["product_fact"] >= 1
        assert {one["id"] for one in body["scenarios"]} >= {"interest", "trust-true-rumour"}
        assert all(one["unanswered"] == [] for one in body["scenarios"])
