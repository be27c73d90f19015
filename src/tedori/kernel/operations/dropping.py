"""Clears away what a package has in the kernel's tables, before the package itself goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec

from django.db import transaction
from django.utils.translation import gettext as _

from tedori.kernel.cases.actions import close_all
from tedori.kernel.events import pruning as events
from tedori.kernel.events.rules import consumers
from tedori.kernel.jobs import pruning as jobs
from tedori.kernel.jobs.rules import trades
from tedori.kernel.operations.models import Chore
from tedori.kernel.organisations.values import Actor


@dataclass(frozen=True, slots=True)
class Cleared:
    """How much went: consumers that were forgotten, jobs that were deleted, cases that were closed."""

    consumers: int
    jobs: int
    cases: int


@transaction.atomic
def clear_away(package: str, *, by: Actor, at: datetime) -> Cleared:
    """Forget the package's consumers, jobs and chores, close its cases with a reason.

    Its cases and its evidence stay readable: they are other people's record, too.
    """
    inside = f"{package}."
    listening = [
        one.name for one in consumers() if any(_of(handler, inside) for handler in one.handlers.values())
    ]
    able = [one.name for one in trades() if _of(one.work, inside)]
    Chore.objects.filter(name__startswith=inside).delete()
    return Cleared(
        events.forget(listening),
        jobs.forget(able),
        close_all(_kinds(package), reason=_("この案件を扱うサービスが終了しました。"), by=by, at=at),
    )


def _kinds(package: str) -> list[str]:
    """The kinds of case that the package declares."""
    if find_spec(f"{package}.rules") is None:
        return []
    return [kind.name for kind in getattr(import_module(f"{package}.rules"), "CASE_KINDS", ())]


def _of(function: object, inside: str) -> bool:
    return f"{function.__module__}.".startswith(inside)
