"""``coach fidelity`` in the terminal: games are played, counted, and told as JSON and as a page."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from lxml import html as parser
from typer.testing import CliRunner, Result

from api.cli import app
from api.fidelity import JSON_FILE, PAGE_FILE
from api.fidelity_page import as_html
from api.staging import Staging
from coach.errors import BadInput, Misconfigured, NotFound
from tests.loopback import Loopback, answer, loopback, status
from tests.model import smollm  # noqa: F401  # a fixture

ONE = ("--scenario", "interest", "--difficulty", "normal", "--spread", "--processes", "1")


@pytest.fixture(scope="module", autouse=True)
def built(copy_of_sample: Callable[[], Path]) -> Iterator[None]:
    """The sample is indexed once for all tests of a run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            Staging,
            "build",
            lambda self, progress: (copy_of_sample() / "index").rename(self.folder / "sample"),
        )
        yield


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["fidelity", *map(str, arguments)], catch_exceptions=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a strong and a silent seller in one scenario."""
    out = tmp_path_factory.mktemp("fidelity") / "new" / "folder"
    done = run(*ONE, "--seeds", "3", "--seller", "strong", "--seller", "silent", "--out", out)
    assert "The silent seller wins nothing at normal and hard. 0 of 3" in done.stdout
    assert str(out / PAGE_FILE) in done.stdout
    return out


@pytest.fixture(scope="module")
def report(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / JSON_FILE).read_text("utf-8"))
    return found


def test_the_report_says_what_was_played_and_who_won(report: dict[str, Any]) -> None:
    assert report["played"]["sessions"] == 6
    rows = {row["seller"]: row for row in report["by_seller"]}
    assert rows["strong"]["won"] > rows["silent"]["won"] == 0
    assert report["made"]["engine"] == "embedded"
    assert report["made"]["command"].startswith("coach")


def test_the_page_is_whole_in_itself(folder: Path) -> None:
    """No script, nothing from elsewhere, and its policy allows its own style and nothing else."""
    page = (folder / PAGE_FILE).read_text("utf-8")
    tree = parser.fromstring(page)
    assert not tree.xpath("//script | //link | //img | //*[@style] | //*[@src]")
    assert not tree.xpath("//a[@href] | //*[starts-with(name(@*), 'on')]")
    style = re.search(r"<style>(.+?)</style>", page, re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    policy = tree.xpath("//meta[@http-equiv]/@content")[0]
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'"


def test_each_picture_is_a_drawing_with_a_figure_at_every_mark(
    folder: Path, report: dict[str, Any]
) -> None:
    page = (folder / PAGE_FILE).read_text("utf-8")
    pictures = re.findall(r"<svg.+?</svg>", page, re.DOTALL)
    assert len(pictures) == 3
    for picture in pictures:
        drawn = etree.fromstring(picture)
        marks = drawn.xpath("//circle[not(parent::g[not(title)])] | //rect[title]")
        assert marks
        assert all(mark.xpath("ancestor-or-self::*/title | title") for mark in marks)
    won = next(row["won"] for row in report["by_seller"] if row["seller"] == "strong")
    assert f"strong at normal: {won} of 3 won" in page


def test_what_a_buyer_or_a_trainer_wrote_stays_text(report: dict[str, Any]) -> None:
    """Words of a model or of a scenario's file can't become markup."""
    evil = "</title><script>alert(1)</script>"
    fault = {"seller": evil, "scenario": evil, "difficulty": "normal", "persona": evil}
    fault |= {"seed": 1, "kind": evil, "turn": 2, "words": evil}
    floor = {"id": "x", "claim": evil, "held": False, "found": evil, "where": [evil]}
    rows = [row | {"scenario": evil} for row in report["by_scenario"]]
    played = report["played"] | {"scenarios": [evil]}
    page = as_html(
        report
        | {"faults": [fault], "floors": [floor], "by_scenario": rows, "played": played}
        | {"made": report["made"] | {"engine": evil, "command": evil}}
    )
    assert "<script" not in page
    assert page.count("</title>") == page.count("<title>")


def test_json_is_what_a_program_reads() -> None:
    """... and a floor that fails is told by the exit code."""
    done = run(*ONE, "--seeds", "1", "--seller", "silent", "--json")
    assert json.loads(done.stdout)["played"]["sellers"] == ["silent"]
    assert done.exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "error", "told"),
    [
        (("--scenario", "nothing"), NotFound, "there is no scenario 'nothing'; there are: inter"),
        (("--seller", "nobody"), BadInput, "there is no seller 'nobody'; there are: strong"),
        (("--out", "/proc/nowhere"), BadInput, "/proc/nowhere can't be written"),
        (("--engine", "model"), Misconfigured, "no model is configured; set COACH_MODEL"),
    ],
)
def test_what_can_not_be_played_is_said_at_once(
    arguments: tuple[str, ...], error: type[Exception], told: str, tmp_path: Path
) -> None:
    with pytest.raises(error, match=re.escape(told)):
        run(*ONE, "--home", tmp_path, *arguments)


# --- with a model ---


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Loopback]:
    with loopback() as running:
        monkeypatch.setenv("COACH_MODEL_URL", running.url)
        monkeypatch.setenv("COACH_MODEL", "loopback-1")
        yield running


def spoken(tmp_path: Path, *arguments: str) -> Any:
    wanted = ("--seller", "silent", "--engine", "model", "--json", "--home", str(tmp_path))
    return run(*ONE, *wanted, *arguments)


def test_what_a_model_costs_is_said_before_it_is_asked(server: Loopback, tmp_path: Path) -> None:
    """Nothing is sent to it without a yes."""
    with pytest.raises(BadInput, match="1 sessions make about 9 calls to loopback-1, at most 40"):
        spoken(tmp_path)
    assert not server.calls


def test_a_model_that_sells_is_not_heard(server: Loopback, tmp_path: Path) -> None:
    """Its words are asked for, found out and replaced; the report tells whose stand."""
    server.behave(answer("Our solution can help your team, would you like to see it?"))
    done = spoken(tmp_path, "--yes")
    report = json.loads(done.stdout)
    assert done.exit_code == 0
    assert server.calls > report["played"]["turns"] > 2
    assert report["played"]["worded_by_model"] == 0
    assert all(floor["held"] for floor in report["floors"])


def test_a_buyer_worded_by_a_model_is_measured_the_same_way(
    server: Loopback, tmp_path: Path
) -> None:
    """What a model may say counts as its own: one turn stands, the same words again don't."""
    server.behave(answer("I would like to know more about that."))
    report = json.loads(spoken(tmp_path, "--yes").stdout)
    assert 0 < report["played"]["worded_by_model"] < report["played"]["turns"]


def test_a_model_that_fails_is_told_from_one_that_speaks(server: Loopback, tmp_path: Path) -> None:
    """The embedded voice stepped in, and the report counts it."""
    server.behave(status(401))
    report = json.loads(spoken(tmp_path, "--yes").stdout)
    assert report["played"]["worded_by_model"] == 0
    assert all(floor["held"] for floor in report["floors"])


@pytest.mark.slow
@pytest.mark.scale  # two minutes; CI lets that model speak in test_model_path and test_real_model
@pytest.mark.model
@pytest.mark.timeout(300)
def test_a_real_small_model_is_measured(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    smollm: str,  # noqa: F811  # the fixture
) -> None:
    """Whatever it says, code decides: nobody who is silent wins, and nothing is let go early."""
    monkeypatch.setenv("COACH_MODEL_URL", smollm)
    monkeypatch.setenv("COACH_MODEL", "smollm2-135m")
    report = json.loads(spoken(tmp_path, "--yes").stdout)
    held = {floor["id"] for floor in report["floors"] if floor["held"]}
    assert {"silent-never-wins", "early_concession", "ends"} <= held
    assert report["played"]["turns"] > 2
