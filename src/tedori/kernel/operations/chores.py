"""What workers do once a day or hour besides their work: apps name their chores, one worker does each."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.apps import apps
from django.db import transaction
from django.utils.module_loading import import_string

from tedori.kernel.operations.models import Chore

log = logging.getLogger(__name__)

KINDS = {"chores": timedelta(days=1), "hourly_chores": timedelta(hours=1)}


def declared() -> dict[str, timedelta]:
    """How often each chore is due, by its dotted path.

    Chores are functions of the time, which return how many things they removed or wrote.
    """
    return {
        name: every
        for app in apps.get_app_configs()
        for kind, every in KINDS.items()
        for name in getattr(app, kind, ())
    }


def tend(at: datetime) -> int:
    """Do the chores that are due; returns how many. One that fails is noted, and tried when due again."""
    return sum(_do(name, at) for name, every in declared().items() if _claim(name, at, every))


def _claim(name: str, at: datetime, every: timedelta) -> bool:
    """Take a due chore, so that no other worker does it too."""
    if Chore.objects.filter(name=name, begun_at__gt=at - every).exists():
        return False
    with transaction.atomic():
        _row, new = Chore.objects.get_or_create(name=name, defaults={"begun_at": at})
        return new or bool(Chore.objects.filter(name=name, begun_at__lte=at - every).update(begun_at=at))


def _do(name: str, at: datetime) -> int:
    try:
        removed, error = import_string(name)(at), ""
    except Exception as wrong:  # noqa: BLE001 - one chore that fails must not stop the worker or the others
        log.exception("the chore %s failed", name)
        removed, error = 0, f"{type(wrong).__name__}: {wrong}"[:500]
    Chore.objects.filter(name=name).update(removed=removed, error=error)
    return 1
