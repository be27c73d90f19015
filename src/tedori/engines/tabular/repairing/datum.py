"""The old Tokyo Datum: points about 450 m off, shifted only where heading or 町丁目 prove it."""

from __future__ import annotations

import math

import polars as pl

from tedori.engines.tabular.repairing.addresses import Parts, located
from tedori.engines.tabular.repairing.cells import scatter
from tedori.engines.tabular.repairing.gazetteer import Gazetteer
from tedori.engines.tabular.repairing.points import Axes, degrees, put

# So many points with a known town are asked before anything is believed.
ENOUGH, ASKED = 20, 2000
# Metres: the shift is believed when the points miss their towns by the shift and by nothing else.
NEAR, FAR = 150.0, 300.0
METRES_PER_DEGREE = 111_320.0


def shifted(latitude: pl.Expr, longitude: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Give the world coordinates of Tokyo Datum coordinates (good to a few metres)."""
    lat = latitude - latitude * 0.00010695 + longitude * 0.000017464 + 0.0046017
    lon = longitude - latitude * 0.000046038 - longitude * 0.000083043 + 0.010040
    return lat, lon


def offset(
    frame: pl.DataFrame, parts: Parts, axes: Axes, *, code: str, gazetteer: Gazetteer
) -> tuple[float, float] | None:
    """Give the median distance (metres north, east) of the towns from the points; None with too few."""
    numbers = degrees(frame, axes).with_columns(address=frame[parts.joined])
    sample = numbers.filter(pl.col("lat").is_between(20, 46) & pl.col("lon").is_between(122, 154)).head(ASKED)
    gaps = []
    for lat, lon, address in sample.iter_rows():
        hit = located(address, code, gazetteer) if address else None
        if hit and hit[0].latitude is not None and hit[0].longitude is not None:
            scale = METRES_PER_DEGREE * math.cos(math.radians(lat))
            gaps.append(((hit[0].latitude - lat) * METRES_PER_DEGREE, (hit[0].longitude - lon) * scale))
    if len(gaps) < ENOUGH:
        return None
    middle = pl.DataFrame(gaps, schema=["north", "east"], orient="row").median()
    return middle.row(0)


def is_tokyo(gap: tuple[float, float], *, latitude: float) -> bool:
    """Tell whether the points miss their towns by just the shift between the two datums."""
    place = pl.DataFrame({"lat": [latitude], "lon": [139.0]})
    moved = place.select(*shifted(pl.col("lat"), pl.col("lon").alias("moved")))
    north = (moved.item(0, 0) - latitude) * METRES_PER_DEGREE
    east = (moved.item(0, 1) - 139.0) * METRES_PER_DEGREE * math.cos(math.radians(latitude))
    return math.hypot(*gap) > FAR and math.hypot(gap[0] - north, gap[1] - east) < NEAR


def proven(frame: pl.DataFrame, parts: Parts, axes: Axes, *, code: str, gazetteer: Gazetteer) -> bool:
    """Tell whether the towns of the addresses prove that the points are on the old datum."""
    gap = offset(frame, parts, axes, code=code, gazetteer=gazetteer)
    return gap is not None and is_tokyo(gap, latitude=36.0)


def shift(frame: pl.DataFrame, axes: Axes) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Shift all points from the old datum to the world datum."""
    numbers = degrees(frame, axes)
    inside = numbers.select(pl.col("lat").is_between(20, 46) & pl.col("lon").is_between(122, 154))
    at = inside.to_series().fill_null(False).arg_true()
    lat, lon = shifted(pl.col("lat"), pl.col("lon"))
    fresh = numbers[at].select(lat=lat.round(6), lon=lon.round(6)).cast(pl.String)
    rule = pl.Series(["tokyo-datum"], dtype=pl.String).new_from_index(0, at.len())
    repairs = []
    for name, part in ((axes.latitude, "lat"), (axes.longitude, "lon")):
        change = scatter(frame[name], at=at, before=frame[name].gather(at), after=fresh[part], rule=rule)
        frame, done = put(frame, name, change)
        repairs.append(done)
    return frame, repairs
