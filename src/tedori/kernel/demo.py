"""What every service's `demo` room is given to build its part of the demo world."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class World:
    """The demo world to build: where, from which seed, at which moment, and how to tell of progress.

    `progress(label, done, total)` may be called as often as one likes. `only` names the organisations to
    build (their codes); empty means all.
    """

    home: Path
    seed: int
    at: datetime
    progress: Callable[[str, int, int], None]
    only: tuple[str, ...] = ()
