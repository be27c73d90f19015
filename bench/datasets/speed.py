"""Figures on the engine's speed: against a bare Polars scan, and against frictionless."""

from __future__ import annotations

import json
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from bench.datasets.bigfile import CACHE, big_file
from bench.figure import CannotMeasure, Figure, Measured
from bench.peers import peer
from bench.processes import Cost, run
from tedori.engines.tabular.definitions import definition
from tedori.vocabulary.municipalities import PREFECTURES

PAIRS = 3
MILLION, SMALLER = 1_000_000, 100_000
USABLE = (0, 1)
# What the engine checks of each kind of item, said in frictionless's words, so that both do the same work.
CHECKS: dict[str, dict[str, object]] = {
    "code-municipality": {"pattern": r"\d{6}"},
    "code-town": {"pattern": r"\d{7}"},
    "corporate-number": {"pattern": r"\d{13}"},
    "kana": {"pattern": r"[ァ-ヶー・0-9 ]*"},
    "phone": {"pattern": r"[0０][0-9０-９()（） /－-]*"},
    "postcode": {"pattern": r"〒?\d{3}-?\d{4}"},
    "url": {"pattern": r"https?://\S+"},
    "latitude": {"minimum": 20, "maximum": 46},
    "longitude": {"minimum": 122, "maximum": 154},
    "prefecture": {"enum": [place.name for place in PREFECTURES]},
}
NUMBERS = frozenset(("latitude", "longitude"))


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


def _schema() -> None:
    """A Table Schema with the definition's types, demands, patterns, ranges and uniqueness."""
    fields = []
    for item in definition("public_wireless_lan").items:
        constraints = dict(CHECKS.get(item.kind, {}))
        if item.demand == "必須":
            constraints["required"] = True
        if item.name == "ID":
            constraints["unique"] = True
        kind = "number" if item.kind in NUMBERS else "string"
        fields.append({"name": item.name, "type": kind, "constraints": constraints})
    schema = {"fields": fields, "primaryKey": list(definition("public_wireless_lan").key)}
    (CACHE / "schema.json").write_text(json.dumps(schema, ensure_ascii=False))


def _frictionless() -> Measured:
    path = big_file(SMALLER)
    program = str(peer("frictionless") / "frictionless")
    command = ["env", f"--chdir={CACHE}", program, "validate", path.name, "--schema", "schema.json", "--json"]
    _schema()
    pairs = [(_engine(path), run(command, log=CACHE / "frictionless.log")) for _ in range(PAIRS)]
    told = (CACHE / "frictionless.log").read_text(errors="replace")
    if f'"rows": {SMALLER}' not in told:
        raise CannotMeasure(f"frictionless did not come to the end: {_last(CACHE / 'frictionless.log')}")
    ours = statistics.median(engine.cpu for engine, _ in pairs)
    theirs = statistics.median(peer_cost.cpu for _, peer_cost in pairs)
    idle = statistics.median(_engine(_head(path)).cpu for _ in range(PAIRS))
    ratio = statistics.median(peer_cost.cpu / engine.cpu for engine, peer_cost in pairs)
    return Measured(
        value=round(ratio, 1),
        holds=ratio >= 20,
        what=f"`tedori standardise` {ours:.2f} CPU s with repairs, reports and files, "
        f"{idle:.2f} s of it for starting (the same with 20 rows)",
        against=f"frictionless validate with the same checks {theirs:.1f} CPU s",
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
