"""What workers do once a day besides their work: every app names its chores, one worker does each."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.apps import apps
from django.db import transaction
from django.utils.module_loading import import_string

from tedori.kernel.operations.models import Chore

log = logging.getLogger(__name__)

EVERY = timedelta(days=1)


def declared() -> tuple[str, ...]:
    """The dotted paths of all chores: functions of the time, which return how many things they removed."""
    return tuple(name for app in apps.get_app_configs() for name in getattr(app, "chores", ()))


def tend(at: datetime) -> int:
    """Do the chores that are due; returns how many. One that fails is noted, and tried again in a day."""
    return sum(_do(name, at) for name in declared() if _claim(name, at))


def _claim(name: str, at: datetime) -> bool:
    """Take a due chore, so that no other worker does it too."""
    if Chore.objects.filter(name=name, begun_at__gt=at - EVERY).exists():
        return False
    with transaction.atomic():
        _row, new = Chore.objects.get_or_create(name=name, defaults={"begun_at": at})
        return new or bool(Chore.objects.filter(name=name, begun_at__lte=at - EVERY).update(begun_at=at))


def _do(name: str, at: datetime) -> int:
    try:
        removed, error = import_string(name)(at), ""
    except Exception as wrong:  # noqa: BLE001 - one chore that fails must not stop the worker or the others
        log.exception("the chore %s failed", name)
        removed, error = 0, f"{type(wrong).__name__}: {wrong}"[:500]
    Chore.objects.filter(name=name).update(removed=removed, error=error)
    return 1
