"""Addresses and labels that the public pages share: downloads, facets, scores, dates."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.urls import register_converter
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tedori.engines.tabular.definitions import standard
from tedori.kernel.pages.values import Link, Status
from tedori.services.datasets.queries.places import places
from tedori.services.datasets.rules.admission import DATA_CLASSES, licence
from tedori.services.datasets.rules.words import edition, title

FORMATS = (("csv", "CSV"), ("xlsx", "Excel"), ("geojson", "GeoJSON"), ("parquet", "Parquet"))
BAND_LABELS = {
    "90-": gettext_lazy("90点以上"),
    "70-89": gettext_lazy("70〜89点"),
    "50-69": gettext_lazy("50〜69点"),
    "0-49": gettext_lazy("50点未満"),
}
AGE_LABELS = {
    "30": gettext_lazy("30日以内"),
    "90": gettext_lazy("90日以内"),
    "365": gettext_lazy("1年以内"),
    "older": gettext_lazy("1年より前"),
}
FACETS = {
    "dataset": gettext_lazy("データセット"),
    "municipality": gettext_lazy("自治体・組織"),
    "edition": gettext_lazy("項目名の版"),
    "licence": gettext_lazy("利用条件"),
    "class": gettext_lazy("データの区分"),
    "quality": gettext_lazy("品質"),
    "updated": gettext_lazy("更新日"),
}


class DatasetConverter:
    """The slug of a dataset that is defined; any other address goes on to the next pattern."""

    regex = "|".join(sorted(standard(), key=len, reverse=True))

    def to_python(self, value: str) -> str:
        """The slug itself."""
        return value

    def to_url(self, value: str) -> str:
        """The slug itself."""
        return value


register_converter(DatasetConverter, "dataset")


def download(slug: str, kind: str, *, code: str = "") -> str:
    """The address of a dataset's rows in one format, of one publisher or (without code) of all."""
    query = f"?{urlencode({'municipality': code})}" if code else ""
    return f"/api/v1/datasets/{slug}/download.{kind}{query}"


def downloads(slug: str, *, code: str = "") -> tuple[Link, ...]:
    """The addresses in every format."""
    return tuple(Link(name, download(slug, kind, code=code)) for kind, name in FORMATS)


def facet_label(name: str, value: str) -> str | Promise:
    """What a facet value is called."""
    if name == "municipality":
        known = places().get(value)
        return str(known.name) if known else value
    readers = {
        "dataset": title,
        "edition": edition,
        "licence": licence_label,
        "class": lambda code: DATA_CLASSES.get(code, code),
        "quality": lambda code: BAND_LABELS.get(code, code),
        "updated": lambda code: AGE_LABELS.get(code, code),
    }
    return readers[name](value)


def licence_label(code: str) -> str | Promise:
    """The licence's name; says so when there is none."""
    known = licence(code)
    return known.label if known else code or _("未定")


def level(points: float | None) -> int:
    """The step of the heat scale that a score from 0 to 100 stands on: 0 nothing, 1 low … 5 full."""
    if points is None:
        return 0
    return 1 + sum(points >= least for least in (50, 70, 80, 90))


def score_status(points: float) -> Status:
    """A score as a chip on the heat scale."""
    return Status(f"level-{level(points)}", _("%(points)s点") % {"points": round(points)})


def day(moment: datetime | None) -> str:
    """A date as 2026-04-01 in local time; empty for none."""
    return localdate(moment).isoformat() if moment else ""


def percent(share: float | None) -> str:
    """A share as a percentage with one decimal; empty for none."""
    return "" if share is None else f"{100 * share:.1f}%"
