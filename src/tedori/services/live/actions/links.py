"""Setting up links: made, changed, paused and ended by people, each with evidence."""

from __future__ import annotations

import json
from datetime import datetime
from secrets import token_urlsafe

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F

from tedori.kernel.evidence.actions import record
from tedori.kernel.organisations.rules import Taken, demand
from tedori.kernel.organisations.values import Actor
from tedori.services.live.actions.writing import column_time
from tedori.services.live.models import Link, Tenant
from tedori.services.live.queries.options import options
from tedori.services.live.rules.links import Draft, NoSuchLink, checked_draft
from tedori.services.live.rules.locking import locked
from tedori.services.live.rules.mappings import names_of

PERMISSION = "live.links"


def create(draft: Draft, *, by: Actor, at: datetime) -> int:
    """A new link of the actor's organisation; gives its number."""
    demand(by, PERMISSION, organisation=None)
    fields = _fields(draft)
    secret = locked(draft.secret or "", key=settings.SECRET_KEY)
    hook = locked(token_urlsafe(32), key=settings.SECRET_KEY)
    tenant, _new = Tenant.objects.get_or_create(name="", defaults={"created_at": column_time(at)})
    try:
        with transaction.atomic():
            row = Link.objects.create(
                tenant=tenant, owner=by.organisation, secret=secret, hook=hook, created_by=by.reference,
                created_at=column_time(at), **fields,
            )  # fmt: skip
            _note(row, "live.link_made", by=by, at=at, grounds=_told(draft))
    except IntegrityError:
        raise Taken(name=draft.name) from None
    return row.pk


def change(number: int, draft: Draft, *, by: Actor, at: datetime) -> None:
    """Other settings for a link; what it exchanges is looked at afresh."""
    row = _mine(number, by)
    fields = _fields(draft)
    if draft.secret is not None:
        fields["secret"] = locked(draft.secret, key=settings.SECRET_KEY)
    try:
        with transaction.atomic():
            Link.objects.filter(pk=row.pk).update(
                **fields, version=F("version") + 1, position=-1, caught_up="", mark="", failures=0
            )
            _note(row, "live.link_changed", by=by, at=at, grounds=_told(draft))
    except IntegrityError:
        raise Taken(name=draft.name) from None


@transaction.atomic
def save_mapping(number: int, text: str, *, by: Actor, at: datetime) -> None:
    """Another mapping; raises MappingRefused when it cannot be read."""
    row = _mine(number, by)
    names_of(text)
    Link.objects.filter(pk=row.pk).update(
        mapping=text, version=F("version") + 1, position=-1, caught_up="", mark=""
    )
    _note(row, "live.link_mapped", by=by, at=at, grounds={"characters": len(text)})


@transaction.atomic
def switch(number: int, *, active: bool, by: Actor, at: datetime) -> None:
    """Pause a link or let it go on; nothing that happens meanwhile is lost."""
    row = _mine(number, by)
    Link.objects.filter(pk=row.pk).update(active=active, version=F("version") + 1, failures=0)
    _note(row, "live.link_resumed" if active else "live.link_paused", by=by, at=at, grounds={})


@transaction.atomic
def delete(number: int, *, by: Actor, at: datetime) -> None:
    """End a link; the entities that came over it stay."""
    row = _mine(number, by)
    _note(row, "live.link_ended", by=by, at=at, grounds={"address": row.address})
    row.delete()


def _fields(draft: Draft) -> dict[str, object]:
    chosen = options()
    types = checked_draft(
        draft, private=chosen.private_endpoints or chosen.trial, own=settings.TEDORI_PUBLIC_URL
    )
    return {
        "name": draft.name.strip(),
        "address": draft.address.strip().rstrip("/")
        if draft.protocol in ("ngsi-ld", "ngsiv2")
        else draft.address,
        "protocol": draft.protocol,
        "direction": draft.direction,
        "types": json.dumps(types),
        "service": draft.service.strip(),
        "path": draft.path.strip(),
        "every": draft.every,
        "mapping": draft.mapping,
        "header": draft.header,
    }


def _mine(number: int, by: Actor) -> Link:
    row = Link.objects.filter(pk=number).first()
    if row is None or not (by.everywhere or row.owner == by.organisation):
        raise NoSuchLink(where=str(number))
    demand(by, PERMISSION, organisation=row.owner)
    return row


def _told(draft: Draft) -> dict[str, object]:
    """What evidence holds of a draft: no secret."""
    return {
        "address": draft.address,
        "protocol": draft.protocol,
        "direction": draft.direction,
        "types": draft.types,
        "secret": {None: "kept", "": "none"}.get(draft.secret, "set"),
    }


def _note(row: Link, action: str, *, by: Actor, at: datetime, grounds: dict[str, object]) -> None:
    record(action, by=by, at=at, organisation=row.owner, subject=f"live/link/{row.pk}", grounds=grounds)
