"""Reads what time the published data are about, as far as it is known."""

from __future__ import annotations

from tedori.services.datasets.models import Version
from tedori.services.datasets.queries.versions import PUBLISHED


def periods(slug: str | None = None) -> dict[int, str]:
    """Version id → `2025-04-01`, `2025-04` or `2025`, for published versions that say it."""
    given = {"dataset": slug} if slug else {}
    found = Version.objects.filter(state=PUBLISHED, **given).exclude(period="")
    return dict(found.values_list("id", "period"))
