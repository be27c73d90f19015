"""What a notification says (GS CIM 009, clauses 5.3.1, 5.8.6, 6.3.8 and 7.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from tedori.engines.ngsild.kinds import DELETED
from tedori.engines.ngsild.subscriptions.watching import Change, Watch
from tedori.engines.ngsild.values import Attribute, Entity

JSON, LD_JSON, GEO_JSON = "application/json", "application/ld+json", "application/geo+json"
LINK = '<{}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"'


@dataclass(frozen=True, slots=True)
class Telling:
    """How much of a change is told: previous values (showChanges), the system's own times (sysAttrs)."""

    changes: bool = False
    sys_attrs: bool = False


def entity_told(change: Change, watch: Watch, telling: Telling) -> Entity:
    """The entity as its notification tells it: deleted instances with the value null, `previous` values
    where changes are to be shown, and of a deleted entity hardly more than that it is gone."""
    if change.after is None:
        return _farewell(change, watch, telling)
    before = change.before.attributes if change.before else {}
    after = change.after.attributes
    attributes = {
        name: _instances(before.get(name, ()), after.get(name, ()), at=change.at, telling=telling)
        for name in {**after, **before}
    }
    return replace(change.after, attributes=attributes)


def _instances(
    before: tuple[Attribute, ...], after: tuple[Attribute, ...], *, at: str, telling: Telling
) -> tuple[Attribute, ...]:
    if before is after:
        return after
    left = {one.dataset_id for one in after}
    gone = tuple(_deleted(one, at=at, telling=telling) for one in before if one.dataset_id not in left)
    if telling.changes:
        old = {one.dataset_id: one.value for one in before}
        return tuple(_with_previous(one, old) for one in after) + gone
    return after + gone if after else _one_null(gone)


def _one_null(gone: tuple[Attribute, ...]) -> tuple[Attribute, ...]:
    """Of a whole attribute that is gone one null tells, that of the default instance if there was one."""
    return tuple(sorted(gone, key=lambda one: one.dataset_id is not None))[:1]


def _with_previous(one: Attribute, old: Mapping[str | None, Any]) -> Attribute:
    previous = old.get(one.dataset_id)
    return one if previous is None or previous == one.value else replace(one, previous=previous)


def _deleted(one: Attribute, *, at: str, telling: Telling) -> Attribute:
    """An instance that is gone: null instead of its value."""
    return Attribute(
        one.kind,
        DELETED,
        one.dataset_id,
        created_at=one.created_at,
        modified_at=one.modified_at,
        deleted_at=at if telling.sys_attrs else None,
        previous=one.value if telling.changes else None,
    )


def _farewell(change: Change, watch: Watch, telling: Telling) -> Entity:
    """A deleted entity: with attributes only when changes are shown or their deletion was asked for."""
    was = change.entity
    names = set(was.attributes) if telling.changes else set()
    if "attributeDeleted" in watch.triggers and "entityDeleted" not in watch.triggers:
        names |= set(was.attributes) if watch.watched is None else set(was.attributes) & watch.watched
    attributes = {
        name: _instances(instances, (), at=change.at, telling=telling)
        for name, instances in was.attributes.items()
        if name in names
    }
    return replace(was, attributes=attributes, scopes=(), deleted_at=change.at)


def notification(key: str, subscription: str, data: Any, *, at: str, context: Any = None) -> dict[str, Any]:
    """The whole message; `context` is given when it belongs into the message itself."""
    said = {"id": key, "type": "Notification", "subscriptionId": subscription, "notifiedAt": at, "data": data}
    return said if context is None else {**said, "@context": context}


def link(url: str) -> str:
    """The Link header that names an @context."""
    return LINK.format(url)


def mqtt_message(body: Any, headers: Mapping[str, str]) -> dict[str, Any]:
    """The message of the MQTT binding: what would be headers is its `metadata`."""
    return {"metadata": dict(headers), "body": body}
