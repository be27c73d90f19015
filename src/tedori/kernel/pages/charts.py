"""Draws charts on the server: altair describes, vl-convert makes SVG, the numbers stay beside it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from html import escape

import altair as alt
import vl_convert

from tedori.kernel.pages.values import Chart, Text

KEY = "#0017c1"
INK = "#1a1a1a"
SCALE = ("#0017c1", "#4979f5", "#9db7f9", "#7a3f00", "#d9822b", "#115a36", "#51b883", "#626264")
FONT = "Noto Sans JP, Noto Sans CJK JP, Hiragino Sans, Yu Gothic UI, Meiryo, sans-serif"
CONFIG = {
    "font": FONT,
    "background": None,
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 13,
        "titleFontSize": 13,
        "labelColor": INK,
        "titleColor": INK,
        "titleFontWeight": "normal",
        "domainColor": "#767676",
        "tickColor": "#767676",
        "gridColor": "#e6e6e6",
        "labelLimit": 240,
    },
    "legend": {
        "labelFontSize": 13,
        "titleFontSize": 13,
        "labelLimit": 240,
        "orient": "top",
        "title": None,
        "direction": "horizontal",
    },
}

Row = tuple[str, float | int | None]
Cell = tuple[str, str, float | int | str | None]


def bar(
    caption: Text, *, rows: Sequence[Row], header: tuple[Text, Text], limit: float | None = None
) -> Chart:
    """Horizontal bars, one per row `(name, number)`, in the given order; `limit` ends the axis."""
    data = [{"name": str(name), "value": value} for name, value in rows]
    scale = alt.Scale(domain=[0, limit]) if limit else alt.Undefined
    spec = (
        alt.Chart(alt.Data(values=data), width=440, height={"step": 26})
        .mark_bar(color=KEY, height={"band": 0.62})
        .encode(
            x=alt.X("value:Q", title=str(header[1]), scale=scale, axis=alt.Axis(tickCount=5)),
            y=alt.Y("name:N", sort=None, title=None, axis=alt.Axis(ticks=False, domain=False)),
        )
    )
    return _chart(spec, caption=caption, header=header, rows=tuple(rows))


def stacked(caption: Text, *, cells: Sequence[Cell], header: tuple[Text, ...]) -> Chart:
    """Stacked bars of cells `(name, part, number)`; the table has one column per part, as `header` says."""
    data = [{"name": name, "part": part, "value": value} for name, part, value in cells]
    spec = (
        alt.Chart(alt.Data(values=data), width=440, height={"step": 26})
        .mark_bar(height={"band": 0.62})
        .encode(
            x=alt.X("value:Q", title=None, axis=alt.Axis(tickCount=5)),
            y=alt.Y("name:N", sort=None, title=None, axis=alt.Axis(ticks=False, domain=False)),
            color=alt.Color("part:N", sort=None, scale=alt.Scale(range=list(SCALE))),
        )
    )
    return _chart(spec, caption=caption, header=header, rows=crossed(cells))


def line(
    caption: Text,
    *,
    cells: Sequence[Cell],
    header: tuple[Text, ...],
    target: float | None = None,
    percent: bool = False,
) -> Chart:
    """Lines over time of cells `(day, series, number)` in order of day; `target` draws a dashed level."""
    spec: alt.Chart | alt.LayerChart = _lines(cells, percent=percent)
    if target is not None:
        level = alt.Chart(alt.Data(values=[{"value": target}])).mark_rule(strokeDash=[6, 4], color="#b3001b")
        spec = spec + level.encode(y="value:Q")
    shown = [(day, series, _percent(value) if percent else value) for day, series, value in cells]
    return _chart(spec, caption=caption, header=header, rows=crossed(shown))


def _lines(cells: Sequence[Cell], *, percent: bool) -> alt.Chart:
    data = [{"day": day, "series": series, "value": value} for day, series, value in cells]
    axis = alt.Axis(tickCount=5, format=".0%" if percent else alt.Undefined)
    days = list(dict.fromkeys(day for day, _, _ in cells))
    single = len({series for _, series, _ in cells}) < 2
    colours = alt.Scale(range=list(SCALE))
    base = alt.Chart(alt.Data(values=data), width=440, height=220)
    return base.mark_line(point=True, strokeWidth=2.5).encode(
        x=alt.X("day:O", sort=days, title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
        y=alt.Y("value:Q", title=None, axis=axis),
        color=alt.Color("series:N", sort=None, scale=colours, legend=None if single else alt.Legend()),
    )


def _percent(share: float | None) -> str | None:
    return None if share is None else f"{share:.1%}"


def crossed(cells: Sequence[Cell]) -> tuple[tuple[str | float | int | None, ...], ...]:
    """Turn `(row, column, number)` cells into table rows, both in order of first appearance."""
    names = dict.fromkeys(cell[0] for cell in cells)
    columns = dict.fromkeys(cell[1] for cell in cells)
    found = {(row, column): value for row, column, value in cells}
    return tuple((name, *(found.get((name, column)) for column in columns)) for name in names)


def _chart(spec: alt.TopLevelMixin, *, caption: Text, header: tuple[Text, ...], rows: tuple) -> Chart:
    described = {**spec.to_dict(), "config": CONFIG}
    drawing = svg_of(json.dumps(described, ensure_ascii=False, sort_keys=True), str(caption))
    return Chart(svg=drawing, caption=caption, header=header, rows=rows)


@lru_cache(maxsize=256)
def svg_of(spec: str, title: str) -> str:
    """Draw a Vega-Lite specification as an accessible SVG: one image with a title, nothing else announced."""
    raw = vl_convert.vegalite_to_svg(spec)
    quiet = re.sub(r' (?:role|aria-[a-z]+)="[^"]*"', "", raw)
    return re.sub(r"(<svg [^>]*)>", rf'\1 role="img" aria-label="{_attribute(title)}">', quiet, count=1)


def _attribute(text: str) -> str:
    return escape(text, quote=True).replace("\\", "\\\\")
