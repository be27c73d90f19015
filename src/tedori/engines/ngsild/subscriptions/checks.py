"""The members of a subscription, each with the check that the standard names (GS CIM 009, 5.2.12 to 5.2.15).

A check takes the value, its path and the @context, gives the value to keep (names expanded) and raises
BadRequestData otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import SplitResult, urlsplit

from tedori.engines.ngsild.contexts import Context
from tedori.engines.ngsild.errors import bad_request
from tedori.engines.ngsild.instants import read_instant
from tedori.engines.ngsild.projections import HEAD, read_projection
from tedori.engines.ngsild.queries.patterns import checked

Check = Callable[[Any, str, Context], Any]

URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\s<>\"{}|\\^`]+")
TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
NAME_IN_SELECTION = re.compile(r"[^(),;|\s]+")
NAME_IN_PROJECTION = re.compile(r"[^,{}|\s]+")
TRIGGERS = (
    "entityCreated",
    "entityUpdated",
    "entityDeleted",
    "attributeCreated",
    "attributeUpdated",
    "attributeDeleted",
)
FORMATS = ("normalized", "concise", "simplified", "keyValues")
ACCEPTS = ("application/json", "application/ld+json", "application/geo+json")
SCHEMES = ("http", "https", "mqtt", "mqtts")
MQTT_INFO = {"MQTT-QoS": ("0", "1", "2"), "MQTT-Version": ("mqtt3.1.1", "mqtt5.0")}


def wrong(where: str, expected: str) -> Exception:
    """The error of a member that is not what it should be."""
    return bad_request(f"{where} is not {expected}", where=where)


def text(value: Any, where: str, context: Context) -> str:
    """A text that says something."""
    if not isinstance(value, str) or not value.strip():
        raise wrong(where, "a text")
    return value


def flag(value: Any, where: str, context: Context) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise wrong(where, "true or false")
    return value


def positive(value: Any, where: str, context: Context) -> float:
    """A number greater than 0."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e12:
        raise wrong(where, "a number greater than 0")
    return value


def whole(value: Any, where: str, context: Context) -> int:
    """A whole number greater than 0."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise wrong(where, "a whole number greater than 0")
    return value


def uri(value: Any, where: str, context: Context) -> str:
    """A URI."""
    if not isinstance(value, str) or not URI.fullmatch(value):
        raise wrong(where, "a URI")
    return value


def moment(value: Any, where: str, context: Context) -> str:
    """A date and time in UTC."""
    return read_instant(value, where=where)


def one_of(allowed: tuple[str, ...]) -> Check:
    """One of these words."""

    def check(value: Any, where: str, context: Context) -> str:
        if value not in allowed:
            raise wrong(where, "one of " + ", ".join(allowed))
        return value

    return check


def several(check: Check, *, least: int = 1) -> Check:
    """A list of items that each pass, with at least one unless `least` is 0."""

    def checked(value: Any, where: str, context: Context) -> list[Any]:
        if not isinstance(value, list) or len(value) < least:
            raise wrong(where, "a list with at least one item" if least else "a list")
        return [check(item, f"{where}[{place}]", context) for place, item in enumerate(value)]

    return checked


def members(known: Mapping[str, Check], needed: tuple[str, ...] = ()) -> Check:
    """An object: known members are checked, unknown ones and nulls are left out, needed ones are there."""

    def checked(value: Any, where: str, context: Context) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise wrong(where or "the document", "an object")
        dot = f"{where}." if where else ""
        kept = {
            name: known[name](item, dot + name, context)
            for name, item in value.items()
            if name in known and item is not None
        }
        missing = next((dot + name for name in needed if name not in kept), "")
        if missing:
            raise bad_request(f"{missing} is missing", where=missing)
        return kept

    return checked


def attribute(value: Any, where: str, context: Context) -> str:
    """The name of an attribute, expanded."""
    return context.expand(text(value, where, context))


def plain_attribute(value: Any, where: str, context: Context) -> str:
    """The same where `id`, `type` and `scope` are not allowed."""
    if value in ("id", "type", "scope"):
        raise wrong(where, "the name of an attribute")
    return attribute(value, where, context)


def projected(value: Any, where: str, context: Context) -> str:
    """A member of entities for `pick` or `omit`, every attribute expanded, also those in braces."""
    given = text(value, where, context)
    read_projection(given, context, where=where)
    return NAME_IN_PROJECTION.sub(lambda name: name[0] if name[0] in HEAD else context.expand(name[0]), given)


def type_selection(value: Any, where: str, context: Context) -> str:
    """A type selection with every name expanded, or `*`."""
    given = text(value, where, context)
    return given if given == "*" else NAME_IN_SELECTION.sub(lambda name: context.expand(name[0]), given)


def dataset(value: Any, where: str, context: Context) -> str:
    """The id of a dataset, or `@none` for instances without."""
    return value if value == "@none" else uri(value, where, context)


def identifiers(value: Any, where: str, context: Context) -> str | list[str]:
    """One URI or several."""
    return several(uri)(value, where, context) if isinstance(value, list) else uri(value, where, context)


def pattern(value: Any, where: str, context: Context) -> str:
    """A regular expression that every engine here reads alike."""
    given = text(value, where, context)
    checked(given)
    return given


def coordinates(value: Any, where: str, context: Context) -> Any:
    """Coordinates as a list, or as its text."""
    if not isinstance(value, list | str) or not value:
        raise wrong(where, "an array of coordinates")
    return value


def address(value: Any, where: str, context: Context) -> str:
    """The address of an endpoint: http, https, mqtt (with a topic) or mqtts."""
    given = uri(value, where, context)
    parts = _parts(given)
    if parts is None or parts.scheme.lower() not in SCHEMES:
        raise wrong(where, "an address starting with http, https, mqtt or mqtts")
    if parts.scheme.startswith("mqtt") and not parts.path.strip("/"):
        raise wrong(where, "an MQTT address with a topic")
    return given


def _parts(given: str) -> SplitResult | None:
    """The parts of an address with a host and a port that can be; None otherwise."""
    try:
        parts = urlsplit(given)
        return parts if parts.hostname and parts.port != 0 else None
    except ValueError:
        return None


def header(value: Any, where: str, context: Context) -> dict[str, str]:
    """A pair that becomes an HTTP header: a token and a text without line breaks."""
    pair = _PAIR(value, where, context)
    if not TOKEN.fullmatch(pair["key"]) or not pair["value"].isprintable():
        raise wrong(where, "a pair that fits an HTTP header")
    return pair


def setting(value: Any, where: str, context: Context) -> dict[str, str]:
    """A pair that sets up the way to the receiver."""
    pair = _PAIR(value, where, context)
    if pair["value"] not in MQTT_INFO.get(pair["key"], (pair["value"],)):
        raise wrong(f"{where}.value", "one of " + ", ".join(MQTT_INFO[pair["key"]]))
    return pair


_PAIR = members({"key": text, "value": text}, ("key", "value"))

ENDPOINT = members(
    {
        "uri": address,
        "accept": one_of(ACCEPTS),
        "timeout": positive,
        "cooldown": positive,
        "receiverInfo": several(header, least=0),
        "notifierInfo": several(setting, least=0),
    },
    ("uri",),
)
NOTIFICATION = members(
    {
        "attributes": several(plain_attribute),
        "pick": several(projected),
        "omit": several(projected),
        "format": one_of(FORMATS),
        "join": one_of(("flat", "inline", "@none")),
        "joinLevel": whole,
        "showChanges": flag,
        "sysAttrs": flag,
        "endpoint": ENDPOINT,
    },
    ("endpoint",),
)
GEO = members(
    {"coordinates": coordinates, "geometry": text, "georel": text, "geoproperty": attribute},
    ("coordinates", "geometry", "georel"),
)
SELECTOR = members({"id": identifiers, "idPattern": pattern, "type": type_selection}, ("type",))
SUBSCRIPTION = members(
    {
        "id": uri,
        "type": one_of(("Subscription",)),
        "subscriptionName": text,
        "description": text,
        "entities": several(SELECTOR),
        "watchedAttributes": several(attribute),
        "notificationTrigger": several(one_of(TRIGGERS)),
        "timeInterval": positive,
        "throttling": positive,
        "q": text,
        "geoQ": GEO,
        "scopeQ": text,
        "csf": text,
        "isActive": flag,
        "expiresAt": moment,
        "lang": text,
        "datasetId": several(dataset),
        "expandValues": text,
        "jsonKeys": text,
        "localOnly": flag,
        "splitEntities": flag,
        "ngsildConformance": text,
        "jsonldContext": uri,
        "notification": NOTIFICATION,
    },
    ("type", "notification"),
)
