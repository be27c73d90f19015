"""Describes datasets for search engines in schema.org's words, as JSON-LD inside the page."""

from __future__ import annotations

import json

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from tedori.services.datasets.pages.links import day, downloads
from tedori.services.datasets.queries.catalogue import Record
from tedori.services.datasets.rules.admission import licence
from tedori.services.datasets.rules.words import WORDS

MEDIA = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
    "parquet": "application/vnd.apache.parquet",
}


def embedded(value: dict) -> SafeString:
    """The value as JSON that cannot end its script element."""
    text = json.dumps(value, ensure_ascii=False).replace("<", "\\u003c").replace("&", "\\u0026")
    return mark_safe(text)  # noqa: S308 - nothing in it can close the element any more


def dataset_jsonld(request: HttpRequest, slug: str, found: list[Record]) -> SafeString:
    """One dataset over all publishers."""
    words = WORDS.get(slug)
    address = request.build_absolute_uri(reverse("datasets:dataset", args=[slug]))
    described = _described(request, slug, title=str(words.title) if words else slug, address=address)
    licences = sorted({record.version.licence for record in found})
    described |= {
        "description": str(words.text) if words else slug,
        "license": [known.address for code in licences if (known := licence(code))],
        "creator": [{"@type": "GovernmentOrganization", "name": str(r.place.name)} for r in found],
    }
    return embedded(described)


def record_jsonld(request: HttpRequest, record: Record) -> SafeString:
    """One publisher's dataset."""
    version = record.version
    address = request.build_absolute_uri(
        reverse("datasets:record", args=[version.slug, version.organisation])
    )
    described = _described(
        request, version.slug, title=str(record.title), address=address, code=version.organisation
    )
    known = licence(version.licence)
    described |= {
        "description": record.card.description if record.card else str(record.title),
        "license": known.address if known else "",
        "version": str(version.number),
        "dateModified": day(version.published_at),
        "spatialCoverage": {
            "@type": "Place",
            "name": str(record.place.name),
            "identifier": record.place.code,
        },
        "creator": {"@type": "GovernmentOrganization", "name": str(record.place.name)},
    }
    return embedded(described)


def _described(request: HttpRequest, slug: str, *, title: str, address: str, code: str = "") -> dict:
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": address,
        "url": address,
        "name": title,
        "isAccessibleForFree": True,
        "distribution": [
            {
                "@type": "DataDownload",
                "name": link.text,
                "encodingFormat": MEDIA[kind],
                "contentUrl": request.build_absolute_uri(link.url),
            }
            for kind, link in zip(MEDIA, downloads(slug, code=code), strict=True)
        ],
    }
