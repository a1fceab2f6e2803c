"""Prioritising over HTTP and in the terminal: a table in, a ranking and a picture out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from lxml import etree
from openpyxl import Workbook
from typer.testing import CliRunner

from api.cli import app
from coach.errors import BadInput

TABLE = """Customer;Potential revenue;Market size;Alignment;Owner
Nordhafen Kliniken;€ 120.000,50;900;4;Ana
Alba Hotels;300k;100;2;Bo
<b>Quent</b> & Söhne;80.000;1200;5;Cy
Zeta Group;80.000;;3;Di
"""
BODY = {
    "customers": [
        {"name": "Alba", "values": {"revenue": 300, "fit": 2}},
        {"name": "<script>Quent", "values": {"revenue": 80, "fit": 5}},
    ],
    "criteria": [{"id": "revenue", "weight": 3}, {"id": "fit", "weight": 2}],
}


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "customers.csv"
    path.write_text(TABLE, "utf-8")
    return path


def run(*arguments: object) -> str:
    result = CliRunner().invoke(app, ["prioritise", *map(str, arguments)], catch_exceptions=False)
    return result.stdout


def test_a_table_is_ranked_by_every_column_of_numbers(table: Path) -> None:
    """Currencies, thousands and k are read; who owns the account is no criterion."""
    found = json.loads(run(table, "--json"))
    assert list(found["weights"]) == ["Potential revenue", "Market size", "Alignment"]
    assert found["places"][0]["name"] == "<b>Quent</b> & Söhne"
    assert found["places"][-1]["missing"] == ["Market size"]
    alba = next(p for p in found["places"] if p["name"] == "Alba Hotels")
    assert alba["parts"]["Potential revenue"] == pytest.approx(100 / 3)


def test_weights_decide_and_the_terminal_says_what_would_change_it(table: Path) -> None:
    told = run(table, "--weights", "potential_revenue=6, market size=3, alignment=2")
    assert "Weights: Potential revenue 55%, Market size 27%, Alignment 18%" in told
    assert "Alba Hotels comes first" in told
    assert "instead of 55%" in told
    assert "count as the worst" in told


def test_less_can_be_better(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("name,weeks to close\nslow,30\nquick,4\n")
    assert (
        json.loads(run(path, "--lower", "weeks_to_close", "--json"))["places"][0]["name"] == "quick"
    )


def test_an_excel_table_is_read_too(tmp_path: Path) -> None:
    book = Workbook()
    for row in (["account", "revenue"], ["a", 10.5], ["b", 12]):
        book.active.append(row)
    book.save(tmp_path / "c.xlsx")
    assert json.loads(run(tmp_path / "c.xlsx", "--json"))["places"][0]["name"] == "b"


@pytest.mark.parametrize("name", ["p.svg", "p.html"])
def test_the_picture_holds_every_name_as_plain_text(table: Path, tmp_path: Path, name: str) -> None:
    run(table, "--picture", tmp_path / name)
    written = (tmp_path / name).read_text("utf-8")
    assert "<b>" not in written
    assert "&lt;b&gt;Quent&lt;/b&gt; &amp; Söhne" in written
    if name.endswith(".svg"):
        bars = etree.fromstring(written.encode()).iter("{http://www.w3.org/2000/svg}title")
        assert {title.text.split(":")[0] for title in bars if title.text} == {
            "Potential revenue", "Market size", "Alignment",
        }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "more", "words"),
    [
        ("name,revenue\na,1\nb,many\n", ["--weights", "revenue=1"], "row 2: 'revenue' is 'many'"),
        ("name,revenue\na,1\nb,2\n", ["--weights", "growth=1"], "no column 'growth'"),
        ("name,revenue\na,1\nb,2\n", ["--weights", "revenue"], "write column=number"),
        ("name,revenue\na,1\nb,2\n", ["--lower", "growth"], "no column 'growth'"),
        ("name,owner\na,x\nb,y\n", [], "no column of numbers"),
        ("name,revenue\na,1\n", [], "2 to 5,000 customers"),
        ("name,revenue\na,1\na,2\n", [], "twice"),
        ("name,revenue\na,1\nb,2\n", ["--picture", "p.gif"], ".svg or .html"),
    ],
)
def test_a_table_that_cant_be_ranked_says_where_and_why(
    tmp_path: Path, content: str, more: list[str], words: str
) -> None:
    path = tmp_path / "c.csv"
    path.write_text(content)
    with pytest.raises(BadInput, match=words):
        run(path, *more)


def test_the_api_ranks_and_draws(client: TestClient) -> None:
    answer = client.post("/v1/prioritise", json=BODY)
    assert answer.status_code == 200
    found = answer.json()
    assert [place["name"] for place in found["places"]] == ["Alba", "<script>Quent"]
    assert found["tipping"][0]["criterion"] in ("revenue", "fit")
    svg = client.post("/v1/prioritise?format=svg", json=BODY)
    assert svg.headers["content-type"].startswith("image/svg+xml")
    page = client.post("/v1/prioritise?format=html", json=BODY)
    assert "<script" not in svg.text + page.text


@pytest.mark.parametrize(
    "change",
    [
        {"customers": []},
        {"criteria": [{"id": "revenue", "weight": -1}]},
        {"criteria": [{"id": "revenue", "weight": 0}, {"id": "fit", "weight": 0}]},
        {"criteria": [{"id": "revenue"}]},
        {"more": 1},
    ],
)
def test_the_api_refuses_what_cant_be_ranked(client: TestClient, change: dict[str, object]) -> None:
    answer = client.post("/v1/prioritise", json={**BODY, **change})
    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("application/problem+json")
