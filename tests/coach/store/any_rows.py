"""A row for any table, made of what the database says of its columns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    Table,
    Text,
)

from coach.store.tables import UtcDateTime

Row = dict[str, Any]

_NEW_YEAR = datetime(2026, 1, 1, 10, tzinfo=UTC)


def _instant(column: Column[Any], number: int) -> datetime:
    """With its zone, except where the database keeps none."""
    at = _NEW_YEAR + timedelta(days=number)
    return at if getattr(column.type, "timezone", True) else at.replace(tzinfo=None)


#: The first kind that fits a column's type makes its value.
_VALUES: tuple[tuple[type | tuple[type, ...], Callable[[Column[Any], int], Any]], ...] = (
    (Boolean, lambda _, number: number % 2 == 0),
    (Integer, lambda _, number: number + 1),
    (Float, lambda _, number: number + 0.5),
    ((DateTime, UtcDateTime), _instant),
    (Date, lambda _, number: date(2026, 1, 1) + timedelta(days=number)),
    (LargeBinary, lambda _, number: b"\x00\xff%d" % number),
    (JSON, lambda column, number: {"of": [column.name, number]}),
    (Text, lambda column, number: f"{column.table.name} {column.name} {number} “ü”"),
)


def a_row_of(table: Table, number: int) -> Row:
    """Another one for each ``number``; keys to other tables name their rows of that number."""
    return {column.name: _value(column, number) for column in table.columns}


def _value(column: Column[Any], number: int) -> Any:
    for key in column.foreign_keys:
        return _value(key.column, number)
    return next(make for kind, make in _VALUES if isinstance(column.type, kind))(column, number)
