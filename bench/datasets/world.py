"""Figure on the demo world: seconds from nothing to published."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from bench.datasets.bigfile import CACHE
from bench.figure import CannotMeasure, Figure, Measured
from bench.processes import Cost, run

HOME = CACHE / "world"


def _build() -> Cost:
    """Build the world anew with the ordinary command, aside, and put it in place when it is whole."""
    CACHE.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix="world-", dir=CACHE))
    log = draft.with_suffix(".log")
    command = [sys.executable, "-m", "tedori.site.cli", "demo", "--fresh"]
    cost = run(command, log=log, env={"TEDORI_HOME": str(draft)})
    words = (log.read_text(errors="replace").strip().splitlines() or [""])[-1]
    log.unlink()
    if cost.code:
        shutil.rmtree(draft)
        raise CannotMeasure(f"tedori demo ended with {cost.code}: {words[:200]}")
    shutil.rmtree(HOME, ignore_errors=True)
    draft.rename(HOME)
    return cost


def built_world() -> Path:
    """The data folder of a demo world; the one of the last measurement, built when there is none."""
    if not (HOME / "demo-finished").exists():
        _build()
    return HOME


def _world() -> Measured:
    cost = _build()
    return Measured(
        value=round(cost.wall, 1),
        holds=cost.wall <= 120,
        what=f"{cost.cpu:.0f} CPU s in all processes, peak {cost.peak:.0f} MiB in one; "
        f"load of the machine {os.getloadavg()[1]:.0f} with it",
    )


FIGURE = Figure(
    "demo-world", "demo world from nothing to published", "s", "120 s on 2 cores (orientation)", _world
)
