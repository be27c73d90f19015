"""Publications in the words of CKAN: packages, resources, organisations, groups, tags, licences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from tedori.services.datasets.api.describing import publication_title
from tedori.services.datasets.api.naming import both, named, text, theme, theme_name, title
from tedori.services.datasets.pages.jsonld import MEDIA
from tedori.services.datasets.pages.links import download
from tedori.services.datasets.queries.catalogue import Record, records, stamp
from tedori.services.datasets.queries.places import Place
from tedori.services.datasets.rules.admission import Licence, licence

FORMATS = {"csv": "CSV", "xlsx": "XLSX", "geojson": "GeoJSON", "parquet": "Parquet"}
STORED = "csv"  # the resource whose rows can be asked for with datastore_search


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every package by name and id, and every resource by id."""

    packages: Mapping[str, Record]
    by_id: Mapping[str, Record]
    resources: Mapping[str, tuple[Record, str]]


def identity(*parts: str) -> str:
    """The UUID of a thing, always the same."""
    return str(uuid5(NAMESPACE_URL, "/".join(("tedori", *parts))))


def name_of(record: Record) -> str:
    """A package's name in addresses."""
    return f"{record.version.slug}-{record.version.organisation}".lower()


def organisation_name(code: str) -> str:
    """An organisation's name in addresses; a name may not begin with a digit everywhere."""
    return f"t{code}" if code.isdigit() else code.lower()


def catalogue() -> Catalogue:
    """Everything that is public now."""
    return _catalogue(stamp())


@lru_cache(maxsize=2)
def _catalogue(stamp: tuple) -> Catalogue:
    packages = {name_of(record): record for record in sorted(records(), key=name_of)}
    return Catalogue(
        packages,
        {identity("package", name): record for name, record in packages.items()},
        {
            identity("resource", name, kind): (record, kind)
            for name, record in packages.items()
            for kind in FORMATS
        },
    )


def full_title(record: Record) -> str:
    """Publisher and title; the publisher once, even where the steward wrote it into the title."""
    place, own = named(record.place, record.version.organisation).ja, publication_title(record).ja
    return own if place in own else f"{place} {own}"


def package(record: Record, *, site: str) -> dict[str, Any]:
    """One publication as a package; `site` is the address of this house without a slash at its end."""
    version, card, name = record.version, record.card, name_of(record)
    known = licence(version.licence)
    contact = card.steward_contact if card else ""
    moment = version.published_at.replace(tzinfo=None).isoformat()
    found = tags(record)
    resources = [resource(record, kind, site=site) for kind in FORMATS]
    return {
        "id": identity("package", name),
        "name": name,
        "title": full_title(record),
        "notes": (card and card.description) or text(version.slug).ja,
        "url": f"{site}/datasets/{version.slug}/{version.organisation}/",
        "version": str(version.number),
        "state": "active",
        "private": False,
        "type": "dataset",
        "isopen": known is not None,
        "license_id": version.licence,
        "license_title": both(known.label).ja if known else "",
        "license_url": known.address if known else "",
        "author": named(record.place, version.organisation).ja,
        "author_email": "",
        "maintainer": version.steward,
        "maintainer_email": contact if "@" in contact else "",
        "metadata_created": moment,
        "metadata_modified": moment,
        "creator_user_id": None,
        "owner_org": identity("organization", version.organisation),
        "organization": organisation(version.organisation, record.place),
        "groups": [group(theme(version.slug))],
        "tags": [tag(one) for one in found],
        "num_tags": len(found),
        "resources": resources,
        "num_resources": len(resources),
        "extras": _extras(record),
        "relationships_as_subject": [],
        "relationships_as_object": [],
    }


def _extras(record: Record) -> list[dict[str, str]]:
    version, card = record.version, record.card
    values = {
        "dataset": version.slug,
        "dataset_title_en": title(version.slug).en,
        "municipality_code": version.organisation,
        "rows": str(version.rows),
        "quality_score": f"{version.score:.1f}",
        "edition": version.edition,
        "granularity": card.granularity if card else "",
        "frequency": card.update_cycle if card else "",
        "source": version.source_name,
    }
    return [{"key": key, "value": value} for key, value in values.items() if value]


def resource(record: Record, kind: str, *, site: str) -> dict[str, Any]:
    """One file of a publication."""
    version, name = record.version, name_of(record)
    moment = version.published_at.replace(tzinfo=None).isoformat()
    return {
        "id": identity("resource", name, kind),
        "package_id": identity("package", name),
        "name": f"{publication_title(record).ja} ({FORMATS[kind]})",
        "description": "",
        "format": FORMATS[kind],
        "mimetype": MEDIA[kind],
        "url": f"{site}{download(version.slug, kind, code=version.organisation)}",
        "url_type": None,
        "resource_type": "file",
        "state": "active",
        "position": list(FORMATS).index(kind),
        "size": None,
        "hash": version.sha256 if kind == "parquet" else "",
        "created": moment,
        "last_modified": moment,
        "metadata_modified": moment,
        "datastore_active": kind == STORED,
    }


def tags(record: Record) -> list[str]:
    """The keywords of a publication and the name of its dataset."""
    own = record.card.keywords if record.card else ()
    return list(dict.fromkeys((title(record.version.slug).ja, *own)))


def tag(name: str) -> dict[str, Any]:
    """One tag."""
    return {
        "id": identity("tag", name),
        "name": name,
        "display_name": name,
        "state": "active",
        "vocabulary_id": None,
    }


def organisation(code: str, place: Place | None) -> dict[str, Any]:
    """One publisher."""
    name = named(place, code)
    return {
        "id": identity("organization", code),
        "name": organisation_name(code),
        "title": name.ja,
        "display_name": name.ja,
        "description": name.en,
        "type": "organization",
        "is_organization": True,
        "approval_status": "approved",
        "state": "active",
        "image_url": "",
        "image_display_url": "",
        "created": "2026-01-01T00:00:00",
    }


def group(code: str) -> dict[str, Any]:
    """One theme."""
    name = theme_name(code)
    return {
        "id": identity("group", code),
        "name": code,
        "title": name.ja,
        "display_name": name.ja,
        "description": name.en,
        "type": "group",
        "is_organization": False,
        "state": "active",
        "image_display_url": "",
    }


def licence_value(known: Licence) -> dict[str, Any]:
    """One licence."""
    return {
        "id": known.code,
        "title": both(known.label).ja,
        "url": known.address,
        "status": "active",
        "od_conformance": "approved",
        "osd_conformance": "not reviewed",
        "domain_data": True,
        "domain_content": True,
        "domain_software": False,
        "is_okd_compliant": True,
    }
