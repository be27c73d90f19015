"""Sources of a small world: the bus company, the ward next door, a collector of prices."""

from tedori.engines.ngsild.contexts import CORE
from tedori.engines.ngsild.registrations.documents import read_registration
from tedori.engines.ngsild.registrations.sources import source_of

NOW = "2026-11-22T00:00:00.000000Z"
BUS = "urn:ngsi-ld:Bus:7"


def registration(**members):
    """The document of a registration of buses, with other members as they are given."""
    document = {
        "id": "urn:ngsi-ld:ContextSourceRegistration:1",
        "type": "ContextSourceRegistration",
        "information": [{"entities": [{"type": "Bus"}]}],
        "endpoint": "https://bus.example/hub",
        **members,
    }
    return read_registration(document, CORE, at=NOW)


def source(key, mode="inclusive", *, attrs=None, operations=("redirectionOps",), **entity):
    """A ready source of entities of one type (Bus), some attributes of them or all."""
    information = {"entities": [{"type": "Bus", **entity}]}
    if attrs:
        information["attributeNames"] = attrs.split()
    members = {"mode": mode, "operations": list(operations), "information": [information]}
    return source_of(key, "", registration(id=f"urn:x:{key}", **members))


def iris(text):
    """The IRIs of names."""
    return frozenset(map(CORE.expand, text.split()))


def names(found):
    """The other way round, in their order."""
    return " ".join(sorted(map(CORE.compact, found)))
