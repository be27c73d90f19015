"""Flat records (CSV rows, JSON objects, MQTT messages) as entities, by the `records` of a mapping. Pure.

records:
  type: CrowdFlowObserved
  id: "urn:ngsi-ld:CrowdFlowObserved:{駅コード}"   # columns in braces; {topic.2} is a part of an MQTT topic
  observed: 計測日時                               # when all values were observed
  zone: "+09:00"                                  # the offset of times that name none
  location: {latitude: 緯度, longitude: 経度}
  each: items                                     # where the records are in a JSON document
  attributes:
    混雑度: {name: peopleCount, unit: IE}
    駅名: name
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import orjson
from django.utils.translation import gettext_lazy as _

from tedori.engines.ngsild.contexts import CORE
from tedori.engines.ngsild.errors import bad_request
from tedori.engines.ngsild.geometries import check_geometry
from tedori.engines.ngsild.ngsiv2.attributes import valued
from tedori.engines.ngsild.ngsiv2.names import checked, urn_of
from tedori.engines.ngsild.values import Attribute, Entity
from tedori.services.live.rules.mappings import (
    Rule,
    checked_mapping,
    listed,
    read_rule,
    refused,
    turned_value,
)

COLUMN = re.compile(r"\{([^{}]+)\}")
ZONE = re.compile(r"([+-])(\d\d):(\d\d)")
NUMBER = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[-+]?(?:0|[1-9]\d{0,17})(?:\.\d{1,17})?")
JAPAN = "+09:00"
KNOWN = {"type", "id", "observed", "zone", "location", "each", "attributes"}
LOCATION = CORE.expand("location")
TEMPORAL = ("%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d", "%Y%m%d%H%M%S", "%Y%m%d%H%M")


@dataclass(frozen=True, slots=True)
class Shape:
    """How a record becomes an entity."""

    type: str
    id: str
    observed: str
    zone: timezone
    place: tuple[str, str] | None
    each: str
    rules: Mapping[str, Rule]


def shape_of(records: Mapping[str, Any]) -> Shape:
    """The shape that a mapping describes; raises MappingRefused."""
    given = checked_mapping(records, "records", KNOWN)
    for name in ("type", "id"):
        if not isinstance(given.get(name), str) or not given[name].strip(" ,"):
            raise refused(_("type と id を書いてください。"), f"records.{name}")
    zone = ZONE.fullmatch(str(given.get("zone", JAPAN)))
    if zone is None:
        raise refused(_("zone は +09:00 のように書いてください。"), "records.zone")
    offset = timedelta(hours=int(zone[2]), minutes=int(zone[3])) * (1 if zone[1] == "+" else -1)
    place = checked_mapping(given.get("location"), "records.location", {"latitude", "longitude"})
    if place and len(place) < 2:
        raise refused(_("latitude と longitude を書いてください。"), "records.location")
    rules = {
        str(column): read_rule(rule, f"records.attributes.{column}")
        for column, rule in checked_mapping(given.get("attributes"), "records.attributes").items()
    }
    if not rules:
        raise refused(_("attributes に列と名前の対応を書いてください。"), "records.attributes")
    return Shape(
        listed(given["type"])[0], given["id"], str(given.get("observed", "")), timezone(offset),
        (str(place["latitude"]), str(place["longitude"])) if place else None,
        str(given.get("each", "")), rules,
    )  # fmt: skip


def entity_of(record: Mapping[str, Any], shape: Shape) -> Entity:
    """The entity of one record; raises BadRequestData."""
    urn = COLUMN.sub(lambda found: _part(record, found[1]), shape.id)
    at = instant(record.get(shape.observed), shape.zone) if shape.observed else None
    attributes: dict[str, tuple[Attribute, ...]] = {}
    for column, rule in shape.rules.items():
        value = _value(record.get(column), rule)
        if value is None:
            continue
        one = valued(value, None, column, {})
        attributes[rule.iri] = (replace(one, observed_at=at, unit_code=rule.unit),)
    if shape.place:
        point = _point(record, shape.place)
        if point:
            attributes[LOCATION] = (Attribute("GeoProperty", point),)
    return Entity(urn_of(checked(urn, "id")), (shape.type,), attributes)


def _part(record: Mapping[str, Any], column: str) -> str:
    value = record.get(column)
    if value is None or str(value).strip() == "":
        raise bad_request("The record has no value for its id.", where=column)
    return str(value).strip()


def _value(value: Any, rule: Rule) -> Any:
    """The value of a cell: texts that are numbers as such, an empty one not at all."""
    if isinstance(value, str):
        value = value.strip()
        known = value in rule.values
        if not known and NUMBER.fullmatch(value):
            number = float(value.replace(",", ""))
            value = int(number) if number.is_integer() and "." not in value else number
    return None if value in (None, "") else turned_value(value, rule.values, rule.scale)


def instant(value: Any, zone: timezone) -> str | None:
    """A time of a record in UTC; without an offset it is in `zone`. None for what is no time."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _epoch(float(value))
    if not isinstance(value, str) or not value.strip():
        return None
    moment = _read(value.strip())
    if moment is None:
        return None
    moment = moment.replace(tzinfo=zone) if moment.tzinfo is None else moment
    try:
        return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"
    except OverflowError:
        return None


def _epoch(seconds: float) -> str | None:
    seconds = seconds / 1000 if seconds > 1e11 else seconds  # milliseconds, as JavaScript counts
    try:
        moment = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None
    return f"{moment.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def _read(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    for form in TEMPORAL:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007 - the caller adds the zone
        except ValueError:
            continue
    return None


def _point(record: Mapping[str, Any], place: tuple[str, str]) -> dict[str, Any] | None:
    try:
        latitude, longitude = (float(record.get(name) or "") for name in place)
    except (TypeError, ValueError):
        return None
    return check_geometry({"type": "Point", "coordinates": [longitude, latitude]}, where="location")


def records_of(body: bytes, kind: str, shape: Shape) -> Iterator[Mapping[str, Any]]:
    """The records of a document: rows of `csv`, objects of `json`; raises BadRequestData."""
    if kind == "csv":
        yield from csv.DictReader(io.StringIO(_decoded(body)))
        return
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise bad_request("The document is not JSON.", detail=str(error)[:100]) from None
    for name in filter(None, shape.each.split(".")):
        found = found.get(name) if isinstance(found, dict) else None
    several = found if isinstance(found, list) else [found]
    if not all(isinstance(one, dict) for one in several):
        raise bad_request("The document holds no list of objects.", where=shape.each or "$")
    yield from (flat(one) for one in several)


def flat(record: Mapping[str, Any], before: str = "", depth: int = 0) -> dict[str, Any]:
    """A record without nesting: `a: {b: 1}` becomes `a.b: 1`."""
    found: dict[str, Any] = {}
    for name, value in record.items():
        if isinstance(value, dict) and depth < DEEPEST:
            found |= flat(value, f"{before}{name}.", depth + 1)
        else:
            found[f"{before}{name}"] = value
    return found


DEEPEST = 8


def _decoded(body: bytes) -> str:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise bad_request("The document is neither UTF-8 nor Shift_JIS.")


def message_of(topic: str, payload: bytes) -> dict[str, Any]:
    """An MQTT message as a record: its JSON object or text as `value`, parts of the topic as `topic.N`."""
    try:
        found = orjson.loads(payload)
    except orjson.JSONDecodeError:
        found = payload.decode("utf-8", "replace")
    record = flat(found) if isinstance(found, dict) else {"value": found}
    return record | {f"topic.{number}": part for number, part in enumerate(topic.split("/"), 1)}
