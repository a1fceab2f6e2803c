"""A transcript shows what was said, and nothing that was typed does anything."""

from __future__ import annotations

import csv
import io
import re

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from api.transcript import csv_cell, markdown_text
from tests.fakes_service import FakeService

NASTY = (
    "<img src=x onerror=alert(1)><script>alert(1)</script>\n"
    "# Heading\n- item\n1. one\n![i](http://evil.example/x.png) [l](javascript:alert(1))\n"
    "    code `tick` **bold** | a | b |\n---\n=cmd|' /C calc'!A0 \"quoted\" \x1b[31mred"
)


def document(client: TestClient, session: str, form: str) -> tuple[str, str]:
    response = client.get(f"/v1/sessions/{session}/transcript?format={form}")
    assert response.status_code == 200
    return response.text, response.headers["content-type"]


@pytest.fixture
def told(client: TestClient, service: FakeService, session: str) -> str:
    """A session in which both sides said nasty things."""
    service.reply = NASTY
    client.post(f"/v1/sessions/{session}/turns", json={"text": NASTY})
    return session


def test_json_is_the_session(client: TestClient, told: str) -> None:
    """The same as asking for the session, and the default."""
    session = client.get(f"/v1/sessions/{told}").json()
    response = client.get(f"/v1/sessions/{told}/transcript")
    assert response.json() == session


def test_html_shows_tags_as_text(client: TestClient, told: str) -> None:
    """No tag of the text survives, and the page's policy allows nothing but its own style."""
    text, kind = document(client, told, "html")
    assert kind.startswith("text/html")
    assert "&lt;img src=x onerror=alert(1)&gt;" in text
    assert not re.search(r"<(img|script)", text)
    assert "\x1b" not in text
    headers = client.get(f"/v1/sessions/{told}/transcript?format=html").headers
    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")


def test_markdown_renders_to_plain_text(client: TestClient, told: str) -> None:
    """A renderer that lets HTML through still finds none, no image, link, list or heading."""
    text, kind = document(client, told, "md")
    assert kind.startswith("text/markdown")
    html = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(text)
    quotes = re.findall(r"<blockquote>(.*?)</blockquote>", html, re.S)
    assert len(quotes) == 3
    for quote in quotes:
        assert set(re.findall(r"</?([a-z0-9]+)", quote)) <= {"p"}
    assert "alert(1)" in html


@given(st.text(max_size=60))
def test_any_markdown_stays_text(text: str) -> None:
    """Whatever is typed becomes paragraphs, nothing else."""
    quoted = "\n".join(f"> {line}" for line in markdown_text(text).split("\n"))
    html = MarkdownIt("commonmark", {"html": True}).enable(["table"]).render(quoted)
    assert set(re.findall(r"<([a-z0-9]+)", html)) <= {"p", "blockquote"}


def test_csv_is_no_formula(client: TestClient, told: str) -> None:
    """Each turn is a row; a cell that a spreadsheet would run starts with an apostrophe."""
    text, kind = document(client, told, "csv")
    assert kind.startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["index"] for row in rows] == ["0", "1", "2"]
    assert rows[1]["speaker"] == "seller"
    assert rows[1]["yes"] == "r0"
    assert "<script>" in rows[1]["text"]


@pytest.mark.parametrize(
    "start", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "\n=1"]
)
def test_a_cell_that_looks_like_a_formula_is_marked(start: str) -> None:
    """Also behind white space and in full-width letters."""
    assert csv_cell(start).startswith("'")
    assert csv_cell("Fine = good") == "Fine = good"


def test_an_unknown_format_is_refused(client: TestClient, session: str) -> None:
    """What there is stands in the answer."""
    assert client.get(f"/v1/sessions/{session}/transcript?format=docx").status_code == 422
    assert client.get("/v1/sessions/none/transcript").status_code == 404
