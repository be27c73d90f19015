"""Doors and who may come through them: public, resident, staff, partner."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from tedori.kernel.organisations.queries import actor_of
from tedori.kernel.organisations.rules import Forbidden, SignInNeeded, demand
from tedori.kernel.organisations.values import Actor

AUDIENCES = ("public", "resident", "staff", "partner")


def admits(audience: str, actor: Actor) -> bool:
    """Whether a door of this audience lets the actor in."""
    if audience == "public":
        return True
    if audience == "resident":
        return actor.signed_in
    if audience == "staff":
        return actor.signed_in and bool(actor.organisation)
    if audience == "partner":
        return actor.token_id is not None or (actor.signed_in and actor.kind == "company")
    raise ValueError(f"no such audience: {audience}")


def admit(request: HttpRequest, audience: str, permission: str | None = None) -> Actor:
    """The actor, let in; raises SignInNeeded or Forbidden."""
    actor = actor_of(request)
    if not admits(audience, actor):
        raise Forbidden if actor.signed_in or actor.token_id is not None else SignInNeeded
    if permission is not None:
        demand(actor, permission, organisation=None)
    return actor


def audience(name: str, permission: str | None = None) -> Callable:
    """Mark a view with its audience (and the permission it asks for in the own organisation), and hold it.

    A browser without a session is sent to the sign-in page; everybody else refused gets the error.
    """
    if name not in AUDIENCES:
        raise ValueError(f"no such audience: {name}")

    def mark(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        held = (
            _held_async(view, name, permission)
            if iscoroutinefunction(view)
            else _held(view, name, permission)
        )
        held.audience = name
        held.permission = permission
        return held

    return mark


def _turned_away(request: HttpRequest, name: str, permission: str | None) -> HttpResponse | None:
    try:
        admit(request, name, permission)
    except SignInNeeded:
        if request.method not in {"GET", "HEAD"} or not request.accepts("text/html"):
            raise
        return redirect_to_login(request.get_full_path())
    return None


def _held(view: Callable, name: str, permission: str | None) -> Callable:
    @wraps(view)
    def door(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        return _turned_away(request, name, permission) or view(request, *args, **kwargs)

    return door


def _held_async(view: Callable, name: str, permission: str | None) -> Callable:
    check = sync_to_async(_turned_away)

    @wraps(view)
    async def door(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        return await check(request, name, permission) or await view(request, *args, **kwargs)

    return door


# Doors that others built: the longest prefix of the view's dotted name decides. Each of the resident ones
# is held by the package itself, and a test walks through them.
THIRD_PARTY = {
    "allauth.account.views.": "public",
    "allauth.account.views.EmailView": "resident",
    "allauth.account.views.LogoutView": "public",
    "allauth.account.views.PasswordChangeView": "resident",
    "allauth.account.views.PasswordSetView": "resident",
    "allauth.account.views.ReauthenticateView": "resident",
    "allauth.mfa.": "resident",
    "allauth.mfa.base.views.AuthenticateView": "public",
    "allauth.mfa.webauthn.views.LoginWebAuthnView": "public",
    "allauth.socialaccount.": "public",
    "allauth.socialaccount.views.ConnectionsView": "resident",
    "django.contrib.admin.": "staff",
    "django.views.generic.base.RedirectView": "public",
    "django.views.i18n.": "public",
    "ninja.openapi.views.": "public",
}


def of(callback: Callable) -> str | None:
    """The audience of a URL pattern's callback; None when nobody declared one.

    A django-ninja path with several operations has the widest audience among them, and None when any of
    them has no door.
    """
    declared = getattr(callback, "audience", None)
    if declared is not None:
        return declared
    operations = _ninja_operations(callback)
    if operations:
        found = {_operation_audience(operation) for operation in operations}
        return None if None in found else min(found, key=AUDIENCES.index)
    name = dotted(callback)
    known = max((prefix for prefix in THIRD_PARTY if name.startswith(prefix)), key=len, default=None)
    return THIRD_PARTY[known] if known else None


def dotted(callback: Callable) -> str:
    """The full name of a view, of its class where it has one."""
    view = getattr(callback, "view_class", None) or getattr(callback, "func", callback)
    return f"{view.__module__}.{view.__qualname__}"


def _ninja_operations(callback: Callable) -> list:
    # django-ninja hides its PathView in the closure of the view that it makes.
    code = getattr(callback, "__code__", None)
    names = dict(zip(code.co_freevars, callback.__closure__ or (), strict=True)) if code else {}
    return getattr(names["self"].cell_contents, "operations", []) if "self" in names else []


def _operation_audience(operation: object) -> str | None:
    doors = [getattr(one, "audience", None) for one in operation.auth_callbacks]
    return None if not doors or None in doors else min(doors, key=AUDIENCES.index)
