"""Where the demo's things stand: facilities of the open datasets, and stations invented near them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from tedori.kernel.lake.store import Lake, house_lake
from tedori.vocabulary.municipalities import TOKYO, Municipality

COLUMNS = ("ID", "名称", "所在地_連結表記", "_lat", "_lon")
SHELTERS, TOILETS = "evacuation_space", "public_toilet"
EACH = {SHELTERS: 4, TOILETS: 3}
CENTRE = (
    139.42,
    35.68,
)  # where a municipality without any facility is put, shifted by its place on the tile map


@dataclass(frozen=True, slots=True)
class Place:
    """Something that stands somewhere: `kind` is its type, `number` the last part of its id."""

    kind: str
    code: str
    number: str
    name: str
    latitude: float
    longitude: float
    address: str = ""
    facility: str = ""
    size: int = 0

    @property
    def urn(self) -> str:
        """The id of its entity."""
        return f"urn:ngsi-ld:{self.kind}:{self.code}:{self.number}"


def places(codes: Sequence[str] = ()) -> tuple[Place, ...]:
    """Everything of the demo, in the order of municipalities, of those that are named, or of all."""
    lake = house_lake()
    return tuple(place for town in TOKYO if not codes or town.code in codes for place in _of(town, lake))


def _of(town: Municipality, lake: Lake) -> Iterator[Place]:
    shelters = list(_facilities("EvacuationShelter", SHELTERS, town.code, lake))
    toilets = list(_facilities("Toilet", TOILETS, town.code, lake))
    yield from (*shelters, *toilets)
    latitude, longitude = _middle(town, (*shelters, *toilets))
    yield Place("CrowdFlowObserved", town.code, "station", f"{town.name} 中央駅前", latitude, longitude)
    yield Place(
        "WaterSupplyPoint",
        town.code,
        "park",
        f"{town.name} 中央公園 給水所",
        latitude + 0.004,
        longitude + 0.005,
    )


def _facilities(kind: str, dataset: str, code: str, lake: Lake) -> Iterator[Place]:
    for row in _rows(dataset, code, lake)[: EACH[dataset]]:
        yield Place(
            kind,
            code,
            row["ID"],
            row["名称"],
            round(row["_lat"], 6),
            round(row["_lon"], 6),
            address=row["所在地_連結表記"] or "",
            facility=row["ID"],
        )


def _rows(dataset: str, code: str, lake: Lake) -> Sequence[Mapping[str, Any]]:
    """The first rows of the newest version that have all that is needed; none where there is no version."""
    files = sorted(Path(lake.root / "datasets" / dataset / code).glob("v*.parquet"))
    if not files:
        return ()
    frame = pl.scan_parquet(files[-1])
    if not set(COLUMNS) <= set(frame.collect_schema().names()):
        return ()
    whole = frame.select(COLUMNS).drop_nulls(("ID", "名称", "_lat", "_lon"))
    whole = whole.filter(pl.col("ID").str.contains(r"^[0-9A-Za-z-]+$"))
    return whole.unique("ID", keep="first", maintain_order=True).head(10).collect().to_dicts()


def _middle(town: Municipality, found: Sequence[Place]) -> tuple[float, float]:
    if found:
        return (
            round(sum(one.latitude for one in found) / len(found), 6),
            round(sum(one.longitude for one in found) / len(found), 6),
        )
    longitude, latitude = CENTRE
    return round(latitude - 0.02 * (town.row or 0), 6), round(longitude + 0.025 * (town.column or 0), 6)
