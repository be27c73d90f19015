"""Registering context sources, changing and ending registrations, as commands for the writer queue."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import orjson

from tedori.engines.ngsild.errors import NgsiLdError
from tedori.engines.ngsild.instants import sortable
from tedori.engines.ngsild.queries.rows import Sql
from tedori.engines.ngsild.queries.tree import Selection
from tedori.engines.ngsild.registrations.sources import Information, Source, overlap, source_of
from tedori.kernel.organisations.values import Actor
from tedori.services.live.actions.announcing import announce
from tedori.services.live.actions.sealing import seal
from tedori.services.live.actions.subscriptions import Ground
from tedori.services.live.actions.unit import Key, Unit
from tedori.services.live.queries.registrations import VERSION, Registered, every, one, taken
from tedori.services.live.rules.sources import check_source

Document = dict[str, Any]


def not_found(urn: str) -> NgsiLdError:
    """The error for a registration that is not there, or not the caller's."""
    return NgsiLdError("ResourceNotFound", "There is no such registration.", detail=urn, where=urn)


@dataclass(frozen=True, slots=True)
class Register:
    """A new registration; raises AlreadyExists, Conflict, and BadRequestData for its endpoint."""

    tenant: int
    document: Document
    by: Actor
    ground: Ground
    keys: ClassVar[tuple[Key, ...]] = ()

    def apply(self, unit: Unit) -> str:
        """Keep it; gives its id."""
        urn = self.document["id"]
        _sweep(unit, self.tenant)
        if one(unit.session, self.tenant, urn, owner=None) is not None:
            raise NgsiLdError("AlreadyExists", "The registration exists already.", detail=urn, where="id")
        owner = self.by.organisation
        _check(unit, self.tenant, source_of(0, owner, self.document), self.ground)
        document, sealed = seal(self.document)
        unit.session.run(
            'INSERT INTO live_registration (tenant_id, urn, owner, "by", document, secrets, expires_at, '
            "created_at, modified_at, times_sent, times_failed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0)",
            (
                self.tenant, urn, owner, self.by.reference, orjson.dumps(document).decode(), sealed,
                _expiry(document), unit.at, unit.at,
            ),
        )  # fmt: skip
        _written(unit, self.tenant, owner, None, document)
        return urn


@dataclass(frozen=True, slots=True)
class Reregister:
    """A change of a registration; raises ResourceNotFound, Conflict and what `change` raises."""

    tenant: int
    urn: str
    change: Callable[[Document, str], Document]
    by: Actor
    ground: Ground
    keys: ClassVar[tuple[Key, ...]] = ()

    def apply(self, unit: Unit) -> None:
        """Change it."""
        kept = _mine(unit, self.tenant, self.urn, self.by)
        changed = self.change(dict(kept.document), unit.at)
        _check(unit, self.tenant, source_of(kept.id, kept.owner, changed), self.ground)
        document, sealed = seal(changed, kept.sealed)
        unit.session.run(
            "UPDATE live_registration SET document = ?, secrets = ?, expires_at = ?, modified_at = ? "
            "WHERE id = ?",
            (orjson.dumps(document).decode(), sealed, _expiry(document), unit.at, kept.id),
        )
        _written(unit, self.tenant, kept.owner, kept.document, document)


@dataclass(frozen=True, slots=True)
class Unregister:
    """The end of a registration; raises ResourceNotFound."""

    tenant: int
    urn: str
    by: Actor
    keys: ClassVar[tuple[Key, ...]] = ()

    def apply(self, unit: Unit) -> None:
        """End it."""
        kept = _mine(unit, self.tenant, self.urn, self.by)
        unit.session.run("DELETE FROM live_registration WHERE id = ?", (kept.id,))
        _written(unit, self.tenant, kept.owner, kept.document, None)


@dataclass(frozen=True, slots=True)
class Tally:
    """How requests to sources went since the last time: by key (sent, failed, last success, last failure)."""

    counts: Mapping[int, tuple[int, int, str | None, str | None]]
    keys: ClassVar[tuple[Key, ...]] = ()

    def apply(self, unit: Unit) -> None:
        """Count them."""
        unit.session.many(
            "UPDATE live_registration SET times_sent = times_sent + ?, times_failed = times_failed + ?, "
            "last_success = coalesce(?, last_success), last_failure = coalesce(?, last_failure) WHERE id = ?",
            [(*count, key) for key, count in sorted(self.counts.items())],
        )


def _mine(unit: Unit, tenant: int, urn: str, by: Actor) -> Registered:
    kept = one(unit.session, tenant, urn, owner=None if by.everywhere else by.organisation)
    if kept is None:
        raise not_found(urn)
    return kept


def _sweep(unit: Unit, tenant: int) -> None:
    """Registrations whose time is over are deleted."""
    unit.session.run(
        "DELETE FROM live_registration WHERE tenant_id = ? AND expires_at <> '' AND expires_at <= ?",
        (tenant, unit.at),
    )


def _expiry(document: Document) -> str:
    return sortable(document["expiresAt"]) if "expiresAt" in document else ""


def _written(
    unit: Unit,
    tenant: int,
    owner: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
) -> None:
    unit.session.run(
        "INSERT INTO live_position (name, position, holder, until) VALUES (?, 1, '', '') "
        "ON CONFLICT (name) DO UPDATE SET position = live_position.position + 1",
        (VERSION,),
    )
    announce(unit, tenant, owner, before, after)


def _check(unit: Unit, tenant: int, source: Source, ground: Ground) -> None:
    """Raise BadRequestData for an endpoint that may not be asked, Conflict for what is kept elsewhere."""
    check_source(
        source.endpoint, private=ground.private, own=ground.own, tenant=source.document.get("tenant")
    )
    if not source.keeps:
        return
    for other in every(unit.session, tenant, owner=source.owner, at=unit.at):
        known = source_of(other.id, other.owner, other.document)
        exclusive = known.keeps if source.mode == "exclusive" else known.mode == "exclusive"
        if known.key != source.key and exclusive and overlap(source, known):
            raise _conflict(known.urn, "Another source is registered for the same attributes.")
    for information in source.information:
        found = _taken(unit, tenant, source, information)
        if found:
            raise _conflict(found, "An entity here has already what the source is to keep.")


def _conflict(detail: str, title: str) -> NgsiLdError:
    return NgsiLdError("Conflict", title, detail=detail, where="information")


def _taken(unit: Unit, tenant: int, source: Source, information: Information) -> str | None:
    """An entity of the owner's that holds what the source is to keep."""
    selectors = information.selectors
    if source.mode == "exclusive":  # the standard speaks of single entities, and of attributes that are named
        selectors = tuple(one for one in selectors if one.id is not None and information.attrs is not None)
        if not selectors:
            return None
    selection = Selection(
        attrs=tuple(sorted(information.attrs or ())),
        either=tuple(
            Selection(
                ids=(selector.id,) if selector.id else (),
                id_pattern=None if selector.id else selector.pattern,
                types=tuple((name,) for name in selector.types),
            )
            for selector in selectors
        ),
    )
    owner = source.owner
    return taken(
        unit.session,
        tenant,
        selection,
        (lambda alias: Sql(f"{alias}.owner = ?", (owner,))) if owner else None,
    )
