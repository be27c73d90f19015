"""Which tenants there are."""

from __future__ import annotations

from tedori.services.live.queries.store import STORE

DEFAULT = ""
# By database and name; a tenant never goes away.
_KNOWN: dict[tuple[str, str], int] = {}


def tenant_id(name: str) -> int | None:
    """The tenant's number; None when there is none of that name."""
    key = (str(STORE.where["NAME"]), name)
    if key not in _KNOWN:
        row = STORE.session().one("SELECT id FROM live_tenant WHERE name = ?", (name,))
        if row is None:
            return None
        _KNOWN[key] = row[0]
    return _KNOWN[key]


def forget() -> None:
    """Forget what was known, as when the database is another one."""
    _KNOWN.clear()


def tenants() -> tuple[str, ...]:
    """The names of all tenants, the default one first."""
    return tuple(name for (name,) in STORE.session().all("SELECT name FROM live_tenant ORDER BY name"))
