"""What CRMs and spreadsheets export is read; what can't be has its line, and the rest goes in."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from coach.errors import BadInput
from coach.indicators.cells import Days, as_amount
from coach.indicators.goal import Counting, Direction, Goal, Horizon, preset_for
from coach.indicators.reading import Reading, read_numbers

TODAY = date(2026, 3, 2)


def goal(name: str, counting: Counting | None = None) -> Goal:
    usual = preset_for(name)
    return Goal(
        id=name.casefold(),
        name=name,
        unit="",
        horizon=usual.horizon if usual else Horizon.SHORT,
        counting=counting or (usual.counting if usual else Counting.SUM),
        direction=Direction.MORE,
        target=None,
        since=None,
        due=None,
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


GOALS = [goal("Deals closed"), goal("Market share"), goal("Revenue won")]


def read(text: str, goals: list[Goal] = GOALS) -> Reading:
    return read_numbers(text.encode(), "numbers.csv", goals, TODAY)


def found(reading: Reading) -> set[tuple[str, str, float | None]]:
    return {(n.goal_id, n.day.isoformat(), n.value) for n in reading.numbers.values()}


def faults(reading: Reading) -> list[tuple[int, str]]:
    return [(one.line, one.says) for one in reading.faults]


def test_a_number_a_row() -> None:
    """The good rows go in; each bad one is told by its line and in words that say what to do."""
    reading = read(
        "Week,KPI,Actual\n"
        "2026-W05,Closed won,4\n"
        "2026-02-02,market_share,12.5%\n"
        "2026-02-09,Moon landings,1\n"
        "soon,Market share,13\n"
        "2026-02-16,Market share,plenty\n"
        "2026-03-03,Market share,14\n"
    )
    assert found(reading) == {
        ("deals closed", "2026-01-26", 4.0),
        ("market share", "2026-02-02", 12.5),
    }
    assert faults(reading) == [
        (4, "no goal is called 'Moon landings'; set it first, then send this row"),
        (5, "'soon' is no day that can be read; write it as 2026-11-23"),
        (6, "Actual: 'plenty' is no number"),
        (7, "2026-03-03 is still to come"),
    ]


def test_a_day_a_row() -> None:
    """A column for each goal; empty cells are unknown, and other columns are named as left out."""
    reading = read("date;Won deals;Market share;Weather\n2026-02-02;3;;fine\n2026-02-09;;11,5;\n")
    assert found(reading) == {
        ("deals closed", "2026-02-02", 3.0),
        ("market share", "2026-02-09", 11.5),
    }
    assert (reading.ignored, reading.faults) == (("Weather",), [])


def test_a_deal_a_row() -> None:
    """Won deals count once and bring their amount; lost ones, and those no longer won, take it
    away."""
    reading = read(
        "Opportunity ID,Opportunity Name,Stage,Close Date,Amount\n"
        'A1,Harbour,Closed Won,13/02/2026,"12,000"\n'
        "A2,Depot,Closed Lost,14/02/2026,900\n"
        "A3,Mill,closed_won,01/02/2026,a lot\n"
        ",Nameless,Closed Won,01/02/2026,1\n"
    )
    assert {(n.goal_id, n.ref, n.value) for n in reading.numbers.values()} == {
        ("deals closed", "deal:A1", 1.0),
        ("revenue won", "deal:A1", 12000.0),
        ("deals closed", "deal:A2", None),
        ("revenue won", "deal:A2", None),
        ("deals closed", "deal:A3", 1.0),
    }
    assert reading.numbers[("deals closed", "deal:A3")].day == date(2026, 2, 1)
    assert faults(reading) == [
        (4, "Amount: 'a lot' is no number"),
        (5, "the deal has no Opportunity ID"),
    ]


def test_the_same_day_twice() -> None:
    """Counts are added up, so that no row is lost; of a level the later row counts, and is told."""
    reading = read(
        "date,goal,value\n2026-02-02,Deals closed,2\n2026-02-02,Deals closed,3\n"
        "2026-02-02,Market share,10\n2026-02-02,Market share,11\n"
    )
    assert found(reading) == {
        ("deals closed", "2026-02-02", 5.0),
        ("market share", "2026-02-02", 11.0),
    }
    assert faults(reading) == [(5, "day:2026-02-02 stands here a second time; this row counts")]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        ("date,goal,value\n", "no row below its header"),
        ("colour,goal\nred,x\n", "no column for the day"),
        ("date,goal\n2026-02-02,Deals closed\n", "no column for the number"),
        ("date,weather\n2026-02-02,fine\n", "no column is called like a goal"),
        ("\x00\x01\x02\x03" * 50, "binary"),
    ],
)
def test_a_file_that_cant_be_taken(text: str, says: str) -> None:
    """It is refused as a whole, with what to do."""
    with pytest.raises(BadInput, match=says):
        read(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,204.50", 1204.5),
        ("1.204,50", 1204.5),
        ("1,204", 1204),
        ("3,5", 3.5),
        ("1 200", 1200),
        ("€ 12 000", 12000),
        ("12'000 CHF", 12000),
        ("EUR 12,000", 12000),
        ("$1.2M", 1_200_000),
        ("37%", 37),
        ("-4", -4),
        ("(1,200)", -1200),
        ("4 deals", None),
        ("1-2", None),
        ("", None),
        ("=1+1", None),
        ("9" * 20, None),
    ],
)
def test_amounts(text: str, value: float | None) -> None:
    """As people write them; what isn't one number is none."""
    assert as_amount(text) == value


def test_which_part_is_the_day() -> None:
    """The column tells; where it doesn't, nobody guesses."""
    assert Days(["03/04/2026", "13/04/2026"]).read("03/04/2026") == date(2026, 4, 3)
    assert Days(["03/04/2026", "04/13/2026"]).read("03/04/2026") == date(2026, 3, 4)
    assert "may be two days" in str(Days(["03/04/2026"]).read("03/04/2026"))
    assert "may be two days" in str(Days(["13/04/2026", "04/13/2026"]).read("13/04/2026"))
    assert "no day" in str(Days(["13/04/2026"]).read("99/99/2026"))
