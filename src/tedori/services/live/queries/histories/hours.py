"""The history hour by hour, as the lake takes it over. Asked through Django: it is the worker who asks."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Min
from django.db.models.functions import Substr

from tedori.services.live.models import History
from tedori.services.live.rules.shelves import types_in

FIELDS = (
    "urn", "owner", "name", "dataset", "kind", "value", "number", "text", "observed_at", "created_at",
    "modified_at", "deleted", "instance",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hour:
    """What was written of one type in one hour (`2026-04-01T09`): how many, the first one's number."""

    tenant: int
    type: str
    hour: str
    rows: int
    first: int
    texts: tuple[str, ...]


def hours(*, after: int, before: str) -> tuple[Hour, ...]:
    """The hours that ended before that hour, in which instances with a number after that were written."""
    groups = (
        History.objects.filter(pk__gt=after, modified_at__lt=before)
        .exclude(name="")
        .annotate(hour=Substr("modified_at", 1, 13))
        .values_list("tenant_id", "types", "hour")
        .annotate(rows=Count("id"), first=Min("id"))
    )
    found: dict[tuple[int, str, str], list[Any]] = {}
    for tenant, text, hour, rows, first in groups:
        for name in types_in(text):
            held = found.setdefault((tenant, name, hour), [0, first, []])
            held[0], held[1] = held[0] + rows, min(held[1], first)
            held[2].append(text)
    return tuple(Hour(*key, rows, first, tuple(texts)) for key, (rows, first, texts) in found.items())


def rows_of(tenant: int, texts: Collection[str], hour: str, *, first: int) -> Iterator[dict[str, Any]]:
    """The instances of entities of these types (as the history writes them) that were written in an hour."""
    chosen = History.objects.filter(
        pk__gte=first, tenant_id=tenant, types__in=texts, modified_at__gte=hour, modified_at__lt=f"{hour}~"
    )
    return chosen.exclude(name="").order_by("id").values(*FIELDS).iterator()


def last_before(hour: str, *, after: int) -> int:
    """The number up to which no instance of that hour or a later one was written."""
    later = History.objects.filter(pk__gt=after, modified_at__gte=hour).aggregate(Min("id"))["id__min"]
    return later - 1 if later else History.objects.aggregate(Max("id"))["id__max"] or 0
