"""Coordinates: degrees and minutes, lost points, exchanged columns, and the places that nothing stands on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from tedori.engines.tabular.repairing.cells import REPAIRS, Change, Outcome, judged, listed, scatter
from tedori.engines.tabular.repairing.texts import SPARSE, SYMBOL, tidy

# Where Japan lies, its far islands included (degrees).
LATITUDES = (20.0, 46.0)
LONGITUDES = (122.0, 154.0)
DECIMAL = r"^-?[0-9]{1,3}\.[0-9]+$"
ANGLE = re.compile(
    r"^(?:北緯|東経|[NE]|緯度|経度)?:?(\d{2,3})(?:度|°|º|˚)(\d{1,2})(?:分|'|′|’)"
    r"(\d{1,2}(?:\.\d+)?)(?:秒|\"|″|”|'')?[NE]?$"
)
DOTTED = re.compile(r"^[NE]?(\d{2,3})\.(\d{1,2})\.(\d{1,2}(?:\.\d+)?)$")
COLONS = re.compile(r"^[NE]?(\d{2,3}):(\d{1,2}):(\d{1,2}(?:\.\d+)?)$")
MARKED = re.compile(r"^(?:北緯|東経|[NE]|緯度|経度)?:?(\d{1,3}\.\d+)(?:度|°)?[NE]?$")
POINTLESS = re.compile(r"^\d{7,12}$")
BOTH = re.compile(r"^\(?(-?\d{1,3}\.\d+)[,/ 、]+(-?\d{1,3}\.\d+)\)?$")


@dataclass(frozen=True, slots=True)
class Axes:
    """The names of the two items that hold a point."""

    latitude: str
    longitude: str


def mend(value: str) -> Outcome:
    """Judge one coordinate by itself: degrees, minutes and seconds, marks, a lost decimal point."""
    for pattern in (ANGLE, DOTTED, COLONS):
        found = pattern.match(value)
        if found:
            return _angle(found, value)
    found = MARKED.match(value)
    if found:
        return Outcome(found.group(1), "coordinate-layout")
    return _pointed(value) if POINTLESS.match(value) else Outcome(value, doubt="coordinate-unreadable")


def _angle(found: re.Match[str], value: str) -> Outcome:
    degrees, minutes, seconds = (float(part) for part in found.groups())
    if minutes >= 60 or seconds >= 60:
        return Outcome(value, doubt="coordinate-unreadable")
    return Outcome(f"{degrees + minutes / 60 + seconds / 3600:.6f}", "degrees-minutes")


def _pointed(value: str) -> Outcome:
    """Put the point back where only one place for it lies in Japan."""
    if 122 <= int(value[:3]) < 154:
        return Outcome(f"{value[:3]}.{value[3:]}", "decimal-point")
    if 20 <= int(value[:2]) < 46:
        return Outcome(f"{value[:2]}.{value[2:]}", "decimal-point")
    return Outcome(value, doubt="coordinate-unreadable")


_tidy = tidy(SYMBOL, SPARSE)


def repair(
    frame: pl.DataFrame, axes: Axes, *, suspects: Mapping[str, pl.Series] | None = None
) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Repair the two columns of a point together; gives the new frame and the lists of repairs."""
    repairs: list[pl.DataFrame] = []
    if _untidy(frame, axes, suspects or {}):
        frame, repairs = _tidied(frame, axes)
    numbers = degrees(frame, axes)
    flags = numbers.select(exchanged=EXCHANGED.fill_null(False), zero=ZERO.fill_null(False))
    for flag, rule in (("exchanged", "exchanged-coordinates"), ("zero", "zero-coordinates")):
        if flags[flag].any():
            frame, done = _both(frame, axes, flags[flag].arg_true(), rule=rule, empty=flag == "zero")
            repairs.append(done)
    return frame, [part for part in repairs if part.height]


EXCHANGED = pl.col("lat").is_between(*LONGITUDES) & pl.col("lon").is_between(*LATITUDES)
ZERO = (pl.col("lat") == 0) & (pl.col("lon") == 0)


def _untidy(frame: pl.DataFrame, axes: Axes, suspects: Mapping[str, pl.Series]) -> bool:
    if axes.latitude in suspects and axes.longitude in suspects:
        return bool(suspects[axes.latitude].len() or suspects[axes.longitude].len())
    first, second = (pl.col(name).str.contains(DECIMAL).all() for name in (axes.latitude, axes.longitude))
    return not frame.select(first & second).item()


def _tidied(frame: pl.DataFrame, axes: Axes) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Split what stands in one cell, then read each column by itself."""
    frame, split = _split_pairs(frame, axes)
    frame, north = _by_itself(frame, axes.latitude)
    frame, east = _by_itself(frame, axes.longitude)
    return frame, [split, north, east]


def _by_itself(frame: pl.DataFrame, name: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    column = frame[name]
    at = (~column.str.contains(DECIMAL)).fill_null(False).arg_true()
    if not at.len():
        return frame, pl.DataFrame(schema=REPAIRS)
    before = column.gather(at)
    tidied, names = _tidy.over(before)
    verdicts = judged(tidied, mend).filter(pl.col("rule").is_not_null())
    table = pl.DataFrame({"value": tidied, "names": names}).join(
        verdicts, on="value", how="left", maintain_order="left"
    )
    after = table.select(pl.coalesce("after", "value"))["after"]
    rule = table.select(pl.concat_str(["names", "rule"], separator="+", ignore_nulls=True))["names"]
    return put(frame, name, scatter(column, at=at, before=before, after=after, rule=rule))


def put(frame: pl.DataFrame, name: str, change: Change | None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Put a changed column into the frame and list its repairs."""
    if change is None:
        return frame, pl.DataFrame(schema=REPAIRS)
    return frame.with_columns(change.column.alias(name)), listed(change, name, frame["_row"])


def degrees(frame: pl.DataFrame, axes: Axes) -> pl.DataFrame:
    """Give the two columns as numbers `lat` and `lon`, null where they are none."""
    return frame.select(
        lat=pl.col(axes.latitude).cast(pl.Float64, strict=False),
        lon=pl.col(axes.longitude).cast(pl.Float64, strict=False),
    )


def _both(
    frame: pl.DataFrame, axes: Axes, at: pl.Series, *, rule: str, empty: bool
) -> tuple[pl.DataFrame, pl.DataFrame]:
    if not at.len():
        return frame, pl.DataFrame(schema=REPAIRS)
    lat, lon = frame[axes.latitude], frame[axes.longitude]
    nothing = pl.Series([None], dtype=pl.String).new_from_index(0, at.len())
    names = pl.Series([rule], dtype=pl.String).new_from_index(0, at.len())
    pairs = ((axes.latitude, lat, lon), (axes.longitude, lon, lat))
    repairs = []
    for name, own, other in pairs:
        after = nothing if empty else other.gather(at)
        change = scatter(own, at=at, before=own.gather(at), after=after, rule=names)
        frame, done = put(frame, name, change)
        repairs.append(done)
    return frame, pl.concat(repairs)


def _split_pairs(frame: pl.DataFrame, axes: Axes) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Split "35.68,139.76" in one cell when the other cell is empty or holds the same."""
    lat, lon = frame[axes.latitude], frame[axes.longitude]
    pair = lat.str.contains(r"^[(（]?-?[0-9]{1,3}\.[0-9]+[,，/、 　]+-?[0-9]{1,3}\.[0-9]+[)）]?$").fill_null(
        False
    )
    at = (pair & (lon.is_null() | lon.eq_missing(lat))).arg_true()
    if not at.len():
        return frame, pl.DataFrame(schema=REPAIRS)
    parts = lat.gather(at).str.extract_groups(
        r"(?P<first>-?[0-9]{1,3}\.[0-9]+)[^0-9.]+(?P<second>[0-9]{1,3}\.[0-9]+)"
    )
    names = pl.Series(["split-pair"], dtype=pl.String).new_from_index(0, at.len())
    repairs = []
    for name, own, part in ((axes.latitude, lat, "first"), (axes.longitude, lon, "second")):
        after = parts.struct.field(part)
        frame, done = put(frame, name, scatter(own, at=at, before=own.gather(at), after=after, rule=names))
        repairs.append(done)
    return frame, pl.concat(repairs)
