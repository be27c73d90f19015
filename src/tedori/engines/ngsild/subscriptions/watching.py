"""Which change concerns which subscription (GS CIM 009, clause 5.8.6): compiled once, looked up by index."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from tedori.engines.ngsild.contexts import Context
from tedori.engines.ngsild.queries.matching import matches
from tedori.engines.ngsild.queries.tree import Selection
from tedori.engines.ngsild.subscriptions.checks import NAME_IN_SELECTION
from tedori.engines.ngsild.subscriptions.documents import DEFAULT_TRIGGERS
from tedori.engines.ngsild.subscriptions.selecting import selection_of
from tedori.engines.ngsild.values import Attribute, Entity

CREATED, UPDATED, DELETED = "created", "updated", "deleted"
ANY_ATTRIBUTE = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one entity: its state before and after (None where it did not exist), and its moment."""

    urn: str
    operation: str
    before: Entity | None
    after: Entity | None
    at: str

    @property
    def entity(self) -> Entity:
        """The entity as it is now, or as it was when it has been deleted."""
        found = self.after or self.before
        if found is None:
            raise ValueError(f"a change of {self.urn} without a state")
        return found


@dataclass(frozen=True, slots=True)
class Watch:
    """A compiled subscription.

    `names` are the ids and types under which a change can concern it, `watched` the IRIs of attributes, None
    for any.
    """

    key: Any
    selection: Selection
    names: tuple[tuple[str, str], ...]
    watched: frozenset[str] | None
    triggers: frozenset[str]


def watch_of(key: Any, document: Mapping[str, Any], context: Context) -> Watch:
    """Compile a stored document; raises NgsiLdError when one of its conditions cannot be read."""
    triggers = frozenset(document.get("notificationTrigger", DEFAULT_TRIGGERS))
    if "entityUpdated" in triggers:
        triggers |= {"attributeCreated", "attributeUpdated", "attributeDeleted"}
    watched = document.get("watchedAttributes")
    return Watch(
        key,
        selection_of(document, context),
        tuple(_names(document)),
        None if watched is None else frozenset(watched),
        triggers,
    )


def _names(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The ids and types under which a change of interest will come; ("", "") for every one."""
    for selector in document.get("entities") or ({"type": "*"},):
        yield from _names_of(selector)


def _names_of(selector: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    ids = selector.get("id")
    if ids:
        yield from (("id", one) for one in ([ids] if isinstance(ids, str) else ids))
    elif selector["type"] != "*":
        yield from (("type", name) for name in NAME_IN_SELECTION.findall(selector["type"]))
    else:
        yield ("", "")


def happenings(change: Change) -> dict[str, set[str]]:
    """What happened to each attribute: IRI → created, updated, deleted (several, for several instances).

    An instance that was written again without any difference has not changed.
    """
    before = change.before.attributes if change.before else {}
    after = change.after.attributes if change.after else {}
    found = {name: _happened(before.get(name, ()), after.get(name, ())) for name in {**before, **after}}
    return {name: kinds for name, kinds in found.items() if kinds}


def _happened(before: tuple[Attribute, ...], after: tuple[Attribute, ...]) -> set[str]:
    if before == after:
        return set()
    old = {one.dataset_id: one for one in before}
    new = {one.dataset_id: one for one in after}
    found = {
        DELETED: old.keys() - new.keys(),
        CREATED: new.keys() - old.keys(),
        UPDATED: [name for name in old.keys() & new.keys() if _told(old[name]) != _told(new[name])],
    }
    return {kind for kind, names in found.items() if names}


def _told(one: Attribute) -> Attribute:
    """An instance without what the system itself writes into it."""
    inner = {name: tuple(map(_told, several)) for name, several in one.attributes.items()}
    return replace(one, created_at=None, modified_at=None, instance_id=None, attributes=inner)


@dataclass(frozen=True, slots=True)
class Happening:
    """A change with what happened to its attributes, worked out once for all subscriptions."""

    change: Change
    attributes: Mapping[str, set[str]] = field(default_factory=lambda: MappingProxyType({}))


def happening(change: Change) -> Happening:
    """The change, looked at closely."""
    return Happening(change, happenings(change))


def triggered(watch: Watch, seen: Happening) -> bool:
    """Whether this change is one that the subscription asks for."""
    if not (_entity_triggers(watch, seen) or _attribute_triggers(watch, seen)):
        return False
    return matches(seen.change.entity, watch.selection)


def _entity_triggers(watch: Watch, seen: Happening) -> bool:
    name = f"entity{seen.change.operation.capitalize()}"
    if name not in watch.triggers:
        return False
    if watch.watched is not None:
        return not watch.watched.isdisjoint(seen.attributes)
    return seen.change.operation != UPDATED or _differs(seen)


def _differs(seen: Happening) -> bool:
    before, after = seen.change.before, seen.change.after
    if before is None or after is None:
        return True
    return bool(seen.attributes) or (before.types, before.scopes) != (after.types, after.scopes)


def _attribute_triggers(watch: Watch, seen: Happening) -> bool:
    names = seen.attributes if watch.watched is None else watch.watched & seen.attributes.keys()
    return any(
        f"attribute{kind.capitalize()}" in watch.triggers for name in names for kind in seen.attributes[name]
    )


class Index:
    """Compiled subscriptions by the id or type, and then the attribute, under which a change comes."""

    def __init__(self, watches: Iterable[Watch]) -> None:
        self._found: dict[tuple[str, str], dict[str, list[Watch]]] = defaultdict(lambda: defaultdict(list))
        for watch in watches:
            for name in dict.fromkeys(watch.names):
                for attribute in watch.watched or (ANY_ATTRIBUTE,):
                    self._found[name][attribute].append(watch)

    def concerns(self, urn: str, types: Iterable[str]) -> bool:
        """Whether a change of such an entity can be of interest at all, before its states are read."""
        return any(name in self._found for name in (("", ""), ("id", urn), *(("type", one) for one in types)))

    def triggered(self, seen: Happening) -> list[Watch]:
        """The subscriptions that ask for this change, each once."""
        return [watch for watch in self._candidates(seen).values() if triggered(watch, seen)]

    def _candidates(self, seen: Happening) -> dict[Any, Watch]:
        types = set(seen.change.entity.types)
        if seen.change.before:
            types |= set(seen.change.before.types)
        names = (("", ""), ("id", seen.change.urn), *(("type", one) for one in types))
        return {
            watch.key: watch
            for by_attribute in map(self._found.get, names)
            if by_attribute
            for attribute in (ANY_ATTRIBUTE, *seen.attributes)
            for watch in by_attribute.get(attribute, ())
        }
