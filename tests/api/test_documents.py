"""A session to keep or to print: each form of its debrief and of its transcript."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from fastapi.testclient import TestClient

from tests.api.conftest import Run
from tests.fakes_service import FakeService

NASTY = "<img src=x onerror=alert(1)> Łódź 東京 👍\n# Heading\n![i](http://evil.example/x.png)"


@pytest.fixture
def told(client: TestClient, service: FakeService, session: str) -> str:
    """A session that has ended, in which nasty things were said."""
    service.reply = NASTY
    client.post(f"/v1/sessions/{session}/turns", json={"text": NASTY})
    client.post(f"/v1/sessions/{session}/end")
    return session


def words_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return "".join(page.get_textpage().get_text_range() for page in document)


@pytest.mark.parametrize(
    ("form", "kind"), [("md", "text/markdown"), ("html", "text/html"), ("pdf", "application/pdf")]
)
def test_a_debrief_comes_in_the_form_asked_for(
    client: TestClient, told: str, form: str, kind: str
) -> None:
    response = client.get(f"/v1/sessions/{told}/debrief?format={form}")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith(kind)
    text = words_of(response.content) if form == "pdf" else response.text
    assert "Question 0?" in text
    assert "trust-unknown again" in text


def test_json_is_the_default(client: TestClient, told: str) -> None:
    plain = client.get(f"/v1/sessions/{told}/debrief")
    assert plain.json() == client.get(f"/v1/sessions/{told}/debrief?format=json").json()
    assert client.get(f"/v1/sessions/{told}/debrief?format=docx").status_code == 422


def test_a_transcript_prints_names_as_they_are_written(client: TestClient, told: str) -> None:
    """What the font lacks is a box, and nothing of the text is anything but text."""
    response = client.get(f"/v1/sessions/{told}/transcript?format=pdf")
    assert response.headers["content-type"] == "application/pdf"
    text = words_of(response.content)
    assert "<img src=x onerror=alert(1)> Łódź" in text


def test_the_debrief_of_a_running_session_is_refused_in_every_form(
    client: TestClient, session: str
) -> None:
    for form in ("json", "md", "html", "pdf"):
        assert client.get(f"/v1/sessions/{session}/debrief?format={form}").status_code == 409


def test_the_terminal_prints_or_writes_a_file(run: Run, tmp_path: Path) -> None:
    """One page as PDF; a file that can't be written is told in one line."""
    run("practise", "trust-unknown", typed="Hello\n/end\n")
    assert run("debrief", "s1")[1].startswith("# Debrief")
    out = tmp_path / "page.pdf"
    code, printed, _ = run("debrief", "s1", "--format", "pdf", "-o", str(out))
    assert (code, printed) == (0, "")
    assert out.read_bytes().startswith(b"%PDF-")
    code, _, err = run("debrief", "s1", "-o", str(tmp_path / "none" / "x.md"))
    assert code != 0
    assert err.strip().splitlines()[-1].endswith("can't be written: No such file or directory")
