"""Doors for programs: `auth=` objects for django-ninja, and the check at the hot doors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest
from django.utils import timezone
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from tedori.kernel.organisations.audiences import AUDIENCES, admit, admits
from tedori.kernel.organisations.queries import token_actor
from tedori.kernel.organisations.rates import address, aspend, purse, spend
from tedori.kernel.organisations.rules import Forbidden, SignInNeeded
from tedori.kernel.organisations.values import ANONYMOUS, Actor

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class Door:
    """An `auth=` object: lets an audience in, counts the request, gives the actor as `request.auth`.

    A session may come through as well as a token, but changes nothing without its CSRF token.
    """

    def __init__(self, audience: str, permission: str | None = None) -> None:
        if audience not in AUDIENCES:
            raise ValueError(f"no such audience: {audience}")
        self.audience = audience
        self.permission = permission
        super().__init__()

    def __call__(self, request: HttpRequest) -> Actor:
        """The actor; raises SignInNeeded, Forbidden, TokenRefused or TooManyRequests."""
        actor = admit(request, self.audience, self.permission)
        if actor.signed_in and request.method not in SAFE and check_csrf(request) is not None:
            raise Forbidden(where="CSRF")
        spend(*purse(actor, address(request.META)))
        return actor


class BearerDoor(Door, AuthBase):
    """A door that the OpenAPI description shows as locked."""

    openapi_type = "http"
    openapi_scheme = "bearer"


def door(audience: str, permission: str | None = None) -> Door:
    """The `auth=` object of an audience, asking for a permission where one is named."""
    return Door(audience, permission) if audience == "public" else BearerDoor(audience, permission)


public = door("public")
resident = door("resident")
staff = door("staff")
partner = door("partner")


async def admit_scope(scope: dict[str, Any], audience: str = "public") -> Actor:
    """The same check for a plain ASGI scope, without sessions: a bearer token, or ANONYMOUS.

    Raises SignInNeeded, Forbidden, TokenRefused or TooManyRequests.
    """
    meta = _meta(scope)
    kind, _, text = meta.get("HTTP_AUTHORIZATION", "").partition(" ")
    actor = ANONYMOUS
    if kind.lower() == "bearer":
        actor = await sync_to_async(token_actor)(text.strip(), at=timezone.now())
    if not admits(audience, actor):
        raise Forbidden if actor.token_id is not None else SignInNeeded
    await aspend(*purse(actor, address(meta)))
    return actor


def _meta(scope: dict[str, Any]) -> dict[str, str]:
    headers: Iterable[tuple[bytes, bytes]] = scope.get("headers", ())
    wanted = {b"authorization": "HTTP_AUTHORIZATION", b"x-forwarded-for": "HTTP_X_FORWARDED_FOR"}
    meta = {wanted[name]: value.decode("latin-1") for name, value in headers if name in wanted}
    return meta | {"REMOTE_ADDR": (scope.get("client") or ("",))[0]}
