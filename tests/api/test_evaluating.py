"""``coach eval`` from the command line, with models that answer on loopback."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.eval_page import as_html
from api.wiring import open_index
from coach.settings import Settings
from tests.api.conftest import Run
from tests.loopback import Behaviour, Handler, answer, loopback

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
LINE = re.compile(r"<<<line (\w+)\n(.*?)\n\1>>>", re.DOTALL)
OWN = """
cases:
  - id: ours-asks-openly
    job: voice
    scenario: trust-unknown
    said: [What would help you to trust a new name?]
"""


def honest() -> Behaviour:
    """Says the very line that it was to word: as good as a model can be, and no better."""

    def behave(to: Handler, body: dict[str, Any]) -> None:
        if body.get("stream"):
            found = LINE.search(body["messages"][-1]["content"])
            answer(found[2] if found else "")(to, body)
        else:
            answer("no JSON, sorry")(to, body)  # so that the embedded judge steps in

    return behave


def test_models_are_told_apart_and_a_run_goes_on_where_it_broke_off(
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    copy_of_sample: Callable[[], Path],
) -> None:
    """The honest one passes, the one that falls out of its role is served but not passed; what
    was answered once is not asked again."""
    indexed = Settings(home=copy_of_sample())  # so that it isn't built for each command
    monkeypatch.setattr("api.rehearsing.open_index", lambda _: open_index(indexed))
    folder, report, prices = tmp_path / "more", tmp_path / "report", tmp_path / "prices.json"
    folder.mkdir()
    (folder / "own.yaml").write_text(OWN, encoding="utf-8")
    prices.write_text('{"loopback-1": {"input": 1000, "output": 1000}}', encoding="utf-8")
    asked = ("--only", "ours-", "--cases", str(folder), "--report", str(report))
    with loopback() as server:
        monkeypatch.setenv("COACH_MODEL_URL", server.url)
        server.behave(honest())
        first = ("eval", *asked, "--model", "loopback-1", "--prices", str(prices), "--json")
        code, out, err = run(*first)
        assert code == 0, err
        shares = {row["engine"]: row for row in json.loads(out)["jobs"]}
        assert [row["passed"] for row in shares.values()] == [1, 1], json.loads(out)["failures"]
        cost = json.loads(out)["costs"][1]
        assert cost["money"] == round((cost["tokens_in"] + cost["tokens_out"]) / 1000, 4) > 0
        calls = server.calls

        with (report / "results.jsonl").open("a", encoding="utf-8") as file:
            file.write('{"engine": "loopback-1", "ca')  # killed in the middle of a line
        assert run(*first)[0] == 0
        assert server.calls == calls

        server.behave(answer("As an AI I have no worries. How can I help you today?"))
        _, out, _ = run("eval", *asked, "--model", "loopback-1", "--model", "other", "--json")
        found = json.loads(out)
        rows = {(g["engine"], g["grade"]): g["passed"] for g in found["grades"]}
        assert rows["other", "own_words"] == 0
        assert rows["other", "in_role"] == 1, "what was served is the written line"
        assert found["failures"][0]["engine"] == "other"
    page = (report / "eval.html").read_text(encoding="utf-8")
    assert page == as_html(json.loads((report / "eval.json").read_text(encoding="utf-8")))
    assert page.count("<svg") == 1
    assert "<script" not in page


def test_what_cannot_be_run_is_told(run: Run, tmp_path: Path) -> None:
    """No folder, no prices, no model server: one line each, before anything is run."""
    assert run("eval", "--cases", str(tmp_path / "none"))[0] == 2
    (tmp_path / "prices.json").write_text("[]", encoding="utf-8")
    code, _, err = run("eval", "--prices", str(tmp_path / "prices.json"))
    assert (code, "holds no prices" in err) == (2, True)
    assert "set COACH_MODEL_URL" in run("eval", "--model", "gpt-x")[2]
    assert "no case fits" in run("eval", "--only", "nothing-like-it")[2]
