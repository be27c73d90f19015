"""Subscriptions of NGSIv2 as documents of NGSI-LD, and their notifications.

What v2 alone knows (formats, excepted attributes, custom requests) stays in the caller's own document, which
is kept beside the other one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import orjson

from tedori.engines.ngsild.errors import NgsiLdError, bad_request
from tedori.engines.ngsild.ngsiv2.asking import place_of, query_of
from tedori.engines.ngsild.ngsiv2.entities import Shape, write_entity
from tedori.engines.ngsild.ngsiv2.instants import utc
from tedori.engines.ngsild.ngsiv2.names import checked, iri_of, pattern_of, urn_of
from tedori.engines.ngsild.subscriptions.documents import Record
from tedori.engines.ngsild.values import Entity

PREFIX = "urn:ngsi-ld:Subscription:"
MEMBERS = frozenset(("description", "subject", "notification", "expires", "throttling", "status"))
FORMATS = ("normalized", "keyValues", "values")
TRIGGERS = {
    "entityCreate": ("entityCreated",),
    "entityUpdate": ("attributeCreated", "attributeUpdated"),
    "entityChange": ("attributeCreated", "attributeUpdated"),
    "entityDelete": ("entityDeleted",),
}
ANY_TYPE = frozenset((".*", ".+", "^.*$", ".*?"))
SEVERAL_TYPES = re.compile(r"\^?\(?[\w:-]+(\|[\w:-]+)*\)?\$?")
MACRO = re.compile(r"\$\{([^}]*)\}")
METHODS = ("POST", "PUT", "PATCH")


def unsupported(what: str, where: str) -> NgsiLdError:
    """What v2 has and this door has not."""
    return NgsiLdError("OperationNotSupported", f"{what} is not supported", where=where)


@dataclass(frozen=True, slots=True)
class Translated:
    """A subscription as NGSI-LD has it (`document`, not yet read), the context of its `q`, and v2's own."""

    document: dict[str, Any]
    context: dict[str, str]
    own: dict[str, Any]


def read_subscription(payload: Any, *, urn: str) -> Translated:
    """A whole subscription of v2; raises BadRequestData and OperationNotSupported."""
    own = _object(payload, "subscription")
    strange = own.keys() - MEMBERS
    if strange:
        raise bad_request("invalid JSON field for subscription", detail=", ".join(sorted(strange))[:80])
    subject, wanted = _object(own.get("subject"), "subject"), _object(own.get("notification"), "notification")
    condition = _object(subject.get("condition", {}), "condition")
    expression = _object(condition.get("expression", {}), "expression")
    asked = query_of(expression.get("q"), expression.get("mq"))
    place = place_of(*(expression.get(name) for name in ("georel", "geometry", "coords")))
    document: dict[str, Any] = {
        "id": urn,
        "type": "Subscription",
        "entities": [_selector(one) for one in _entities(subject.get("entities"))],
        "notificationTrigger": _triggers(condition.get("alterationTypes")),
        "notification": {"endpoint": _endpoint(wanted)},
        "isActive": _active(own.get("status", "active")),
    }
    optional = {
        "description": own.get("description") or None,
        "watchedAttributes": [
            iri_of(checked(name, "condition attrs")) for name in condition.get("attrs") or ()
        ],
        "q": asked.text,
        "geoQ": place,
        "throttling": own.get("throttling") or None,
        "expiresAt": _expiry(own.get("expires")),
    }
    document |= {name: value for name, value in optional.items() if value}
    shape_of(own)  # raises for a form that cannot be written
    return Translated(document, asked.context, own)


def _object(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise bad_request(f"{where} must be a JSON object", where=where)
    return value


def _entities(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not value or not all(isinstance(one, dict) for one in value):
        raise bad_request("entities must be an array that is not empty", where="subject.entities")
    return value


def _selector(given: Mapping[str, Any]) -> dict[str, Any]:
    if ("id" in given) == ("idPattern" in given):
        raise bad_request("an entity needs an id or an idPattern, not both", where="subject.entities")
    if "type" in given and "typePattern" in given:
        raise bad_request("an entity has a type or a typePattern, not both", where="subject.entities")
    found = {"type": _type(given)}
    if "id" in given:
        return found | {"id": urn_of(checked(given["id"], "entity id"))}
    pattern = given["idPattern"]
    if not isinstance(pattern, str) or not pattern:
        raise bad_request("idPattern must be a regular expression", where="subject.entities")
    return found if pattern in ANY_TYPE else found | {"idPattern": pattern_of(pattern)}


def _type(given: Mapping[str, Any]) -> str:
    if "type" in given:
        return iri_of(checked(given["type"], "entity type"))
    pattern = given.get("typePattern", ".*")
    if pattern in ANY_TYPE:
        return "*"
    if not isinstance(pattern, str) or not SEVERAL_TYPES.fullmatch(pattern):
        raise unsupported("a typePattern other than .* and one|other", "typePattern")
    return "|".join(map(iri_of, pattern.strip("^$()").split("|")))


def _triggers(kinds: Any) -> list[str]:
    kinds = ["entityChange"] if kinds is None else kinds
    if not isinstance(kinds, list) or not kinds or not set(map(str, kinds)) <= TRIGGERS.keys():
        raise bad_request("alterationTypes names entityCreate, entityUpdate, entityChange or entityDelete")
    return list(dict.fromkeys(trigger for kind in kinds for trigger in TRIGGERS[kind]))


def _active(status: Any) -> bool:
    if status == "oneshot":
        raise unsupported("oneshot", "status")
    if status not in ("active", "inactive"):
        raise bad_request("status is active or inactive", where="status")
    return status == "active"


def _expiry(value: Any) -> str | None:
    if value in (None, ""):
        return None
    moment = utc(value) if isinstance(value, str) else None
    if moment is None:
        raise bad_request("expires has invalid format", where="expires")
    return moment


def _endpoint(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Where notifications go: http, httpCustom, mqtt."""
    given = [name for name in ("http", "httpCustom", "mqtt", "mqttCustom") if name in wanted]
    if len(given) != 1 or given[0] == "mqttCustom":
        raise bad_request("notification needs http, httpCustom or mqtt", where="notification")
    place = _object(wanted[given[0]], f"notification.{given[0]}")
    url = place.get("url")
    if not isinstance(url, str):
        raise bad_request("a URL is wanted", where=f"notification.{given[0]}.url")
    endpoint: dict[str, Any] = {"uri": url}
    if given[0] == "mqtt":
        endpoint["uri"] = f"{url.rstrip('/')}/{str(place.get('topic', '')).lstrip('/')}"
        endpoint["notifierInfo"] = [{"key": "MQTT-QoS", "value": str(place.get("qos", 0))}]
    if given[0] == "httpCustom":
        endpoint["uri"] = _with_query(url, _object(place.get("qs", {}), "qs"))
        endpoint["receiverInfo"] = [
            {"key": str(name), "value": str(value)}
            for name, value in _object(place.get("headers", {}), "headers").items()
        ]
        _check_custom(place)
    timeout = place.get("timeout")
    return endpoint | ({"timeout": timeout} if timeout else {})


def _with_query(url: str, more: Mapping[str, Any]) -> str:
    parts = urlsplit(url)
    pairs = [
        *parse_qsl(parts.query, keep_blank_values=True),
        *((name, str(value)) for name, value in more.items()),
    ]
    return urlunsplit(parts._replace(query=urlencode(pairs))) if more else url


def _check_custom(place: Mapping[str, Any]) -> None:
    static = orjson.dumps([place["url"], place.get("qs"), place.get("headers")]).decode()
    if MACRO.search(static):
        raise unsupported("a macro outside of payload and json", "notification.httpCustom")
    if place.get("method", "POST") not in METHODS:
        raise unsupported("a method other than POST, PUT and PATCH", "notification.httpCustom.method")
    if "ngsi" in place or ("payload" in place and "json" in place):
        raise unsupported("ngsi, or payload and json together", "notification.httpCustom")


def changed_subscription(own: Mapping[str, Any], fragment: Any) -> dict[str, Any]:
    """v2's own document after a fragment, whose members replace those there."""
    fragment = _object(fragment, "subscription")
    changed = {**own, **fragment}
    for name in ("subject", "notification"):
        if name in fragment:
            changed[name] = {**own[name], **_object(fragment[name], name)}
    if "notification" in fragment and {"http", "httpCustom", "mqtt"} & fragment["notification"].keys():
        others = {"http", "httpCustom", "mqtt"} - fragment["notification"].keys()
        changed["notification"] = {k: v for k, v in changed["notification"].items() if k not in others}
    return changed


def shape_of(own: Mapping[str, Any]) -> Shape:
    """The form of a subscription's notifications; raises BadRequestData."""
    wanted = own["notification"]
    form = wanted.get("attrsFormat", "normalized")
    if form not in FORMATS:
        raise unsupported(f"attrsFormat {str(form)[:40]}", "notification.attrsFormat")
    attrs, excepted, metadata = (wanted.get(name) or () for name in ("attrs", "exceptAttrs", "metadata"))
    for names in (attrs, excepted, metadata):
        if not isinstance(names, list | tuple) or not all(isinstance(one, str) for one in names):
            raise bad_request("attrs, exceptAttrs and metadata are arrays of names", where="notification")
    if attrs and excepted:
        raise bad_request("attrs and exceptAttrs exclude each other", where="notification")
    return Shape(form, tuple(attrs) or None, frozenset(excepted), frozenset(metadata) if metadata else None)


def write_subscription(urn: str, own: Mapping[str, Any], *, status: str, record: Record) -> dict[str, Any]:
    """A subscription as v2 callers see it."""
    told = {
        "timesSent": record.times_sent or None,
        "lastNotification": record.last_notification,
        "lastSuccess": record.last_success,
        "lastFailure": record.last_failure,
    }
    wanted = {"attrsFormat": "normalized", **own["notification"]}
    shown = {name: value for name, value in own.items() if name not in ("status", "notification")}
    return {
        "id": urn.removeprefix(PREFIX),
        **shown,
        "status": {"paused": "inactive"}.get(status, status),
        "notification": wanted | {name: value for name, value in told.items() if value},
    }


def notification(urn: str, own: Mapping[str, Any], entities: Iterable[Any]) -> bytes:
    """The body of a notification about entities that are written already."""
    data = list(entities)
    custom = own["notification"].get("httpCustom", {})
    entity = data[0] if data and isinstance(data[0], dict) else {}
    if custom.get("payload") is not None:
        return _filled(str(custom["payload"]), entity).encode()
    if "json" in custom:
        return orjson.dumps(_filled_in(custom["json"], entity))
    return orjson.dumps({"subscriptionId": urn.removeprefix(PREFIX), "data": data})


def _filled_in(template: Any, entity: Mapping[str, Any]) -> Any:
    """A JSON template with the entity's values; a text that is one macro becomes the value with its type."""
    if isinstance(template, dict):
        return {name: _filled_in(value, entity) for name, value in template.items()}
    if isinstance(template, list):
        return [_filled_in(value, entity) for value in template]
    if not isinstance(template, str):
        return template
    alone = MACRO.fullmatch(template)
    return _said(entity, alone[1]) if alone else _filled(template, entity)


def _filled(template: str, entity: Mapping[str, Any]) -> str:
    """A text with the entity's values in the place of `${…}`."""

    def text(found: re.Match[str]) -> str:
        value = _said(entity, found[1])
        return value if isinstance(value, str) else orjson.dumps(value).decode()

    return MACRO.sub(text, template)


def _said(entity: Mapping[str, Any], name: str) -> Any:
    there = entity.get(name)
    return there["value"] if isinstance(there, dict) and "value" in there else there


def written(entity: Entity, own: Mapping[str, Any]) -> Any:
    """An entity as a notification shows it."""
    return write_entity(entity, shape_of(own))


def path_part(name: str) -> str:
    """An id as a part of an address."""
    return quote(name, safe=":@!$*,;~-._")
