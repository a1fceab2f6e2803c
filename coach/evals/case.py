"""One case as a trainer writes it in YAML, and the reading of files of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from coach.authoring.yaml_text import Document, NotYaml, parse
from coach.errors import BadInput
from coach.models import Job
from coach.scenario import Difficulty
from coach.scenario_book import ScenarioBook

SHIPPED = Path(__file__).parent / "cases"
OWN = "evals"  # folder in the home
MOST_CASES = 5000

Words = Annotated[str, Field(min_length=1, max_length=2000)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]


class Label(StrEnum):
    """What a verdict must be. ``not_broken`` is right as yes and as not observable."""

    YES = "yes"
    NO = "no"
    NOT_OBSERVABLE = "not_observable"
    NOT_BROKEN = "not_broken"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Known(_Part):
    """What is known of the customer who objects."""

    sector: str | None = None
    region: str | None = None
    competitor: str | None = None
    customer_size: int | None = None


class Expected(_Part):
    """What must hold of the answer, beside what must hold of every answer."""

    never: tuple[Words, ...] = Field((), description="Words that must not stand in it.")
    cites: bool | None = Field(None, description="For suggestions: whether evidence must be cited.")
    labels: Mapping[str, Label] = Field(
        default_factory=dict, description="For a judgement: the right verdict of each check."
    )


class Case(_Part):
    """One moment. ``said`` are the seller's messages: the last one is answered or judged."""

    id: Name
    job: Job
    why: str = Field("", max_length=300, description="What it is there to find out.")
    scenario: str | None = None
    difficulty: Difficulty | None = None
    seed: int = 7
    said: tuple[Words, ...] = ()
    objection: Words | None = None
    customer: Known = Known()
    expect: Expected = Expected()

    @model_validator(mode="after")
    def _has_what_its_job_needs(self) -> Self:
        if self.job == Job.SUGGEST:
            if not self.objection:
                raise ValueError("a case of suggest needs an objection")
        elif not self.scenario or not self.said:
            raise ValueError(f"a case of {self.job.value} needs a scenario and said")
        if self.job == Job.JUDGE and not self.expect.labels:
            raise ValueError("a case of judge needs expect.labels")
        return self

    @property
    def digest(self) -> str:
        """Changes with the case: an answer of an older one isn't taken for this one's."""
        return sha256(self.model_dump_json().encode()).hexdigest()[:12]


class CaseFile(_Part):
    """A file of cases."""

    cases: tuple[Case, ...] = Field(min_length=1)


def case_schema() -> dict[str, Any]:
    """JSON Schema of a file of cases."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **CaseFile.model_json_schema(),
    }


def read_cases(folders: Sequence[Path], book: ScenarioBook) -> list[Case]:
    """All cases of these folders; BadInput names every fault by file, line and field."""
    faults: list[str] = []
    found: list[Case] = []
    for folder in folders:
        for file in sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")]):
            cases, wrong = _read(file, book)
            found += cases
            faults += wrong
    counted = Counter(case.id for case in found)
    faults += [f"the id {key} is used {n} times" for key, n in counted.items() if n > 1]
    if len(found) > MOST_CASES:
        faults.append(f"{len(found):,} cases are too many: at most {MOST_CASES:,}")
    if faults:
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        raise BadInput(f"{faults[0]}{more}", errors=[{"loc": [], "msg": f} for f in faults])
    return found


def _read(file: Path, book: ScenarioBook) -> tuple[list[Case], list[str]]:
    try:
        document = parse(file.read_text(encoding="utf-8"))
    except NotYaml as error:
        return [], [f"{file.name} line {error.line or 1}: {error.message}"]
    except (OSError, UnicodeDecodeError) as error:
        return [], [f"{file.name} can't be read ({type(error).__name__}); save it as UTF-8"]
    try:
        cases = CaseFile.model_validate(document.value).cases
    except ValidationError as error:
        return [], [_fault(file, document, d["loc"], d["msg"]) for d in error.errors()]
    wrong = [
        _fault(file, document, ("cases", number, *place), says)
        for number, case in enumerate(cases)
        for place, says in _unknown(case, book)
    ]
    return list(cases), wrong


def _unknown(case: Case, book: ScenarioBook) -> Iterator[tuple[tuple[str, ...], str]]:
    if case.scenario is None:
        return
    known = {scenario.id: scenario for scenario in book.all()}
    scenario = known.get(case.scenario)
    if scenario is None:
        yield (
            ("scenario",),
            f"there is no scenario {case.scenario!r}; there are: {', '.join(known)}",
        )
        return
    checks = [item.id for item in scenario.checks]
    for check in case.expect.labels:
        if check not in checks:
            yield (
                ("expect", "labels", check),
                f"{case.scenario} has no such check; it has: {', '.join(checks)}",
            )


def _fault(file: Path, document: Document, place: Sequence[str | int], says: str) -> str:
    line = next(
        (at for n in range(len(place), -1, -1) if (at := document.line_of(place[:n])) is not None),
        1,
    )
    where = ".".join(map(str, place)) or "the file"
    return f"{file.name} line {line}: {where}: {says.removeprefix('Value error, ')}"
