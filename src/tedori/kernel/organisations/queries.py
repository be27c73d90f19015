"""The readers: who acts in a request, which organisations there are, who is in them."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from tedori.kernel.organisations.models import ApiToken, Membership, Organisation, User
from tedori.kernel.organisations.permissions import permission as declared
from tedori.kernel.organisations.rules import TokenRefused
from tedori.kernel.organisations.tokens import parse
from tedori.kernel.organisations.values import (
    ANONYMOUS,
    PLATFORM,
    Actor,
    Member,
    OrganisationValue,
    TokenValue,
)

KINDS = ("user:", "token:")  # the references that may have a name
ACTIVE = "organisation"  # the session's key for the organisation that its person acts for


def actor_of(request: HttpRequest) -> Actor:
    """Who acts: the bearer token if one is sent, else the session's person, else ANONYMOUS.

    Raises TokenRefused for a token that does not hold. Asked twice of one request it reads once.
    """
    known = getattr(request, "_tedori_actor", None)
    user_id = getattr(getattr(request, "user", None), "pk", None)
    if known is not None and known[0] == user_id:
        return known[1]
    actor = _find_actor(request, user_id)
    request._tedori_actor = (user_id, actor)
    return actor


def _find_actor(request: HttpRequest, user_id: int | None) -> Actor:
    kind, _, secret = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if kind.lower() == "bearer":
        return token_actor(secret.strip(), at=timezone.now())
    if user_id is None:
        return ANONYMOUS
    session = getattr(request, "session", None)
    return person_actor(request.user, organisation=session.get(ACTIVE, "") if session is not None else "")


def person_actor(user: User, *, organisation: str = "") -> Actor:
    """The person acting for `organisation` if a member of it, else for the first one, else as a resident."""
    memberships = list(
        Membership.objects.filter(user_id=user.pk, user__is_active=True)
        .select_related("organisation")
        .order_by("id")
    )
    if not memberships:
        return Actor(user_id=user.pk, name=display_name(user))
    active = next((one for one in memberships if one.organisation.code == organisation), memberships[0])
    place = active.organisation
    steers = place.steward_of_platform and active.role == "admin"
    return Actor(
        user_id=user.pk,
        name=display_name(user),
        organisation=place.code,
        kind=place.kind,
        roles=frozenset({active.role, PLATFORM} if steers else {active.role}),
    )


def token_actor(text: str, *, at: datetime) -> Actor:
    """The token's actor, the day of use noted; raises TokenRefused."""
    secret = parse(text)
    row = (
        ApiToken.objects.filter(prefix=secret.prefix).select_related("organisation").first()
        if secret
        else None
    )
    if row is None or not hmac.compare_digest(row.digest, secret.digest):
        raise TokenRefused
    if row.revoked_at is not None or (row.expires_at is not None and row.expires_at <= at):
        raise TokenRefused
    today = timezone.localdate(at)
    if row.last_used_on != today:
        ApiToken.objects.filter(pk=row.pk).update(last_used_on=today)
    return Actor(
        token_id=row.pk,
        name=row.label,
        organisation=row.organisation.code,
        kind=row.organisation.kind,
        scopes=frozenset(row.scopes),
    )


def within(actor: Actor, *, field: str = "organisation") -> Q:
    """The filter that keeps an actor inside the walls; `field` holds an organisation's code."""
    if actor.everywhere:
        return Q()
    return Q(**{field: actor.organisation}) if actor.organisation else Q(pk__in=())


def display_name(user: User) -> str:
    """How a person is shown."""
    return user.get_full_name() or user.username


def names_of(references: Iterable[str]) -> dict[str, str]:
    """Reference → name of the members and tokens among these actors; residents stay without a name."""
    wanted = {kind: {ref.partition(":")[2] for ref in references if ref.startswith(kind)} for kind in KINDS}
    people = User.objects.filter(pk__in=wanted["user:"], memberships__isnull=False).distinct()
    keys = ApiToken.objects.filter(pk__in=wanted["token:"])
    return {f"user:{one.pk}": display_name(one) for one in people} | {
        f"token:{one.pk}": one.label for one in keys
    }


def _organisation(row: Organisation) -> OrganisationValue:
    return OrganisationValue(
        row.code,
        row.name,
        row.name_en or row.name,
        row.kind,
        row.parent.code if row.parent else "",
        row.steward_of_platform,
    )


def organisation(code: str) -> OrganisationValue | None:
    """The organisation with this code, or None."""
    row = Organisation.objects.select_related("parent").filter(code=code).first()
    return _organisation(row) if row else None


def organisations(kind: str | None = None) -> tuple[OrganisationValue, ...]:
    """All organisations, or those of one kind, by code."""
    rows = Organisation.objects.select_related("parent")
    return tuple(map(_organisation, rows.filter(kind=kind) if kind else rows))


def _member(row: Membership) -> Member:
    return Member(
        row.user_id,
        row.user.username,
        display_name(row.user),
        row.organisation.code,
        row.organisation.name,
        row.role,
    )


def members(organisation: str) -> tuple[Member, ...]:
    """The people in an organisation, in the order of joining."""
    rows = Membership.objects.filter(organisation__code=organisation, user__is_active=True)
    return tuple(map(_member, rows.select_related("user", "organisation")))


def memberships(user_id: int) -> tuple[Member, ...]:
    """The organisations that a person is in."""
    rows = Membership.objects.filter(user_id=user_id).select_related("user", "organisation")
    return tuple(map(_member, rows))


def people_with(permission: str, organisation: str) -> tuple[Member, ...]:
    """The members whose role carries the permission in this organisation."""
    roles = set(declared(permission).roles)
    return tuple(one for one in members(organisation) if one.role in roles)


def token(token_id: int) -> TokenValue | None:
    """One token without its secret, or None."""
    row = ApiToken.objects.filter(pk=token_id).select_related("organisation", "created_by").first()
    return token_value(row) if row else None


def tokens(organisation: str) -> tuple[TokenValue, ...]:
    """An organisation's tokens, newest first, without their secrets."""
    rows = ApiToken.objects.filter(organisation__code=organisation).select_related(
        "organisation", "created_by"
    )
    return tuple(map(token_value, rows))


def token_value(row: ApiToken) -> TokenValue:
    """The value of a row."""
    return TokenValue(
        row.pk,
        row.organisation.code,
        row.label,
        row.prefix,
        tuple(row.scopes),
        display_name(row.created_by) if row.created_by else "",
        row.created_at,
        row.expires_at,
        row.revoked_at,
        row.last_used_on,
    )
