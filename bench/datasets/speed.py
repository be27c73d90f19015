"""Figures on the engine's speed: against a bare Polars scan, and against frictionless."""

from __future__ import annotations

import json
import shutil
import statistics
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from bench.datasets.bigfile import CACHE, big_file
from bench.datasets.tableschema import CHECKS, checklist, table_schema
from bench.figure import CannotMeasure, Figure, Measured
from bench.peers import peer
from bench.processes import Cost, run

PAIRS = 3
MILLION, SMALLER = 1_000_000, 100_000
USABLE = (0, 1)
TOLD = CACHE / "frictionless.log"
DATASET = "public_wireless_lan"


def _engine(path: Path) -> Cost:
    """The whole engine as a user starts it, reports and standard file included."""
    out = Path(tempfile.mkdtemp(dir=CACHE))
    try:
        cost = run(
            [sys.executable, "-m", "tedori.site.cli", "standardise", str(path), "--out", str(out)],
            log=CACHE / "engine.log",
        )
        if cost.code not in USABLE or not any(out.rglob("report.json")):
            raise CannotMeasure(f"the engine ended with {cost.code}: {_last(CACHE / 'engine.log')}")
        return cost
    finally:
        shutil.rmtree(out)


def _last(log: Path) -> str:
    return (log.read_text(errors="replace").strip().splitlines() or [""])[-1][:200]


def _speed() -> Measured:
    path = big_file(MILLION)
    scan = [sys.executable, "-m", "bench.datasets._bare_scan", str(path)]
    pairs = [(_engine(path), run(scan, log=CACHE / "scan.log")) for _ in range(PAIRS)]
    if any(bare.code for _, bare in pairs):
        raise CannotMeasure(f"the bare scan failed: {_last(CACHE / 'scan.log')}")
    times = statistics.median(engine.cpu / bare.cpu for engine, bare in pairs)
    engine = statistics.median(engine.cpu for engine, _ in pairs)
    bare = statistics.median(bare.cpu for _, bare in pairs)
    peak = max(engine.peak for engine, _ in pairs)
    return Measured(
        value=round(times, 2),
        holds=times <= 5 and peak <= 2048,
        what=f"`tedori standardise` {engine:.1f} CPU s, peak {peak:.0f} MiB; median of {PAIRS} pairs",
        against=f"bare Polars scan and 8 checks {bare:.2f} CPU s",
        ratio=round(1 / times, 3),
    )


def _validate(path: Path, checks: Mapping[str, object]) -> Cost:
    """Frictionless over the whole file, with the definition as its schema."""
    for name, value in (("schema", table_schema(DATASET)), ("checklist", checks)):
        (CACHE / f"{name}.json").write_text(json.dumps(value, ensure_ascii=False))
    program = str(peer("frictionless") / "frictionless")
    command = ["env", f"--chdir={CACHE}", program, "validate", path.name, "--json"]
    cost = run([*command, "--schema", "schema.json", "--checklist", "checklist.json"], log=TOLD)
    if f'"rows": {SMALLER}' not in TOLD.read_text(errors="replace"):
        raise CannotMeasure(f"frictionless did not come to the end: {_last(TOLD)}")
    return cost


def _frictionless() -> Measured:
    path = big_file(SMALLER)
    pairs = [(_engine(path), _validate(path, checklist(DATASET))) for _ in range(PAIRS)]
    ours = statistics.median(engine.cpu for engine, _ in pairs)
    theirs = statistics.median(peer_cost.cpu for _, peer_cost in pairs)
    cells = _validate(path, {"checks": []}).cpu
    idle = statistics.median(_engine(_head(path)).cpu for _ in range(PAIRS))
    ratio = statistics.median(peer_cost.cpu / engine.cpu for engine, peer_cost in pairs)
    return Measured(
        value=round(ratio, 1),
        holds=ratio >= 20,
        what=f"`tedori standardise` {ours:.2f} CPU s with repairs, reports and files, "
        f"{idle:.2f} s of it for starting (the same with 20 rows)",
        against=f"frictionless validate {theirs:.1f} CPU s ({cells:.1f} s without the checks of whole rows); "
        f"same checks: {CHECKS}",
        ratio=round(ratio, 1),
    )


def _head(path: Path) -> Path:
    """The first rows of a file as a file."""
    place = CACHE / "head.csv"
    with path.open("rb") as source:
        place.write_bytes(b"".join(next(source) for _ in range(21)))
    return place


FIGURES = (
    Figure(
        "engine-speed",
        "1M rows × 28 columns, CPU of the whole engine",
        "× a bare scan",
        "≤ 5×; ≤ 2 GiB",
        _speed,
    ),
    Figure("vs-frictionless", "100k rows, CPU", "× less CPU", "≥ 20×", _frictionless),
)
