"""Evidence sent in over HTTP: a real application over a real index and a real database."""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.wiring import build_service
from coach.settings import Settings
from tests.api.conftest import HERE

FACT = """---
id: {id}
kind: product_fact
title: {title}
---
{text}
"""


@pytest.fixture(scope="module")
def real(copy_of_sample: Callable[[], Path]) -> Iterator[TestClient]:
    settings = Settings(home=copy_of_sample())
    with TestClient(create_app(lambda: build_service(settings)), base_url=HERE) as client:
        yield client


def fact(number: int | str, text: str = "") -> bytes:
    title = f"Ferry timetable {number}"
    text = text or f"The ferry number {number} leaves the northern quay at dawn."
    return FACT.format(id=f"ferry-{number}", title=title, text=text).encode()


def sent(client: TestClient, *files: tuple[str, bytes], **more: Any) -> dict[str, Any]:
    """The import that came of it, ended."""
    parts = [("files", (name, content)) for name, content in files]
    return ended(client, client.post("/v1/evidence", files=parts, **more))


def ended(client: TestClient, answer: Any) -> dict[str, Any]:
    assert answer.status_code == 202, answer.text
    body = answer.json()
    assert answer.headers["location"] == f"/v1/imports/{body['import']}"
    until = time.monotonic() + 60
    while time.monotonic() < until:
        found: dict[str, Any] = client.get(answer.headers["location"]).json()
        if found["status"] in ("done", "failed"):
            return found
        time.sleep(0.05)
    raise AssertionError(f"the import hasn't ended: {found}")


def problem(answer: Any, status: int, about: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert about in answer.json()["detail"]


class TestFiles:
    def test_sixty_files(self, real: TestClient) -> None:
        """Each has its line in the report, and what it says is found."""
        done = sent(real, *[(f"ferry-{n}.md", fact(n)) for n in range(60)])
        assert (done["status"], done["done"], done["total"]) == ("done", 60, 60)
        assert [file["name"] for file in done["files"]] == [f"ferry-{n}.md" for n in range(60)]
        assert all((f["items"], f["added"], f["problems"]) == (1, 1, []) for f in done["files"])
        assert done["finished_at"] >= done["created_at"]
        (best, *_) = real.get("/v1/evidence?q=ferry number 41 northern quay").json()["items"]
        assert best["evidence_id"].startswith("ferry-")
        assert real.get("/v1/evidence/ferry-41").json()["title"] == "Ferry timetable 41"

    def test_again_costs_nothing(self, real: TestClient) -> None:
        """The same file again is unchanged; another version of it is a change."""
        sent(real, ("again.md", fact("again")))
        (same,) = sent(real, ("again.md", fact("again")))["files"]
        assert (same["unchanged"], same["added"], same["changed"]) == (1, 0, 0)
        (other,) = sent(real, ("again.md", fact("again", "It leaves at noon.")))["files"]
        assert (other["unchanged"], other["added"], other["changed"]) == (0, 0, 1)

    def test_a_bad_file_among_good_ones(self, real: TestClient) -> None:
        """It has its line with what is wrong; the others go in."""
        rumour = b"kind,title,text\nrumour,Heard,They close\nproduct_fact,Quay,A quay.\n"
        done = sent(
            real,
            ("good.md", fact("good")),
            ("picture.png", b"\x89PNG"),
            ("broken.pdf", b"%PDF-1.7 and no more"),
            ("mixed.csv", rumour),
        )
        good, picture, broken, mixed = done["files"]
        assert (done["status"], good["added"]) == ("done", 1)
        assert "kind that isn't read" in picture["problems"][0]["msg"]
        assert broken["items"] == 0
        assert len(broken["problems"]) == 1
        assert (mixed["items"], mixed["problems"][0]["line"]) == (1, 2)
        assert "truth" in mixed["problems"][0]["msg"]

    def test_a_zip(self, real: TestClient) -> None:
        """It is read as the files in it; a member that leads out of it is refused alone."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("in/zipped.md", fact("zipped"))
            archive.writestr("../../out.md", fact("out"))
        (file,) = sent(real, ("all.zip", packed.getvalue()))["files"]
        assert (file["items"], file["added"]) == (1, 1)
        assert "../" in file["problems"][0]["msg"]
        assert real.get("/v1/evidence/ferry-out").status_code == 404

    @pytest.mark.parametrize(
        "name",
        ["../../etc/x.md", "a\x00b\x1b[2J\r\nc.md", "x" * 3_000 + ".md", "C:\\x.md", "…é.md"],
    )
    def test_names_are_text(self, real: TestClient, name: str) -> None:
        """Whatever a file is called, it is read, and told in one short printable line."""
        text = b"# Lighthouse\n\nThe lighthouse keeper is called Hilde.\n"
        (file,) = sent(real, (name, text))["files"]
        assert file["items"] == 1, file
        assert file["name"].isprintable()
        assert len(file["name"]) <= 255

    def test_two_files_of_one_name(self, real: TestClient) -> None:
        """Both are told, and neither pushes the other out unseen."""
        one, two = b"# One\n\nThe first buoy is red.\n", b"# Two\n\nThe other buoy is green.\n"
        done = sent(real, ("buoy.md", one), ("buoy.md", two))
        told = [(file["items"], len(file["problems"])) for file in done["files"]]
        assert len(told) == 2
        assert sum(items for items, _ in told) + sum(problems for _, problems in told) == 2

    def test_a_mapping_goes_with_the_files(self, real: TestClient) -> None:
        """As text; a wrong one is refused before anything is stored."""
        table = b"Headline,Story\nA pier,The pier was mended in spring.\n"
        mapping = {"mapping": "kind: case_study\ntitle: Headline\ntext: Story\n"}
        (file,) = sent(real, ("export.csv", table), data=mapping)["files"]
        assert (file["items"], file["problems"]) == (1, [])
        before = real.get("/v1/imports?limit=200").json()["items"]
        parts = [("files", ("export.csv", table))]
        bad = real.post("/v1/evidence", files=parts, data={"mapping": "headline: X"})
        problem(bad, 422, "no field is called 'headline'")
        assert real.get("/v1/imports?limit=200").json()["items"] == before


class TestItems:
    ITEM: ClassVar[dict[str, Any]] = {
        "id": "tide/1",
        "kind": "product_fact",
        "title": "Tides",
        "text": "The tide tables are printed in two colours.",
        "as_of": "2026-01-05",
    }

    def test_one_or_many(self, real: TestClient) -> None:
        """As they are shown, so are they taken."""
        one = ended(real, real.post("/v1/evidence", json=self.ITEM))
        assert (one["total"], one["files"][0]["added"]) == (1, 1)
        again = real.get("/v1/evidence/tide/1").json()
        more = {"items": [again, {**self.ITEM, "id": "tide/2"}]}
        two = ended(real, real.post("/v1/evidence", json=more))
        (file,) = two["files"]
        assert (file["items"], file["unchanged"], file["added"]) == (2, 1, 1)

    @pytest.mark.parametrize(
        ("wrong", "where"),
        [
            ({"kind": "gossip"}, "items.1.kind"),
            ({"kind": "rumour"}, "items.1"),
            ({"id": ""}, "items.1.id"),
            ({"titel": "x"}, "items.1.titel"),
            ({"title": "a\x00b"}, "items.1"),
            ({"id": "tide/1"}, "items.1.id: another item"),
        ],
    )
    def test_what_is_invalid_is_refused_at_the_door(
        self, real: TestClient, wrong: dict[str, Any], where: str
    ) -> None:
        """With the place of each fault; nothing of the request is stored."""
        items = [self.ITEM, {**self.ITEM, "id": "tide/3", **wrong}]
        before = real.get("/v1/imports?limit=200").json()["items"]
        problem(real.post("/v1/evidence", json={"items": items}), 422, where)
        assert real.get("/v1/imports?limit=200").json()["items"] == before

    @pytest.mark.parametrize("body", [b"", b"{", b"[" * 9_000, b'{"items": []}', b"7", b"\xff"])
    def test_a_body_that_is_no_item(self, real: TestClient, body: bytes) -> None:
        """A problem, whatever it is."""
        headers = {"Content-Type": "application/json"}
        assert real.post("/v1/evidence", content=body, headers=headers).status_code in (400, 422)


class TestTheDoor:
    def test_nothing_to_read(self, real: TestClient) -> None:
        """415 when no file is of a kind that is read, or the body is of no known kind."""
        parts = [("files", ("a.png", b"x")), ("files", ("b.exe", b"x"))]
        problem(real.post("/v1/evidence", files=parts), 415, ".pptx")
        headers = {"Content-Type": "text/plain"}
        problem(real.post("/v1/evidence", content=b"x", headers=headers), 415, "multipart")

    def test_a_form_that_is_none(self, real: TestClient) -> None:
        """The message says what is missing."""
        problem(real.post("/v1/evidence", files=[("file", ("a.md", b"x"))]), 422, "no field")
        headers = {"Content-Type": "multipart/form-data"}
        problem(real.post("/v1/evidence", content=b"x", headers=headers), 422, "boundary")
        labels = {"origin": ["one", "two"]}
        parts = [("files", ("a.md", b"x"))]
        problem(real.post("/v1/evidence", files=parts, data=labels), 422, "2 times for 1 files")

    def test_a_name_too_long_for_a_header(self, real: TestClient) -> None:
        """It is told, and nothing is stored."""
        parts = [("files", ("x" * 5_000 + ".md", b"x"))]
        problem(real.post("/v1/evidence", files=parts), 422, "file name")

    def test_too_much(self, real: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
        """413 says what to do: too many files, one too large, all of them too large."""
        many = [("files", (f"{n}.md", b"x")) for n in range(1_001)]
        problem(real.post("/v1/evidence", files=many), 413, "several requests")
        monkeypatch.setattr("api.receiving.LARGEST", 1_000_000)
        large = [("files", ("large.csv", b"x" * 1_000_001))]
        problem(real.post("/v1/evidence", files=large), 413, "large.csv is larger than 1 MB")
        monkeypatch.setattr("api.doorway.LARGEST_UPLOAD", 1_000_000)
        problem(real.post("/v1/evidence", files=large), 413, "in several requests")
        said = {"Content-Type": "multipart/form-data; boundary=x"}
        unsaid = real.post("/v1/evidence", content=iter([b"x" * 600_000] * 2), headers=said)
        problem(unsaid, 413, "in several requests")
        monkeypatch.setattr("api.receiving.LARGEST_JSON", 1_000)
        problem(real.post("/v1/evidence", json={"id": "x" * 2_000}), 413, ".jsonl")

    def test_imports_are_listed(self, real: TestClient) -> None:
        """Newest first, page by page; one that isn't there is not found."""
        first = sent(real, ("listed-1.md", fact("listed-1")))
        second = sent(real, ("listed-2.md", fact("listed-2")))
        page = real.get("/v1/imports?limit=1").json()
        assert page["items"] == [second]
        page = real.get("/v1/imports", params={"limit": 1, "cursor": page["next_cursor"]}).json()
        assert page["items"] == [first]
        problem(real.get("/v1/imports/none"), 404, "no import")

    def test_the_shapes_are_documented(self, real: TestClient) -> None:
        """Both ways of sending, and every answer."""
        paths = real.get("/openapi.json").json()["paths"]
        post = paths["/v1/evidence"]["post"]
        assert set(post["requestBody"]["content"]) == {"multipart/form-data", "application/json"}
        assert "202" in post["responses"]
        assert "put" in paths["/v1/evidence/{evidence_id}"]
        assert "get" in paths["/v1/imports/{import_id}"]


class TestRepeating:
    def test_the_same_request_again(self, real: TestClient) -> None:
        """One key, one import: the first answer comes again, also once the work is done."""
        parts = [("files", ("key.md", fact("key")))]
        headers = {"Idempotency-Key": "key-1"}
        first = real.post("/v1/evidence", files=parts, headers=headers)
        done = ended(real, first)
        again = real.post("/v1/evidence", files=parts, headers=headers)
        assert (again.status_code, again.json()) == (202, first.json())
        newest = real.get("/v1/imports?limit=1").json()["items"]
        assert newest == [done]

    def test_another_request_under_the_same_key(self, real: TestClient) -> None:
        """It is refused, whatever differs."""
        headers = {"Idempotency-Key": "key-2"}
        item = {"id": "k2", "kind": "product_fact", "title": "K", "text": "K two."}
        ended(real, real.post("/v1/evidence", json=item, headers=headers))
        other = real.post("/v1/evidence", json={**item, "text": "K 3."}, headers=headers)
        problem(other, 422, "send a new key")
        parts = [("files", ("k2.md", fact("k2")))]
        problem(real.post("/v1/evidence", files=parts, headers=headers), 422, "send a new key")

    @pytest.mark.parametrize("key", ["", "x" * 201])
    def test_a_key_that_is_none(self, real: TestClient, key: str) -> None:
        """It is refused rather than ignored."""
        headers = {"Idempotency-Key": key}
        problem(real.post("/v1/evidence", json={}, headers=headers), 422, "printable")


class TestOneItem:
    ITEM: ClassVar[dict[str, Any]] = {
        "kind": "testimonial",
        "title": "A word of the harbour master",
        "text": "Since the new cranes we unload in half the time.",
        "customer": "Harbour of Wendau",
    }

    def test_put_makes_and_replaces(self, real: TestClient) -> None:
        """It is found when the answer is there: 201 when new, 200 when replaced."""
        url = "/v1/evidence/harbour%20master/1"
        made = real.put(url, json=self.ITEM)
        assert made.status_code == 201, made.text
        assert made.headers["location"] == url
        assert made.json()["evidence_id"] == "harbour master/1"
        query = "/v1/evidence?q=new cranes unload in half the time&limit=1"
        assert real.get(query).json()["items"][0]["customer"] == "Harbour of Wendau"
        shown = real.get(url)
        assert shown.headers["etag"] == made.headers["etag"]
        changed = {**shown.json(), "text": "Since the new cranes we unload in a third of it."}
        replaced = real.put(url, json=changed)
        assert replaced.status_code == 200
        assert replaced.headers["etag"] != made.headers["etag"]
        assert "a third" in real.get(query).json()["items"][0]["text"]

    def test_delete(self, real: TestClient) -> None:
        """It isn't found any more; a second time there is nothing to delete."""
        real.put("/v1/evidence/gone", json=self.ITEM)
        assert real.delete("/v1/evidence/gone").status_code == 204
        assert real.get("/v1/evidence/gone").status_code == 404
        problem(real.delete("/v1/evidence/gone"), 404, "no evidence")

    def test_two_editors(self, real: TestClient) -> None:
        """Who has seen an older version overwrites nothing, and deletes nothing."""
        url = "/v1/evidence/edited"
        tag = real.put(url, json=self.ITEM).headers["etag"]
        mine = {"If-Match": tag}
        assert real.put(url, json={**self.ITEM, "title": "First"}, headers=mine).status_code == 200
        late = real.put(url, json={**self.ITEM, "title": "Second"}, headers=mine)
        problem(late, 412, "changed or removed meanwhile")
        problem(real.delete(url, headers=mine), 412, "changed or removed meanwhile")
        assert real.get(url).json()["title"] == "First"
        now = real.get(url).headers["etag"]
        listed = {"If-Match": f'"other", {now}'}
        assert real.delete(url, headers=listed).status_code == 204

    def test_making_without_overwriting(self, real: TestClient) -> None:
        """If-None-Match: * makes, If-Match: * changes; neither does the other's work."""
        url = "/v1/evidence/only"
        problem(real.put(url, json=self.ITEM, headers={"If-Match": "*"}), 412, "no such item")
        new = {"If-None-Match": "*"}
        assert real.put(url, json=self.ITEM, headers=new).status_code == 201
        problem(real.put(url, json=self.ITEM, headers=new), 412, "exists already")
        there = {"If-Match": "*"}
        assert real.put(url, json=self.ITEM, headers=there).status_code == 200
        weak = {"If-Match": f"W/{real.get(url).headers['etag']}"}
        problem(real.put(url, json=self.ITEM, headers=weak), 412, "meanwhile")
        for header in ({"If-Match": "abc"}, {"If-None-Match": '"abc"'}):
            assert real.put(url, json=self.ITEM, headers=header).status_code == 422

    @pytest.mark.parametrize(
        ("wrong", "about"),
        [
            ({"id": "another"}, "leave it out"),
            ({"text": " "}, "text"),
            ({"size": -1}, "size"),
            ({"as_of": "soon"}, "as_of"),
            ({"kind": "rumour"}, "truth"),
            ({"owner": "a\x00"}, "NUL"),
        ],
    )
    def test_an_invalid_item_is_refused(
        self, real: TestClient, wrong: dict[str, Any], about: str
    ) -> None:
        """And nothing is made of it."""
        problem(real.put("/v1/evidence/wrong", json={**self.ITEM, **wrong}), 422, about)
        assert real.get("/v1/evidence/wrong").status_code == 404

    @pytest.mark.parametrize("taken", ["check", "gaps", "gaps/1"])
    def test_an_id_that_is_an_address(self, real: TestClient, taken: str) -> None:
        """An item that nobody could read under its id isn't made."""
        problem(real.put(f"/v1/evidence/{taken}", json=self.ITEM), 422, "another address")

    def test_a_body_over_2_mb_is_refused(self, real: TestClient) -> None:
        """A long text is a file's matter."""
        long = {**self.ITEM, "text": "word " * 500_000}
        assert real.put("/v1/evidence/long", json=long).status_code == 413


class TestAtOnce:
    @pytest.mark.slow
    def test_an_item_is_put_while_an_import_runs(self, real: TestClient) -> None:
        """The editor doesn't wait for the import's end, and both come to the right end."""
        rows = [
            {
                "id": f"bulk-{n}",
                "kind": "product_fact",
                "title": f"Berth {n}",
                "text": f"Berth {n}.",
            }
            for n in range(900)
        ]
        lines = "\n".join(map(json.dumps, rows)).encode()
        answer = real.post("/v1/evidence", files=[("files", ("bulk.jsonl", lines))])
        where = answer.headers["location"]
        while real.get(where).json()["done"] == 0:
            time.sleep(0.02)
        mine = {"kind": "product_fact", "title": "Mine", "text": "My own berth."}
        assert real.put("/v1/evidence/bulk-mine", json=mine).status_code == 201
        assert real.get(where).json()["status"] == "running"
        done = ended(real, answer)
        assert (done["done"], done["files"][0]["added"]) == (900, 900)
        assert real.get("/v1/evidence/bulk-mine").json()["title"] == "Mine"
