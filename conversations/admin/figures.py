"""The figures of the first page: what happened in the last days, from the stored totals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from conversations import clock
from conversations.admin import charts
from conversations.domain import Bar, FigureCard
from conversations.models import DailyTotal

PERIODS = (7, 30, 90)
USUAL = 30

Figure = Callable[[Sequence[DailyTotal]], float | None]


@dataclass(frozen=True)
class Tile:
    """One figure of the whole period, and how it was in the period before."""

    label: str
    value: str
    hint: str
    trend: str = ""


@dataclass(frozen=True)
class Figures:
    """All that is shown of a period; nothing of it where nothing was counted."""

    tiles: tuple[Tile, ...] = ()
    daily: tuple[charts.Chart, ...] = ()
    cards: tuple[FigureCard, ...] = ()


def chosen_period(asked: str) -> int:
    """The period of the address, in days; the usual one for what is none."""
    return int(asked) if asked in map(str, PERIODS) else USUAL


def of_period(days: int) -> Figures:
    """The last `days` days and today's share of them, beside as many before; one query."""
    today = clock.today()
    dates = [today - timedelta(days=days - 1 - n) for n in range(days)]
    rows = {
        row.day: row
        for row in DailyTotal.objects.filter(
            day__gt=today - timedelta(days=2 * days), day__lte=today
        )
    }
    now = [rows[day] for day in dates if day in rows]
    before = [row for day, row in rows.items() if day < dates[0]]
    if not any(row.messages_in or row.messages_out for row in now):
        return Figures()
    return Figures(
        tiles=_tiles(now, before),
        daily=_daily(dates, rows),
        cards=(_reasons(now), _templates(now)),
    )


def duration(seconds: float) -> str:
    """`45 s`, `12 min`, `3 h 05 min`."""
    if round(seconds) < 60:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02} min"


def _tiles(now: Sequence[DailyTotal], before: Sequence[DailyTotal]) -> tuple[Tile, ...]:
    def trend(figure: Figure, more: str = "more", less: str = "fewer") -> str:
        return _compared(figure(now), figure(before), more, less)

    came, answered, waited = _came(now), _sum(now, "answered_by_assistant"), _response(now)
    return (
        Tile("Messages in", f"{came:,}", "What customers wrote.", trend(_came)),
        Tile(
            "Messages out",
            f"{_sum(now, 'messages_out'):,}",
            "People, assistant and templates.",
            trend(lambda rows: _sum(rows, "messages_out")),
        ),
        Tile(
            "First response",
            "–" if waited is None else duration(waited),
            "Of people; the usual day's median.",
            trend(_response, "longer", "shorter"),
        ),
        Tile(
            "By the assistant",
            f"{100 * answered / came:.0f} %" if came else "–",
            f"{answered:,} messages were answered by it.",
        ),
        Tile(
            "Handed over",
            f"{sum(sum(row.handed_over.values()) for row in now):,}",
            "From the assistant to people.",
            trend(lambda rows: sum(sum(row.handed_over.values()) for row in rows)),
        ),
        Tile(
            "Windows lost",
            f"{_sum(now, 'windows_lost'):,}",
            "Shut before anybody had answered.",
            trend(lambda rows: _sum(rows, "windows_lost")),
        ),
    )


def _daily(dates: Sequence[date], rows: dict[date, DailyTotal]) -> tuple[charts.Chart, ...]:
    def figures(name: str) -> list[float | None]:
        return [getattr(rows[day], name) if day in rows else None for day in dates]

    came, went = figures("messages_in"), figures("messages_out")
    waits, lost = figures("first_response_seconds"), figures("windows_lost")
    minutes = [None if wait is None else wait / 60 for wait in waits]
    slowest = max((wait for wait in waits if wait is not None), default=None)
    return (
        charts.by_day(
            "Messages by day",
            f"{_total(came)} in and {_total(went)} out in {len(dates)} days, "
            f"at most {max(value or 0 for value in came):,.0f} in on one day.",
            dates,
            charts.Series("in", "blue", came),
            charts.Series("out", "green", went),
        ),
        charts.by_day(
            "First response of people by day",
            "Nobody answered yet."
            if slowest is None
            else f"The median of each day; {duration(slowest)} on the slowest.",
            dates,
            charts.Series("until the first response", "amber", minutes),
            show=lambda value: duration(value * 60) if value else "0 min",
        ),
        charts.by_day(
            "Answered by the assistant by day",
            f"{_total(figures('answered_by_assistant'))} of {_total(came)} messages in "
            f"{len(dates)} days.",
            dates,
            charts.Series("by the assistant", "blue", figures("answered_by_assistant")),
        ),
        charts.by_day(
            "Windows lost by day",
            f"{_total(lost)} windows shut before anybody had answered.",
            dates,
            charts.Series("lost", "red", lost),
        ),
    )


def _reasons(now: Sequence[DailyTotal]) -> FigureCard:
    counted: Counter[str] = Counter()
    for row in now:
        counted.update(row.handed_over)
    return FigureCard(
        title="Why the assistant handed over",
        bars=tuple(
            Bar(reason, times, f"{times:,}", "amber") for reason, times in counted.most_common()
        ),
        empty="The assistant handed nothing over.",
    )


def _templates(now: Sequence[DailyTotal]) -> FigureCard:
    delivered, read, failed = (
        _sum(now, f"templates_{name}") for name in ("delivered", "read", "failed")
    )
    bars = (
        Bar("Delivered", delivered, f"{delivered:,}", "green"),
        Bar("Read", read, f"{read:,}{_part(read, delivered)}", "blue"),
        Bar("Failed", failed, f"{failed:,}{_part(failed, delivered + failed)}", "red"),
    )
    return FigureCard(
        title="Templates",
        bars=bars if delivered or failed else (),
        empty="No template was sent.",
    )


def _came(rows: Sequence[DailyTotal]) -> int:
    return _sum(rows, "messages_in")


def _sum(rows: Sequence[DailyTotal], name: str) -> int:
    return sum(getattr(row, name) for row in rows)


def _response(rows: Sequence[DailyTotal]) -> float | None:
    """Of the medians of the days the middle one: what a usual day was like."""
    known = [row.first_response_seconds for row in rows if row.first_response_seconds is not None]
    return median(known) if known else None


def _compared(now: float | None, before: float | None, more: str, less: str) -> str:
    if now is None or not before:
        return ""
    change = round(100 * (now - before) / before)
    return (
        f"{abs(change):,} % {more if change > 0 else less} than before" if change else "As before"
    )


def _part(of: int, whole: int) -> str:
    return f" ({100 * of / whole:.0f} %)" if whole else ""


def _total(values: Sequence[float | None]) -> str:
    return f"{sum(value or 0 for value in values):,.0f}"
