"""What ends a run with an error, and what is only said."""

from benchmarks.table import Verdict, is_broken, note, promise, target


def test_a_missed_target_is_no_error() -> None:
    missed = target("ingest", "0.4", ">= 0.5", is_met=False)
    assert missed.verdict is Verdict.MISSED
    assert not is_broken([missed, note("noise", "much"), promise("rows", "5", "5", is_kept=True)])


def test_a_broken_promise_is_one() -> None:
    assert is_broken([note("noise", "none"), promise("rows", "4", "5", is_kept=False)])


def test_a_line_shows_figure_target_and_verdict() -> None:
    line = str(target("ingest by the lane", "1.5", ">= 1.3", is_met=True))
    assert line.split() == ["ingest", "by", "the", "lane", "1.5", ">=", "1.3", "met"]
