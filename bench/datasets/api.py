"""Figure on the public API: rows by filter and by bbox, against Datasette and pygeoapi on the same table."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterator
from urllib.parse import quote
from urllib.request import urlopen

from bench.datasets.bigfile import CACHE
from bench.datasets.world import built_world
from bench.figure import CannotMeasure, Figure, Measured
from bench.load import Load, load
from bench.servers import datasette, ours, pygeoapi

SLUG, LIMIT, ROUNDS, SECONDS = "fire_hydrant", 100, 3, 4.0
CODES = ("131016", "131121", "131202", "132012", "132098", "131237", "131172", "132021")
BOXES = (
    (139.60, 35.60, 139.70, 35.70), (139.70, 35.65, 139.80, 35.72), (139.30, 35.60, 139.45, 35.75),
    (139.50, 35.66, 139.60, 35.76), (139.75, 35.70, 139.90, 35.80), (139.10, 35.60, 139.30, 35.82),
)  # fmt: skip


def _asked() -> dict[str, dict[str, list[str]]]:
    """Server → what is asked → paths; every server is asked for the same rows."""
    box = [",".join(map(str, one)) for one in BOXES]
    within = "&_shape=objects&_lon__gte={}&_lat__gte={}&_lon__lte={}&_lat__lte={}"
    rows, items = (
        f"/api/v1/datasets/{SLUG}/rows?limit={LIMIT}",
        f"/collections/rows/items?f=json&limit={LIMIT}",
    )
    table = f"/rows/rows.json?_size={LIMIT}"
    return {
        "Tedori": {
            "filter": [f"{rows}&municipality={code}" for code in CODES],
            "bbox": [f"{rows}&bbox={one}" for one in box],
        },
        "Datasette": {
            "filter": [f"{table}&_shape=objects&_organisation={code}" for code in CODES],
            "bbox": [table + within.format(*one) for one in BOXES],
        },
        "pygeoapi": {
            "filter": [f"{items}&{quote('_organisation')}={code}" for code in CODES],
            "bbox": [f"{items}&bbox={one}" for one in box],
        },
    }


def _table(port: int) -> Iterator[dict[str, object]]:
    """All rows, fetched from our own API page by page."""
    path = f"/api/v1/datasets/{SLUG}/rows?limit=1000"
    while path:
        with urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
            page = json.load(answer)
        for row in page["rows"]:
            yield row | {key: None if row[key] is None else float(row[key]) for key in ("_lat", "_lon")}
        following = page["next"] or ""
        path = following[following.index("/api/") :] if following else ""


def _measure_all(ports: dict[str, int]) -> dict[tuple[str, str], list[Load]]:
    """Load each server in turn, several rounds, so that a busy moment hits all alike."""
    asked = _asked()
    found: dict[tuple[str, str], list[Load]] = {}
    for server, port in ports.items():
        for paths in asked[server].values():
            load(port, paths, seconds=1)
    for _ in range(ROUNDS):
        for question in ("filter", "bbox"):
            for server, port in ports.items():
                one = load(port, asked[server][question], seconds=SECONDS)
                found.setdefault((server, question), []).append(one)
    return found


def _speed() -> Measured:
    folder = CACHE / "api"
    folder.mkdir(parents=True, exist_ok=True)
    with ours(built_world(), folder / "tedori.log") as own:
        rows = list(_table(own))
        if len(rows) < LIMIT:
            raise CannotMeasure(f"the demo world has only {len(rows)} rows of {SLUG}")
        with datasette(rows, folder) as theirs, pygeoapi(rows, folder) as others:
            found = _measure_all({"Tedori": own, "Datasette": theirs, "pygeoapi": others})
    return _judge(found, rows=len(rows))


def _judge(found: dict[tuple[str, str], list[Load]], *, rows: int) -> Measured:
    rate = {key: statistics.median(one.rate for one in loads) for key, loads in found.items()}
    p99 = {key: statistics.median(one.p99 for one in loads) for key, loads in found.items()}
    peers = [key for key in rate if key[0] != "Tedori"]
    ratios = {key: rate["Tedori", key[1]] / rate[key] for key in peers}
    lower = all(p99["Tedori", key[1]] < p99[key] for key in peers)

    def told(server: str) -> str:
        return ", ".join(
            f"{question} {rate[server, question]:.0f}/s p99 {p99[server, question]:.1f} ms"
            for question in ("filter", "bbox")
        )

    return Measured(
        value=round(min(rate["Tedori", "filter"], rate["Tedori", "bbox"]), 1),
        holds=min(ratios.values()) >= 5 and lower,
        what=f"{rows} rows, {LIMIT} per answer, one process each; Tedori {told('Tedori')}",
        against=f"Datasette {told('Datasette')}; pygeoapi {told('pygeoapi')}",
        ratio=round(min(ratios.values()), 2),
    )


FIGURE = Figure("api-speed", "rows by filter and by bbox", "requests/s", "≥ 5× each, lower p99", _speed)
