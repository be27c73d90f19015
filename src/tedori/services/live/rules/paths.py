"""The service paths of NGSIv2 as scopes: which entities a `Fiware-ServicePath` lets its caller see. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tedori.engines.ngsild.errors import bad_request
from tedori.engines.ngsild.queries.rows import Sql
from tedori.services.live.rules.access import Wall

TENANT = re.compile(r"[a-z0-9_]{1,50}")
PATH = re.compile(r"/|(?:/[A-Za-z0-9]\w{0,49}){1,10}", re.ASCII)
ROOT, BELOW = "/", "#"
MOST = 10
WITHIN = "EXISTS (SELECT 1 FROM live_scope sp WHERE sp.entity_id = {e}.id AND "


def tenant_of(service: str) -> str:
    """The tenant of a `Fiware-Service`, in small letters as Orion has it; raises BadRequestData."""
    name = service.strip().lower()
    if name and not TENANT.fullmatch(name):
        raise bad_request(
            "bad character in tenant name - only underscore and alphanumeric characters are allowed"
        )
    return name


def paths_of(header: str) -> tuple[str, ...]:
    """The paths of a `Fiware-ServicePath`, each of them perhaps ending in `/#`; () for everything."""
    found = tuple(part.strip() for part in header.split(",") if part.strip())
    if len(found) > MOST:
        raise bad_request("too many service paths - a maximum of ten service paths is allowed")
    for one in found:
        if not PATH.fullmatch(one.removesuffix("/#") or ROOT):
            raise bad_request("a component of ServicePath contains an illegal character", detail=one[:80])
    return () if "/#" in found else found


def written_path(paths: tuple[str, ...]) -> tuple[str, ...]:
    """The scopes of what is created under these paths; raises BadRequestData for more than one."""
    if len(paths) > 1 or any(one.endswith(BELOW) for one in paths):
        raise bad_request("a single service path without wildcard is wanted for an update")
    return tuple(one for one in paths if one != ROOT)


def inside(scopes: Iterable[str], paths: tuple[str, ...]) -> bool:
    """Whether an entity of these scopes lies under one of the paths."""
    scopes = tuple(scopes)
    return not paths or any(_under(scopes, one) for one in paths)


def _under(scopes: tuple[str, ...], path: str) -> bool:
    if path == ROOT:
        return not scopes
    if path.endswith(BELOW):
        base = path[:-2]
        return any(one == base or one.startswith(f"{base}/") for one in scopes)
    return path in scopes


def walled(behind: Wall | None, paths: tuple[str, ...]) -> Wall | None:
    """The wall with the condition that an entity lies under one of the paths."""
    if not paths:
        return behind

    def both(alias: str) -> Sql:
        parts = [_within(alias, one) for one in paths]
        text = "(" + " OR ".join(part.text for part in parts) + ")"
        params = tuple(value for part in parts for value in part.params)
        if behind is None:
            return Sql(text, params)
        first = behind(alias)
        return Sql(f"({first.text} AND {text})", (*first.params, *params))

    return both


def _within(alias: str, path: str) -> Sql:
    if path == ROOT:
        return Sql(f"{alias}.scopes = ''")
    if path.endswith(BELOW):
        base = path[:-2]
        text = WITHIN.format(e=alias) + "(sp.path = ? OR substr(sp.path, 1, ?) = ?))"
        return Sql(text, (base, len(base) + 1, f"{base}/"))
    return Sql(WITHIN.format(e=alias) + "sp.path = ?)", (path,))
