"""Charts carry their numbers, say what they are, and hold nothing that the policy forbids."""

import re

import pytest
from django.template import Context, Template

from tedori.kernel.pages import charts
from tedori.kernel.pages.heat import heat, step

ROWS = (("あお", 42), ("みどり", 27))
CELLS = (("2026-01-01", "割合", 0.4), ("2026-02-01", "割合", 0.2))
MATRIX = (("A", "x", 1.0), ("A", "y", None), ("B", "x", 0.5), ("B", "y", 0.0))

DRAWN = {
    "bar": lambda: charts.bar("色ごとの件数", rows=ROWS, header=("色", "件数")),
    "stacked": lambda: charts.stacked("色ごとの件数", cells=MATRIX, header=("色", "x", "y")),
    "line": lambda: charts.line("推移", cells=CELLS, header=("日", "割合"), target=0.1, percent=True),
    "heat": lambda: heat("濃淡", cells=MATRIX, header=("名前", "x", "y")),
}


@pytest.mark.parametrize("kind", DRAWN)
def test_a_chart_is_one_named_image_without_inline_style(kind):
    chart = DRAWN[kind]()
    assert chart.svg.startswith("<svg")
    assert re.match(rf'<svg [^>]*role="img" aria-label="{chart.caption}"', chart.svg)
    assert chart.svg.count("aria-") == 1
    assert "style=" not in chart.svg
    assert "<script" not in chart.svg


@pytest.mark.parametrize("kind", DRAWN)
def test_a_chart_never_comes_without_its_table(kind):
    text = Template("{% load components %}{% chart c %}").render(Context({"c": DRAWN[kind]()}))
    assert "<figcaption>" in text
    assert "<table" in text


def test_the_table_of_a_chart_has_one_column_per_series():
    assert DRAWN["heat"]().rows == (("A", 1.0, None), ("B", 0.5, 0.0))
    assert DRAWN["line"]().rows == (("2026-01-01", "40.0%"), ("2026-02-01", "20.0%"))


def test_a_caption_cannot_break_out_of_the_image():
    chart = charts.bar('"><script>alert(1)</script>\\1', rows=ROWS, header=("色", "件数"))
    assert "<script>" not in chart.svg


def test_a_heat_map_of_thousands_of_fields_stays_small():
    cells = [(f"行{row}", f"列{column}", row / 100) for row in range(100) for column in range(27)]
    assert len(heat("大きい", cells=cells, header=("名前",)).svg) < 70_000


@pytest.mark.parametrize(
    ("share", "expected"), [(0.0, 0), (0.499, 0), (0.5, 1), (0.7, 2), (0.8, 3), (0.9, 4), (1.0, 4)]
)
def test_a_share_stands_on_its_step(share, expected):
    assert step(share) == expected
