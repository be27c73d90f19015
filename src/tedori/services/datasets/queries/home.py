"""Reads the figures that this service puts on the front page."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from tedori.kernel.pages.values import HomeCard
from tedori.services.datasets.queries.catalogue import records
from tedori.services.datasets.queries.public import reuses


def cards() -> tuple[HomeCard, ...]:
    """How much is open, and how good it is; nothing while nothing is published."""
    found = records()
    if not found:
        return ()
    municipal = {record.place.code for record in found if not record.place.own}
    rows = sum(record.version.rows for record in found)
    score = sum(record.version.score for record in found) / len(found)
    return (
        HomeCard(len(municipal), _("公開している区市町村"), _("62 のうち"), reverse("datasets:places"), 10),
        HomeCard(
            len(found), _("公開中のデータ"), _("27 種類の標準データセット"), reverse("datasets:catalogue"), 20
        ),
        HomeCard(
            rows,
            _("そろえて使える件数"),
            _("同じ項目名でまとめて入手できます"),
            reverse("datasets:catalogue"),
            30,
        ),
        HomeCard(round(score), _("品質の平均（点）"), _("100 点満点"), reverse("datasets:quality"), 40),
        HomeCard(len(reuses()), _("活用事例"), "", reverse("datasets:reuses"), 50),
    )
