"""How old a reading is, and when it is too old to be believed. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

USUAL = 24 * 60  # minutes after which a reading is old, where nobody has said otherwise
STEPS = ((86_400, "day"), (3_600, "hour"), (60, "minute"))


@dataclass(frozen=True, slots=True)
class Limits:
    """After how many minutes the readings of a type are old: in general, and of single owners."""

    general: int = USUAL
    own: Mapping[str, int] = field(default_factory=dict)

    def minutes(self, owner: str) -> int:
        """The limit for what this owner has."""
        return self.own.get(owner, self.general)

    def old(self, owner: str, read_at: datetime, *, now: datetime) -> bool:
        """Whether a reading of this moment is too old by now."""
        return now - read_at > timedelta(minutes=self.minutes(owner))


def age(read_at: datetime, *, now: datetime) -> tuple[int, str]:
    """How long ago, in the largest unit that fits: (3, "minute"); under one or ahead of us (0, "now")."""
    seconds = (now - read_at).total_seconds()
    for length, unit in STEPS:
        if seconds >= length:
            return int(seconds // length), unit
    return 0, "now"
