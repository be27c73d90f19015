"""Checks of where things are: Japan, the municipality, the other rows, and the codes beside them."""

from __future__ import annotations

import polars as pl
import shapely
from shapely.geometry.base import BaseGeometry

from tedori.engines.tabular.checking.rows import by_row, present, where
from tedori.engines.tabular.repairing.points import LATITUDES, LONGITUDES, Axes, degrees
from tedori.engines.tabular.values import Definition, Finding, PlaceGuess
from tedori.engines.tabular.wording import finding

KM_PER_DEGREE = 111.32
# Without a boundary a row is far when it lies this far from the middle of the rows, and several times farther
# than nine tenths of them (islands).
FAR_KM, FAR_TIMES = 30.0, 5.0
# Points just outside a boundary come from its generalisation.
MARGIN_KM = 0.3
ONE_POINT_ROWS = 5
CODE_LENGTH = 6
OLD_DATUM = r"(?i)4301|tokyo|旧?日本測地系(?:$|[^2])"


def check(
    frame: pl.DataFrame,
    definition: Definition,
    *,
    axes: Axes | None,
    place: PlaceGuess,
    boundary: BaseGeometry | None = None,
) -> list[Finding]:
    """Check points and the municipality that the rows name."""
    findings = _municipality(frame, definition, place) + _declared_datum(frame)
    if axes is None or not present(frame, (axes.latitude,)):
        return findings
    points = degrees(frame, axes).with_columns(row=frame["_row"])
    findings += _half(frame, points, axes)
    findings += _abroad(points, axes)
    inside = points.filter(pl.col("lat").is_between(*LATITUDES) & pl.col("lon").is_between(*LONGITUDES))
    findings += _one_point(inside, frame.height, axes)
    findings += _outside(inside, axes, place, boundary) if boundary is not None else _far(inside, axes)
    return findings


def _half(frame: pl.DataFrame, points: pl.DataFrame, axes: Axes) -> list[Finding]:
    mask = frame[axes.latitude].is_null() != frame[axes.longitude].is_null()
    return by_row("coordinate-half", axes.latitude, where(frame, mask)) if mask.any() else []


def _abroad(points: pl.DataFrame, axes: Axes) -> list[Finding]:
    japan = pl.col("lat").is_between(*LATITUDES) & pl.col("lon").is_between(*LONGITUDES)
    away = points.filter(~japan)
    return by_row("coordinate-abroad", axes.latitude, away) if away.height else []


def _one_point(points: pl.DataFrame, rows: int, axes: Axes) -> list[Finding]:
    if points.height < ONE_POINT_ROWS or points["lat"].n_unique() > 1 or points["lon"].n_unique() > 1:
        return []
    lat, lon, _ = points.row(0)
    return [finding("coordinate-one-point", item=axes.latitude, count=points.height, lat=lat, lon=lon)]


def _outside(points: pl.DataFrame, axes: Axes, place: PlaceGuess, boundary: BaseGeometry) -> list[Finding]:
    """Compare with the boundary that the adopter supplied (longitude and latitude, world datum)."""
    shapely.prepare(boundary)
    inside = shapely.contains_xy(boundary, points["lon"].to_numpy(), points["lat"].to_numpy())
    away = points.filter(~pl.Series(inside))
    if not away.height:
        return []
    gaps = (
        shapely.distance(boundary, shapely.points(away["lon"].to_numpy(), away["lat"].to_numpy()))
        * KM_PER_DEGREE
    )
    away = away.with_columns(distance=pl.Series(gaps)).filter(pl.col("distance") > MARGIN_KM)
    told = away.select("row", pl.col("distance").round(1), place=pl.lit(place.name or "区域"))
    return by_row("coordinate-outside", axes.latitude, told)


def _far(points: pl.DataFrame, axes: Axes) -> list[Finding]:
    """Compare with the other rows."""
    if points.height < ONE_POINT_ROWS:
        return []
    north = (pl.col("lat") - pl.col("lat").median()) * KM_PER_DEGREE
    east = (pl.col("lon") - pl.col("lon").median()) * KM_PER_DEGREE * 0.82
    gaps = points.select("row", distance=(north**2 + east**2).sqrt())
    usual = gaps["distance"].quantile(0.9) or 0.0
    limit = max(FAR_KM, FAR_TIMES * usual)
    away = gaps.filter(pl.col("distance") > limit).with_columns(pl.col("distance").round(1))
    return by_row("coordinate-far", axes.latitude, away)


def _declared_datum(frame: pl.DataFrame) -> list[Finding]:
    findings = []
    for name in present(frame, (name for name in frame.columns if "座標参照系" in name or "測地系" in name)):
        values = frame[name].drop_nulls().unique()
        for value in values.filter(values.str.contains(OLD_DATUM)):
            findings.append(finding("datum-declared", item=name, value=value))
    return findings


def _municipality(frame: pl.DataFrame, definition: Definition, place: PlaceGuess) -> list[Finding]:
    if not place.code or not place.name:
        return []
    cities = _of_kind(definition, "city")
    publishers = _publisher_codes(definition)
    other_code = (pl.col("value") != place.code) & (pl.col("value").str.len_bytes() == CODE_LENGTH)
    other_city = ~pl.col("value").str.ends_with(place.name)
    asked = (("place-disagrees", cities, other_city), ("code-mixed", publishers, other_code))
    return [
        finding(code, item=name, place=place.name, **facts)
        for code, names, wrong in asked
        for name in present(frame, names)
        for facts in _others(frame, name, wrong)
    ]


def _of_kind(definition: Definition, kind: str) -> list[str]:
    return [item.name for item in definition.items if item.kind == kind]


def _publisher_codes(definition: Definition) -> list[str]:
    """The item for the code of who publishes, if there is one; places may lie in other municipalities."""
    return [name for name in _of_kind(definition, "code-municipality") if "所在地" not in name][:1]


def _others(frame: pl.DataFrame, name: str, wrong: pl.Expr) -> list[dict[str, object]]:
    """Count the values that are not the publisher's, the ten most frequent."""
    counted = frame.select(value=name).drop_nulls().group_by("value").len("count")
    return counted.filter(wrong).sort("count", "value", descending=[True, False]).head(10).to_dicts()
