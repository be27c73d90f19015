"""The frozen values that queries hand out; no row of a table leaves this room otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class PublishedVersion:
    """The version of one dataset of one organisation that the public sees now; `path` is inside the lake."""

    id: int
    slug: str
    organisation: str
    number: int
    path: str
    sha256: str
    rows: int
    edition: str
    score: float
    published_at: datetime
    licence: str
    source_name: str
    source_sha256: str
    steward: str
    errors: int
    repairs: int


@dataclass(frozen=True, slots=True)
class VersionRecord:
    """One version in any state, with its whole history; `completeness` is item → (class, filled, rows)."""

    id: int
    slug: str
    organisation: str
    number: int
    state: str
    part: int | None
    path: str
    sha256: str
    content: str
    rows: int
    bytes: int
    edition: str
    period: str
    score: float
    errors: int
    warnings: int
    repairs: int
    report: str
    source_name: str
    source_sha256: str
    restored_from: int | None
    licence: str
    steward: str
    confirmed: str
    revision: int
    drafted_at: datetime
    drafted_by: str
    approved_at: datetime | None
    approved_by: str
    published_at: datetime | None
    published_by: str
    ended_at: datetime | None
    ended_by: str
    ended_because: str
    difference: Mapping[str, Any] = field(default_factory=dict)
    completeness: Mapping[str, tuple[str, int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CardRecord:
    """The record of one dataset of one organisation (steward, granularity, licence, class, rights)."""

    slug: str
    organisation: str
    title: str
    title_en: str
    description: str
    description_en: str
    steward: str
    steward_contact: str
    granularity: str
    update_cycle: str
    licence: str
    copyright_by_government: bool
    copyright_holder: str
    data_class: str
    public_interest: str
    agreement: str
    keywords: tuple[str, ...]
    revision: int
    updated_at: datetime | None
    updated_by: str


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """One dataset over all organisations that publish it."""

    slug: str
    organisations: tuple[str, ...]
    rows: int
    score: float
    updated_at: datetime
    licences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of the matrix organisation × dataset: what exists, in which edition, since when, how good."""

    slug: str
    organisation: str
    number: int
    edition: str
    updated_at: datetime
    score: float
    rows: int


@dataclass(frozen=True, slots=True)
class Missing:
    """How many of `rows` rows lack one item, in one version of one organisation's dataset."""

    slug: str
    organisation: str
    number: int
    item: str
    demand: str
    filled: int
    rows: int
    published_at: datetime

    @property
    def rate(self) -> float:
        """The missing rate from 0 to 1; 0 when there is no row."""
        return 0.0 if not self.rows else 1 - self.filled / self.rows


@dataclass(frozen=True, slots=True)
class DoubtRecord:
    """One question to a person, with everything that helps to answer it."""

    id: str
    kind: str
    subject: str
    written: str
    choices: tuple[tuple[str, float], ...]
    proposal: str
    because: tuple[str, ...]
    samples: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True)
class PartRecord:
    """One table of a delivery; `doubts` is empty when nothing is left to decide."""

    id: int
    delivery: int
    position: int
    organisation: str
    slug: str
    municipality: str
    label: str
    layout: str
    header: tuple[str, ...]
    state: str
    doubts: tuple[DoubtRecord, ...]
    revision: int
    report: str
    rows: int
    refusal_code: str
    refusal_ja: str
    refusal_en: str
    version: int | None = None


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """One received file and how far it has come."""

    id: int
    organisation: str
    name: str
    sha256: str
    size: int
    path: str
    origin: str
    state: str
    refusal_code: str
    refusal_ja: str
    refusal_en: str
    job: int | None
    received_at: datetime
    received_by: str
    parts: tuple[PartRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """A place that files come from, with counts of its links by state."""

    id: int
    organisation: str
    kind: str
    address: str
    query: str
    cursor: int
    active: bool
    checked_at: datetime | None
    note: str
    links: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LinkRecord:
    """One address of a source and what the last visit found."""

    id: int
    address: str
    name: str
    title: str
    state: str
    status: int | None
    reason: str
    checked_at: datetime | None


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """One remembered answer."""

    id: int
    layout: int
    slug: str
    organisation: str
    kind: str
    subject: str
    written: str
    answer: str
    reason: str
    part: int | None
    by: str
    at: datetime
    undone_by: str
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReuseRecord:
    """One use of datasets shown in the gallery."""

    id: int
    title: str
    title_en: str
    description: str
    description_en: str
    address: str
    author: str
    organisation: str
    kind: str
    datasets: tuple[str, ...]
    visible: bool
    proposed_at: datetime
    proposed_by: str


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """One wish for a dataset and what became of it."""

    id: int
    title: str
    purpose: str
    wanted: str
    organisation: str
    slug: str
    occasion: str
    state: str
    answer: str
    release_on: date | None
    case: int | None
    asked_at: datetime
    asked_by: str
    answered_at: datetime | None
    answered_by: str


@dataclass(frozen=True, slots=True)
class UsageCount:
    """How often a dataset was used on one day, by kind of use."""

    slug: str
    day: date
    kind: str
    count: int
