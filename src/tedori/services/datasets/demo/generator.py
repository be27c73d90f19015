"""Generates the files of the demo world, in parallel, with the truth about each kept aside.

Everything follows from the seed: the same seed gives the same bytes on every machine. Nothing here asks the
engine how to repair or map; the standard's definitions are used only for the headings of the books.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from tedori.engines.tabular.definitions import standard
from tedori.services.datasets.demo.drafts import BEFORE, NOW, Draft, draft
from tedori.services.datasets.demo.homes import Home, bureau, homes
from tedori.services.datasets.demo.towns import town

SEED = 20260401
UNSEEN_SEED = 7919
EARLIER_SLUGS = ("public_facility", "aed", "evacuation_space", "population", "public_toilet", "preschool")
EARLIER_EVERY = 5
BUREAU_SLUGS = ("public_facility", "aed", "public_wireless_lan", "open_data_list", "support_system")


@dataclass(frozen=True, slots=True)
class Order:
    """What to generate: where to, from which seed, for which municipalities and datasets (none: all)."""

    folder: Path
    seed: int = SEED
    codes: tuple[str, ...] = ()
    slugs: tuple[str, ...] = ()
    earlier: bool = True


def _wanted(slug: str, home: Home, slugs: tuple[str, ...]) -> bool:
    """Whether the dataset was ordered (no slugs: all) and the municipality has it."""
    ordered = not slugs or slug in slugs
    return ordered and (home.name != "東京都" or slug in BUREAU_SLUGS)


def drafts(seed: int, code: str, *, slugs: tuple[str, ...] = (), earlier: bool = False) -> Iterator[Draft]:
    """The files of one municipality, not written anywhere; last year's first. 東京都 has a few of its own."""
    number, home = next((n, home) for n, home in enumerate((*homes(), bureau())) if home.code == code)
    built = town(home, seed)
    again = EARLIER_SLUGS if number % EARLIER_EVERY == 0 else ()
    for slug, definition in standard().items():
        if not _wanted(slug, home, slugs):
            continue
        if earlier and slug in again:
            yield draft(definition, built, when=BEFORE)
        yield draft(definition, built, when=NOW)


def generate(
    order: Order,
    *,
    processes: int = 2,
    progress: Callable[[int, int], None] | None = None,
    pool: Executor | None = None,
) -> int:
    """Write all files into `folder`/files and the truth into `folder`/truth; gives the number of files.

    The municipalities are shared out among `processes` processes, or those of `pool`.
    """
    codes = order.codes or tuple(home.code for home in homes())
    if processes == 1:
        return _counted(map(_one_municipality, [order] * len(codes), codes), len(codes), progress)
    made = nullcontext(pool) if pool else ProcessPoolExecutor(processes, mp_context=get_context("spawn"))
    with made as crew:
        return _counted(crew.map(_one_municipality, [order] * len(codes), codes), len(codes), progress)


def _counted(counts: Iterator[int], total: int, progress: Callable[[int, int], None] | None) -> int:
    written = 0
    for done, count in enumerate(counts, start=1):
        written += count
        if progress:
            progress(done, total)
    return written


def _one_municipality(order: Order, code: str) -> int:
    """Write the files and the truth of one municipality."""
    count = 0
    truth = order.folder / "truth" / f"{code}.jsonl"
    truth.parent.mkdir(parents=True, exist_ok=True)
    with truth.open("w", encoding="utf-8") as out:
        for made in drafts(order.seed, code, slugs=order.slugs, earlier=order.earlier):
            path = order.folder / "files" / made.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(made.data)
            out.write(json.dumps(made.truth.as_json(), ensure_ascii=False) + "\n")
            count += 1
    return count
