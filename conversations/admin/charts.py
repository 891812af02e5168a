"""Charts as plain figures: what the templates need to draw bars, and the words behind them.

Pure. The pictures are SVG without script; each has a sentence for those who hear it and a table.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from conversations.domain import FigureCard

HIGH = 100  # of the drawing; how wide it is follows the number of days
WIDE = 10  # of a day
GAP = 1.5
STEPS = (1, 2, 3, 4, 5, 6, 8, 10)  # of a power of ten; half of it is whole from ten on
LABELS = 7  # under the axis

Show = Callable[[float], str]


@dataclass(frozen=True)
class Series:
    """One figure a day; None where there is none."""

    name: str
    tone: str
    values: Sequence[float | None]


@dataclass(frozen=True)
class Box:
    """A bar of the drawing."""

    x: str
    y: str
    width: str
    height: str
    tone: str


@dataclass(frozen=True)
class Day:
    """A column: its bars, what the pointer is told, and its row of the table."""

    day: date
    words: str
    boxes: tuple[Box, ...]
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Chart:
    """Bars by day."""

    title: str
    summary: str
    series: tuple[Series, ...]
    days: tuple[Day, ...]
    wide: int
    ticks: tuple[str, ...]  # from the top to nothing
    labels: tuple[str, ...]  # under the first day, some between, the last

    @property
    def newest_first(self) -> tuple[Day, ...]:
        return self.days[::-1]


@dataclass(frozen=True)
class Length:
    """A bar that lies, as long as its part of the longest."""

    label: str
    shown: str
    percent: str
    tone: str
    url: str


@dataclass(frozen=True)
class Lengths:
    """Bars that lie, with a headline over them."""

    card: FigureCard
    bars: tuple[Length, ...]


def by_day(
    title: str, summary: str, days: Sequence[date], *series: Series, show: Show = "{:,.0f}".format
) -> Chart:
    """The chart of these days; every series has a value for each of them."""
    highest = max((value or 0 for one in series for value in one.values), default=0)
    top = rounded_up(highest)
    return Chart(
        title=title,
        summary=summary,
        series=series,
        days=tuple(_day(number, day, series, top, show) for number, day in enumerate(days)),
        wide=WIDE * len(days),
        ticks=(show(top), show(top / 2), show(0)),
        labels=tuple(_shown(days[at]) for at in _some(len(days))),
    )


def lengths(card: FigureCard) -> Lengths:
    """The bars of a card, the longest of them full."""
    longest = max((bar.value for bar in card.bars), default=0) or 1
    return Lengths(
        card,
        tuple(
            Length(bar.label, bar.shown, f"{100 * bar.value / longest:.1f}", bar.tone, bar.url)
            for bar in card.bars
        ),
    )


def rounded_up(highest: float) -> float:
    """The top of an axis: the next round number, and never nothing."""
    if highest <= 10:
        return max(2 * math.ceil(highest / 2), 2)
    power: float = 10 ** (len(str(int(highest))) - 1)
    return next(step * power for step in STEPS if step * power >= highest)


def _day(number: int, day: date, series: Sequence[Series], top: float, show: Show) -> Day:
    values = [one.values[number] for one in series]
    cells = tuple("–" if value is None else show(value) for value in values)
    wide = (WIDE - 2 * GAP) / len(series)
    boxes = tuple(
        Box(
            x=_coordinate(number * WIDE + GAP + at * wide),
            y=_coordinate(HIGH - HIGH * value / top),
            width=_coordinate(wide),
            height=_coordinate(HIGH * value / top),
            tone=series[at].tone,
        )
        for at, value in enumerate(values)
        if value
    )
    named = (f"{cell} {one.name}" for cell, one in zip(cells, series, strict=True))
    return Day(day, f"{_shown(day)}: {', '.join(named)}", boxes, cells)


def _some(days: int) -> list[int]:
    """Which days are named under the axis: the first, the last, and some at even distances."""
    if days <= LABELS:
        return list(range(days))
    parts = 4 if days % 4 != 3 else 3
    return [round(part * (days - 1) / parts) for part in range(parts + 1)]


def _coordinate(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _shown(day: date) -> str:
    return f"{day.day} {day:%b}"
