"""What the tests of this engine share: the contexts and shelters of a small city."""

from __future__ import annotations

from typing import Any

from tedori.engines.ngsild.contexts import Context, ContextCache, compiled, unavailable
from tedori.engines.ngsild.patching import create
from tedori.engines.ngsild.reading import read_entity
from tedori.engines.ngsild.values import Attribute, Entity

CITY = "https://example.org/city#"
CITY_URL = "https://example.org/city.jsonld"
DOCUMENTS: dict[str, Any] = {
    CITY_URL: {
        "@context": {
            "city": CITY,
            "EvacuationShelter": "city:EvacuationShelter",
            "Toilet": "city:Toilet",
            "District": "city:District",
            "occupancy": "city:occupancy",
            "status": "city:shelterStatus",
            "locatedIn": {"@id": "city:locatedIn", "@type": "@id"},
            "openedOn": {"@id": "city:openedOn", "@type": "http://www.w3.org/2001/XMLSchema#date"},
            "source": "city:source",
            "避難所名": "city:name",
        }
    }
}
NINE, TEN, NOON = "2026-09-01T09:00:00Z", "2026-09-01T10:00:00Z", "2026-09-01T12:00:00Z"
KUDAN = "urn:ngsi-ld:EvacuationShelter:13101-kudan"


def load(url: str) -> Any:
    """The documents of the small city; nothing else can be had."""
    if url not in DOCUMENTS:
        raise unavailable(url)
    return DOCUMENTS[url]


def context_of(source: Any, documents: dict[str, Any] | None = None) -> Context:
    """A context compiled without remembering it."""
    get = load if documents is None else documents.__getitem__
    return compiled(source, load=get, cache=ContextCache())


CITY_CONTEXT = context_of(CITY_URL)


def iri(name: str) -> str:
    """The IRI of a name in the context of the city."""
    return CITY_CONTEXT.expand(name)


def shelter(**attributes: Any) -> Entity:
    """The shelter in Kudan, created at nine, with these attributes."""
    document = {"id": KUDAN, "type": "EvacuationShelter", **attributes}
    return create(read_entity(document, CITY_CONTEXT), at=NINE).entity


def only(entity: Entity, name: str) -> Attribute:
    """The one instance of an attribute."""
    (instance,) = entity.attributes[iri(name)]
    return instance
