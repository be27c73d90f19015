"""What a mapping makes of a sample, before anything is written. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import orjson
from django.utils.translation import gettext_lazy as _

from tedori.engines.ngsild.contexts import CORE
from tedori.engines.ngsild.errors import NgsiLdError
from tedori.engines.ngsild.ngsiv2.entities import Shape, read_entity, write_entity
from tedori.engines.ngsild.reading import read_fragment
from tedori.engines.ngsild.values import Entity
from tedori.engines.ngsild.writing import CONCISE
from tedori.engines.ngsild.writing import write_entity as write_ld
from tedori.services.live.rules.links import HUBS
from tedori.services.live.rules.mappings import Names, refused
from tedori.services.live.rules.records import entity_of, flat, records_of, shape_of

MOST = 5
INDENTED = orjson.OPT_INDENT_2


@dataclass(frozen=True, slots=True)
class Preview:
    """JSON texts: what comes in, as it is called here, and what of it would go back to the partner."""

    ours: str
    theirs: str


def preview(names: Names, protocol: str, sample: str) -> tuple[Preview, ...]:
    """What becomes of a sample's first entities; raises MappingRefused."""
    try:
        return tuple(_previews(names, protocol, sample))
    except NgsiLdError as error:
        because = ": ".join(filter(None, (error.title, error.detail)))
        raise refused(because, error.where or "sample") from None


def _previews(names: Names, protocol: str, sample: str) -> Iterator[Preview]:
    for entity in _read(names, protocol, sample):
        common = names.common(entity) if protocol in HUBS else entity
        back = _theirs(names, protocol, common) if protocol in HUBS else ""
        yield Preview(orjson.dumps(write_ld(common, CORE, CONCISE), option=INDENTED).decode(), back)


def _theirs(names: Names, protocol: str, entity: Entity) -> str:
    foreign = names.foreign(entity)
    document = write_entity(foreign, Shape()) if protocol == "ngsiv2" else write_ld(foreign, CORE, CONCISE)
    return orjson.dumps(document, option=INDENTED).decode()


def _read(names: Names, protocol: str, sample: str) -> list[Entity]:
    if protocol == "csv":
        shape = shape_of(names.records)
        return [entity_of(one, shape) for one in _first(records_of(sample.encode(), "csv", shape))]
    try:
        found = orjson.loads(sample)
    except orjson.JSONDecodeError:
        raise refused(_("見本が JSON ではありません。"), "sample") from None
    if protocol in HUBS:
        several = found if isinstance(found, list) else [found]
        return [_entity(protocol, one) for one in several[:MOST]]
    shape = shape_of(names.records)
    if protocol == "mqtt":
        shape = replace(shape, each="")
    records = records_of(orjson.dumps(found), "json", shape)
    return [entity_of(flat(one), shape) for one in _first(records)]


def _first(records: Iterator[Any]) -> list[Any]:
    return [one for _number, one in zip(range(MOST), records, strict=False)]


def _entity(protocol: str, document: Any) -> Entity:
    if protocol == "ngsiv2":
        return read_entity(document)
    if not isinstance(document, dict):
        raise refused(_("見本は JSON のオブジェクトです。"), "sample")
    entity = read_fragment({name: value for name, value in document.items() if name != "@context"}, CORE)
    if not entity.id or not entity.types:
        raise refused(_("見本に id と type が要ります。"), "sample")
    return entity
