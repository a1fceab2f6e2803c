"""``coach prioritise``: a table of customers in, a ranking and its picture out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api import terminal
from api.options import Home, Json
from coach.errors import BadInput
from coach.settings import load_settings

if TYPE_CHECKING:
    from coach.prioritisation import Criterion, Customer, Priorities

NAME_COLUMNS = ("name", "customer", "account", "company", "organisation", "segment")
TABLES = {".csv": "comma_separated", ".xlsx": "spreadsheet", ".json": "json_records"}
PICTURES = (".svg", ".html")
MOST_SHOWN, WIDEST_BAR = 20, 30
_SCALES = {"": 1.0, "k": 1e3, "m": 1e6, "bn": 1e9, "%": 1.0}
_CURRENCY = r"(?:[€$£¥]|[A-Z]{3}\b)"
_NUMBER = re.compile(
    rf"{_CURRENCY}?\s*([+-]?\d[\d.,'’\s]*?)\s*(k|m|bn|%)?\s*{_CURRENCY}?", re.IGNORECASE
)


def prioritise(
    table: Annotated[Path, typer.Argument(help="CSV, Excel or JSON: a customer a row.")],
    weights: Annotated[
        str | None, typer.Option(help='"potential revenue=5, market size=3, alignment=2"')
    ] = None,
    lower: Annotated[
        list[str] | None, typer.Option("--lower", help="A column where less is better.")
    ] = None,
    picture: Annotated[Path | None, typer.Option(help="Write it to a .svg or .html file.")] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Rank customers by weighted criteria, and see what would change the ranking."""
    from api import priorities_picture  # noqa: PLC0415  # after the quick checks
    from api.schemas_priorities import Priorities as Shown  # noqa: PLC0415
    from coach.prioritisation import prioritise as ranked  # noqa: PLC0415

    load_settings(home)  # nothing of the home is used; a wrong setting is still told
    if picture and picture.suffix.casefold() not in PICTURES:
        raise BadInput(f"a picture is written as {' or '.join(PICTURES)}, not {picture.name!r}")
    customers, criteria = read_table(_records(table), table.name, weights, lower or ())
    found = ranked(customers, criteria)
    if picture:
        made = (
            priorities_picture.as_svg if picture.suffix.casefold() == ".svg"
            else priorities_picture.as_html
        )  # fmt: skip
        _write(picture, made(found))
    if as_json:
        terminal.show_json(Shown.model_validate(found).model_dump(mode="json"))
    else:
        show(found, priorities_picture.tipping_sentences(found))
        if picture:
            terminal.say(f"The picture is in {picture}.")


def read_table(
    rows: Sequence[Mapping[str, object]], file: str, weights: str | None, lower: Iterable[str]
) -> tuple[list[Customer], list[Criterion]]:
    """Customers and criteria of a table. Without ``weights`` every column of numbers weighs the
    same. Raises BadInput, naming row and column."""
    from coach.prioritisation import Better, Criterion, Customer  # noqa: PLC0415  # numpy

    columns = list(dict.fromkeys(column for row in rows for column in row))
    if not columns:
        raise BadInput(f"{file} holds no rows: the first line names the columns")
    named = next((c for c in columns if _key(c) in NAME_COLUMNS), columns[0])
    others = [column for column in columns if column != named]
    wanted = _weights(weights, others) if weights else dict.fromkeys(_numeric(rows, others), 1.0)
    if not wanted:
        raise BadInput(f"{file} has no column of numbers to score by")
    fewer = {_column(name, others) for name in lower}
    values = {column: _numbers(rows, column, file) for column in wanted}
    customers = [
        Customer(
            str(row.get(named) or "").strip() or f"row {number}",
            {column: v for column in wanted if (v := values[column][number - 1]) is not None},
        )
        for number, row in enumerate(rows, start=1)
    ]
    criteria = [
        Criterion(column, weight, Better.LOWER if column in fewer else Better.HIGHER)
        for column, weight in wanted.items()
    ]
    return customers, criteria


def _records(table: Path) -> list[Mapping[str, object]]:
    from knowledge.errors import UnreadableFile  # noqa: PLC0415

    if table.suffix.casefold() not in TABLES:
        raise BadInput(f"{table.name} isn't a table that is read here ({', '.join(TABLES)})")
    try:
        content = table.read_bytes()
    except OSError as error:
        raise BadInput(f"{table} can't be opened: {error.strerror or error}") from error
    reader = import_module(f"knowledge.reading.formats.{TABLES[table.suffix.casefold()]}")
    rows: list[Mapping[str, object]] = []
    for found in reader.rows(content, table):
        if isinstance(found, UnreadableFile):
            where = f" line {found.line}" if found.line else ""
            raise BadInput(f"{table.name}{where}: {found}")
        rows.append(found.record)
    return rows


def _weights(text: str, columns: Sequence[str]) -> dict[str, float]:
    found: dict[str, float] = {}
    for part in filter(None, map(str.strip, text.split(","))):
        name, separator, number = part.rpartition("=")
        try:
            weight = float(number)
        except ValueError:
            separator = ""
        if not separator:
            raise BadInput(f"--weights: write column=number, not {part!r}")
        found[_column(name, columns)] = weight
    return found


def _column(name: str, columns: Sequence[str]) -> str:
    for column in columns:
        if _key(column) == _key(name):
            return column
    raise BadInput(f"there is no column {name.strip()!r}; there are: {', '.join(columns)}")


def _key(name: str) -> str:
    return " ".join(re.split(r"[\s_-]+", name.strip().casefold()))


def _numeric(rows: Sequence[Mapping[str, object]], columns: Sequence[str]) -> list[str]:
    """Columns that hold numbers and nothing else."""
    found = []
    for column in columns:
        cells = [text for row in rows if (text := _cell(row, column))]
        if cells and all(_NUMBER.fullmatch(cell) for cell in cells):
            found.append(column)
    return found


def _numbers(rows: Sequence[Mapping[str, object]], column: str, file: str) -> list[float | None]:
    cells = [_cell(row, column) for row in rows]
    # "1.200,50" or "1.200.000" anywhere in a column: its points separate thousands
    points = any(re.search(r"\.\d{3}(?:,\d|\.\d{3})", cell) for cell in cells)
    found: list[float | None] = []
    for number, cell in enumerate(cells, start=1):
        value = _number(cell, points) if cell else None
        if cell and value is None:
            raise BadInput(f"{file} row {number}: {column!r} is {cell[:40]!r}, which is no number")
        found.append(value)
    return found


def _number(cell: str, points_are_thousands: bool) -> float | None:
    match = _NUMBER.fullmatch(cell)
    if match is None:
        return None
    digits, scale = re.sub(r"['’\s]", "", match[1]), _SCALES[(match[2] or "").casefold()]
    if points_are_thousands or digits.rfind(",") > digits.rfind(".") >= 0:
        digits = digits.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", digits):
        digits = digits.replace(",", "")
    else:
        digits = digits.replace(",", ".")
    try:
        return float(digits) * scale
    except ValueError:
        return None


def _cell(row: Mapping[str, object], column: str) -> str:
    value = row.get(column)
    return "" if value is None else str(value).strip()


def _write(path: Path, content: str) -> None:
    try:
        path.write_text(content, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{path} can't be written: {error.strerror or error}") from error


def show(found: Priorities, tips: Iterable[str]) -> None:
    weights = ", ".join(f"{name} {share:.0%}" for name, share in found.weights.items())
    terminal.say(f"Weights: {weights}")
    terminal.say()
    wide = max(len(place.name) for place in found.places[:MOST_SHOWN])
    for place in found.places[:MOST_SHOWN]:
        bar = "█" * round(WIDEST_BAR * place.score / 100)
        spread = "" if place.best == place.worst else f"  rank {place.best} to {place.worst}"
        gap = "*" if place.missing else ""
        terminal.heading(
            f"{place.rank:>4}  {place.name:<{min(wide, 32)}}  {place.score:5.1f}{gap:<1} "
            f"{bar:<{WIDEST_BAR}}{spread}"
        )
    if (left := len(found.places) - MOST_SHOWN) > 0:
        terminal.say(f"and {left:,} more; --json has all", indent=6)
    terminal.say()
    terminal.say(found.summary)
    for tip in tips:
        terminal.say(f"- {tip}")
