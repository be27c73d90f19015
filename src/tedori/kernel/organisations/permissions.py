"""Permissions and roles, declared by each app in its `apps.py` and found by walking the apps."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Permission:
    """What the named roles may do inside their organisation; `tokens` says whether a token may carry it.

    With `narrows` (words for the form) a token's scope may be narrowed: `live.write:Toilet` instead of
    `live.write`. What stands behind the colon only the service understands, and it must hold it itself.
    """

    name: str
    roles: tuple[str, ...] = ()
    label: str | Promise = ""
    kinds: tuple[str, ...] = ()
    tokens: bool = True
    narrows: str | Promise = ""


@dataclass(frozen=True, slots=True)
class Role:
    """What a member is, in words."""

    name: str
    label: str | Promise


class UnknownPermission(LookupError):
    """Code asked for a permission that no app declares: a bug, not the caller's mistake."""


@cache
def _declared() -> dict[str, Permission]:
    found: dict[str, Permission] = {}
    for config in apps.get_app_configs():
        for permission in getattr(config, "permissions", ()):
            if permission.name in found:
                raise ValueError(f"permission {permission.name} is declared twice, again in {config.name}")
            found[permission.name] = permission
    return found


@cache
def _roles() -> dict[str, Role]:
    return {role.name: role for config in apps.get_app_configs() for role in getattr(config, "roles", ())}


def permission(name: str) -> Permission:
    """The declared permission; raises UnknownPermission."""
    try:
        return _declared()[name]
    except KeyError:
        raise UnknownPermission(name) from None


def permissions() -> tuple[Permission, ...]:
    """All permissions of the house, by name."""
    return tuple(sorted(_declared().values(), key=lambda one: one.name))


def roles() -> tuple[Role, ...]:
    """All roles that a membership may carry, in the order in which the apps declare them."""
    return tuple(_roles().values())


def grantable() -> tuple[Permission, ...]:
    """The permissions that may be a token's scope."""
    return tuple(one for one in permissions() if one.tokens)
