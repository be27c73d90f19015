"""What is written down, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tedori.kernel.organisations.values import Actor


@dataclass(frozen=True, slots=True)
class Fact:
    """What is to be recorded: `by` did `action` to `subject`, which belongs to `organisation`, on `grounds`.

    `grounds` holds JSON values only, and no more about people than the decision needs.
    """

    action: str
    by: Actor
    at: datetime
    organisation: str
    subject: str
    grounds: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EvidenceRecord:
    """One link of the chain."""

    number: int
    at: datetime
    action: str
    actor: str
    actor_organisation: str
    organisation: str
    subject: str
    grounds: Mapping[str, object]
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a chain holds; if not, at which number it breaks first and why (a stable code)."""

    holds: bool
    records: int
    head: str
    broken_at: int | None = None
    because: str = ""
