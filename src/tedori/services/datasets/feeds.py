"""The jobs of this service: standardise a delivery, visit a source, make what goes back."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import IntegrityError, OperationalError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tedori.kernel.jobs.rules import Progress, job
from tedori.services.datasets.actions.receiving import JOB
from tedori.services.datasets.actions.returning import RETURN, make_return
from tedori.services.datasets.actions.sources import VISIT
from tedori.services.datasets.actions.standardising import standardise
from tedori.services.datasets.actions.walking import visit


@job(JOB, label=_("ファイルの標準化"), retry_on=(OperationalError, IntegrityError))
def standardise_delivery(args: Mapping[str, object], progress: Progress) -> dict[str, object]:
    """Standardise one delivery in the name of who sent or decided it."""
    return standardise(int(args["delivery"]), by=progress.by, at=timezone.now(), progress=progress)


@job(VISIT, label=_("取得元の巡回"))
def visit_source(args: Mapping[str, object], progress: Progress) -> dict[str, object]:
    """Visit one source in the name of who asked for it."""
    return visit(int(args["source"]), by=progress.by, progress=progress)


@job(RETURN, label=_("自治体に返すファイルの作成"))
def return_files(args: Mapping[str, object], progress: Progress) -> Mapping[str, object]:
    """Make what goes back to the municipality for one version."""
    return make_return(int(args["version"]), by=progress.by, at=timezone.now())
