"""The writers: organisations, people, memberships and tokens; each act leaves evidence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from tedori.kernel.evidence.actions import record
from tedori.kernel.organisations import rules
from tedori.kernel.organisations.models import ApiToken, Membership, Organisation, User
from tedori.kernel.organisations.permissions import roles
from tedori.kernel.organisations.queries import organisation as find_organisation
from tedori.kernel.organisations.queries import token_value
from tedori.kernel.organisations.tokens import new_secret
from tedori.kernel.organisations.values import Actor, OrganisationValue, TokenValue


@transaction.atomic
def create_organisation(
    *,
    code: str,
    name: str,
    kind: str,
    by: Actor,
    at: datetime,
    name_en: str = "",
    parent: str = "",
    steward_of_platform: bool = False,
) -> OrganisationValue:
    """Register an organisation; raises Taken when the code is, UnknownOrganisation for the parent."""
    rules.demand(by, "organisations.create", organisation=code)
    if Organisation.objects.filter(code=code).exists():
        raise rules.Taken(name=code)
    Organisation.objects.create(
        code=code,
        name=name,
        name_en=name_en,
        kind=Organisation.Kind(kind).value,
        parent=_organisation(parent) if parent else None,
        steward_of_platform=steward_of_platform,
    )
    record(
        "organisations.organisation_created",
        by=by,
        at=at,
        organisation=code,
        subject=f"organisation:{code}",
        grounds={"name": name, "kind": kind, "steward_of_platform": steward_of_platform},
    )
    return find_organisation(code)


@transaction.atomic
def register_person(
    *,
    username: str,
    name: str,
    by: Actor,
    at: datetime,
    password: str | None = None,
    email: str = "",
    language: str = "ja",
) -> int:
    """Make a person who can sign in and give its id; without a password only by passkey or OIDC."""
    rules.demand(by, "organisations.create", organisation=None)
    if User.objects.filter(username=username).exists():
        raise rules.Taken(name=username)
    person = User(username=username, name=name, email=email, language=language, date_joined=at)
    if password is not None:
        try:
            validate_password(password, person)
        except ValidationError as error:
            raise rules.WeakPassword(why=" ".join(error.messages)) from error
    person.set_password(password)
    person.save()
    record("organisations.person_registered", by=by, at=at, organisation="", subject=f"user:{person.pk}")
    return person.pk


@transaction.atomic
def add_member(*, organisation: str, username: str, role: str, by: Actor, at: datetime) -> int:
    """Take a person into an organisation and give the person's id; raises AlreadyMember, UnknownPerson."""
    rules.demand(by, "organisations.members", organisation=organisation)
    _known_role(role)
    place = _organisation(organisation)
    person = User.objects.filter(username=username, is_active=True).first()
    if person is None:
        raise rules.UnknownPerson(username=username)
    if Membership.objects.filter(user=person, organisation=place).exists():
        raise rules.AlreadyMember
    Membership.objects.create(user=person, organisation=place, role=role, added_at=at)
    _membership_fact("added", by=by, at=at, organisation=organisation, user_id=person.pk, role=role)
    return person.pk


@transaction.atomic
def change_role(*, organisation: str, user_id: int, role: str, by: Actor, at: datetime) -> None:
    """Give a member another role; the last admin stays one."""
    rules.demand(by, "organisations.members", organisation=organisation)
    _known_role(role)
    row = _membership(organisation, user_id)
    if row.role == role:
        return
    _spare_last_admin(row)
    before, row.role = row.role, role
    row.save(update_fields=["role"])
    _membership_fact(
        "role_changed", by=by, at=at, organisation=organisation, user_id=user_id, role=role, before=before
    )


@transaction.atomic
def remove_member(*, organisation: str, user_id: int, by: Actor, at: datetime) -> None:
    """Take a person out of an organisation; the last admin stays."""
    rules.demand(by, "organisations.members", organisation=organisation)
    row = _membership(organisation, user_id)
    _spare_last_admin(row)
    row.delete()
    _membership_fact("removed", by=by, at=at, organisation=organisation, user_id=user_id, role=row.role)


@transaction.atomic
def issue_token(
    *,
    organisation: str,
    label: str,
    scopes: Iterable[str],
    by: Actor,
    at: datetime,
    expires: datetime | None = None,
) -> tuple[TokenValue, str]:
    """A new token and its secret, which nobody can be shown again; raises UnknownScope, ExpiryPassed."""
    rules.demand(by, "organisations.tokens", organisation=organisation)
    wanted = sorted(set(scopes))
    withheld = rules.withheld_scopes(by, wanted, organisation=organisation)
    if withheld:
        raise rules.UnknownScope(scope=withheld[0])
    if expires is not None and expires <= at:
        raise rules.ExpiryPassed
    secret = new_secret()
    row = ApiToken.objects.create(
        organisation=_organisation(organisation),
        label=label,
        prefix=secret.prefix,
        digest=secret.digest,
        scopes=wanted,
        created_by_id=by.user_id,
        created_at=at,
        expires_at=expires,
    )
    record(
        "organisations.token_issued",
        by=by,
        at=at,
        organisation=organisation,
        subject=f"token:{row.pk}",
        grounds={"scopes": wanted, "expires": expires.isoformat() if expires else None},
    )
    return token_value(row), secret.text


@transaction.atomic
def revoke_token(*, token_id: int, by: Actor, at: datetime) -> None:
    """Make a token useless from now on; a token already revoked, or behind a wall, raises Forbidden."""
    row = ApiToken.objects.select_for_update(of=("self",)).select_related("organisation").filter(pk=token_id)
    token = row.first()
    if token is None or token.revoked_at is not None:
        raise rules.Forbidden
    rules.demand(by, "organisations.tokens", organisation=token.organisation.code)
    token.revoked_at = at
    token.save(update_fields=["revoked_at"])
    record(
        "organisations.token_revoked",
        by=by,
        at=at,
        organisation=token.organisation.code,
        subject=f"token:{token.pk}",
    )


def set_language(*, user_id: int, language: str) -> None:
    """Remember the language in which a person wants to be addressed; raises UnknownLanguage."""
    if language not in dict(settings.LANGUAGES):
        raise rules.UnknownLanguage(language=language)
    User.objects.filter(pk=user_id).update(language=language)


def _organisation(code: str) -> Organisation:
    row = Organisation.objects.filter(code=code).first()
    if row is None:
        raise rules.UnknownOrganisation(code=code)
    return row


def _membership(organisation: str, user_id: int) -> Membership:
    # Everybody's rows are locked, so that two admins cannot remove each other at the same moment.
    rows = Membership.objects.select_for_update().filter(organisation__code=organisation).order_by("id")
    row = next((one for one in rows if one.user_id == user_id), None)
    if row is None:
        raise rules.UnknownPerson(username=user_id)
    return row


def _known_role(role: str) -> None:
    if role not in {one.name for one in roles()}:
        raise rules.UnknownRole(role=role)


def _spare_last_admin(row: Membership) -> None:
    others = Membership.objects.filter(
        organisation_id=row.organisation_id, role="admin", user__is_active=True
    ).exclude(pk=row.pk)
    if row.role == "admin" and not others.exists():
        raise rules.LastAdmin


def _membership_fact(
    verb: str, *, by: Actor, at: datetime, organisation: str, user_id: int, **grounds: str
) -> None:
    record(
        f"organisations.member_{verb}",
        by=by,
        at=at,
        organisation=organisation,
        subject=f"user:{user_id}",
        grounds=grounds,
    )
