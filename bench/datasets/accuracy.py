"""Figures on accuracy, over a demo world from a seed that nobody tuned the engine on and over real files."""

from __future__ import annotations

import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from functools import cache
from multiprocessing import get_context
from pathlib import Path

from bench.datasets.realfiles import real_files
from bench.figure import Figure, Measured
from tedori.engines.tabular import pipeline
from tedori.services.datasets.demo.generator import UNSEEN_SEED, drafts
from tedori.services.datasets.demo.homes import homes
from tedori.services.datasets.demo.measuring import Tally, measure, share

NO_REAL = "; no real files beside the project"
TODAY = date(2026, 11, 20)


def tally_of(seed: int, code: str, slugs: tuple[str, ...] = ()) -> Tally:
    """Generate one municipality's files, run the engine over them, compare with the truth."""
    total = Tally()
    with tempfile.TemporaryDirectory() as folder:
        for made in drafts(seed, code, slugs=slugs):
            path = Path(folder) / made.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(made.data)
            total.add(measure(made, pipeline.standardise(path, today=TODAY)))
            path.unlink()
    return total


@cache
def demo_tally(seed: int = UNSEEN_SEED) -> Tally:
    """The tally of all 62 municipalities."""
    codes = [home.code for home in homes()]
    total = Tally()
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        for done, tally in enumerate(pool.map(tally_of, [seed] * len(codes), codes), start=1):
            total.add(tally)
            print(f"\raccuracy: {done}/{len(codes)} municipalities", end="", file=sys.stderr)
    print(file=sys.stderr)
    return total


def percent(part: int, whole: int) -> float:
    """A share in percent with three decimals."""
    return round(100 * share(part, whole), 3)


def _recognise() -> Measured:
    found, real = demo_tally(), real_files(TODAY)
    edition, form = percent(found.edition, found.files), percent(found.form, found.files)
    holds = edition >= 98 and found.form == found.files
    told = (
        f"dataset {percent(found.recognised, found.files)} %, dataset and edition {edition} %, "
        f"header row and encoding {form} %, municipality {percent(found.place, found.files)} % "
        f"of {found.files} files of an unseen demo world"
    )
    if real.files:
        known = percent(real.recognised, real.files)
        holds = holds and known >= 98 and real.formed == real.forms
        edition = min(edition, known)
        told += (
            f"; dataset and edition {known} % of {real.files} labelled real files, "
            f"header row and encoding {percent(real.formed, real.forms)} % of {real.forms}"
        )
    return Measured(value=edition, holds=holds, what=told + ("" if real.files else NO_REAL))


def _columns() -> Measured:
    found, real = demo_tally(), real_files(TODAY).score
    precision, accepted = percent(found.accepted_right, found.accepted), percent(found.mapped, found.mappable)
    holds = precision >= 99 and accepted >= 92
    told = (
        f"precision {precision} % of {found.accepted} accepted columns, "
        f"{accepted} % of {found.mappable} mappable columns accepted (unseen demo world)"
    )
    if real.accepted:
        right, share_found = percent(real.right, real.accepted), percent(real.found, real.mappable)
        holds = holds and right >= 99 and share_found >= 92
        precision = min(precision, right)
        told += (
            f"; precision {right} % of {real.accepted}, {share_found} % of {real.mappable} accepted "
            "(hand-labelled real files)"
        )
    return Measured(value=precision, holds=holds, what=told + ("" if real.accepted else NO_REAL))


def _repairs() -> Measured:
    found = demo_tally()
    right = percent(found.restored, found.certain)
    wrong = percent(found.wrong, found.repairs)
    return Measured(
        value=right,
        holds=right >= 97 and wrong <= 0.1,
        what=f"{found.restored} of {found.certain} provable defects in accepted columns restored ({right} %; "
        f"{found.unreached} more stand in columns left to a person), "
        f"{found.wrong} of {found.repairs} changes wrong ({wrong} %)",
    )


FIGURES = (
    Figure(
        "recognise", "dataset and edition recognised; header row and encoding right", "%", "≥ 98 %; 100 %",
        _recognise,
    ),
    Figure("columns", "columns accepted without a person", "%", "≥ 99 %; ≥ 92 %", _columns),
    Figure("repairs", "repaired values right; wrong repairs", "%", "≥ 97 %; ≤ 0.1 %", _repairs),
)  # fmt: skip
