"""Writes down who signed in and where it failed: no password, no typed name, no address in clear."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db.models import Q

from tedori.kernel.evidence.actions import record
from tedori.kernel.organisations.models import User
from tedori.kernel.organisations.queries import person_actor
from tedori.kernel.organisations.values import system_actor

DOOR = system_actor("sign-in")


def signed_in(person: User, *, methods: Sequence[str], address: str, at: datetime) -> None:
    """Record that a person signed in, and by which means (password, mfa, socialaccount)."""
    actor = person_actor(person)
    record(
        "organisations.signed_in",
        by=actor,
        at=at,
        organisation=actor.organisation,
        subject=actor.reference,
        grounds={"methods": sorted(set(methods)), "address": veiled(address)},
    )


def sign_in_failed(login: str, *, address: str, at: datetime) -> None:
    """Record a failure; the name is told only where it is a person's, since else it may be a password."""
    person = User.objects.filter(Q(username=login) | Q(email__iexact=login)).first() if login else None
    record(
        "organisations.sign_in_failed",
        by=DOOR,
        at=at,
        organisation=person_actor(person).organisation if person else "",
        subject=f"user:{person.pk}" if person else "sign-in",
        grounds={"known": person is not None, "address": veiled(address)},
    )


def veiled(address: str) -> str:
    """A name for an address that tells attempts from the same place, and not which place."""
    key = settings.SECRET_KEY.encode()
    return hmac.new(key, f"sign-in:{address}".encode(), hashlib.sha256).hexdigest()[:16]
