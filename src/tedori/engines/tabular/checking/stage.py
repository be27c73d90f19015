"""The stage itself: all checks of one repaired frame against its definition."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl
from shapely.geometry.base import BaseGeometry

from tedori.engines.tabular.checking import cellwise, demands, places
from tedori.engines.tabular.repairing.kinds import Known
from tedori.engines.tabular.repairing.stage import axes_of, known_codes
from tedori.engines.tabular.values import Definition, Finding, PlaceGuess
from tedori.engines.tabular.wording import finding


def check(
    frame: pl.DataFrame,
    definition: Definition,
    *,
    place: PlaceGuess,
    today: date,
    boundary: BaseGeometry | None = None,
    suspects: Mapping[str, pl.Series] | None = None,
) -> tuple[Finding, ...]:
    """Check a frame of standard items: values, columns, rows and places.

    `boundary` is the area of the municipality in longitude and latitude; without it points are compared with
    each other. A place in another municipality is a warning, never an error, because it may be legitimate.
    `suspects` (see scanning) names the rows per column that need a look at all.
    """
    if not frame.height:
        return (finding("no-rows"),)
    known = Known(municipalities=known_codes(place))
    findings = demands.check(frame, definition)
    findings += cellwise.check(frame, definition, known=known, today=today, suspects=suspects or {})
    axes = axes_of(definition, frame.columns)
    findings += places.check(frame, definition, axes=axes, place=place, boundary=boundary)
    return tuple(findings)
