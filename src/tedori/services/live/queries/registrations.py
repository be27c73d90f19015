"""Reading registrations of context sources, and those that a request may concern, ready for use."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from tedori.engines.ngsild.queries.sql import where
from tedori.engines.ngsild.queries.tree import Selection
from tedori.engines.ngsild.registrations.sources import Source, source_of
from tedori.services.live.queries.entities import DIALECTS, behind
from tedori.services.live.queries.store import STORE, Session
from tedori.services.live.rules.access import Wall

VERSION = "registrations"
BELIEVED = 0.2  # seconds for which the registrations of another process's writing are not looked for
COLUMNS = (
    "r.id, r.urn, r.owner, r.document, r.secrets, r.created_at, r.modified_at, r.times_sent, "
    "r.times_failed, r.last_success, r.last_failure"
)
SELECT = f"SELECT {COLUMNS} FROM live_registration r"  # noqa: S608 - our own words


@dataclass(frozen=True, slots=True)
class Registered:
    """A registration as it is kept; `sealed` holds what nobody may see of it, encrypted."""

    id: int
    urn: str
    owner: str
    document: Mapping[str, Any]
    sealed: str
    created_at: str
    modified_at: str
    times_sent: int
    times_failed: int
    last_success: str | None
    last_failure: str | None

    @property
    def record(self) -> dict[str, Any]:
        """How the requests to it went; empty before the first."""
        told = {
            "timesSent": self.times_sent,
            "timesFailed": self.times_failed,
            "lastSuccess": self.last_success,
            "lastFailure": self.last_failure,
        }
        kept = {name: value for name, value in told.items() if value}
        if kept:
            worked = (self.last_success or "") >= (self.last_failure or "")
            kept["status"] = "ok" if worked else "failed"
        return kept


@dataclass(frozen=True, slots=True)
class Partner:
    """A source ready to be asked, with what is encrypted of its headers."""

    source: Source
    sealed: str


def _registered(row: tuple[Any, ...]) -> Registered:
    return Registered(*row[:3], orjson.loads(row[3]), *row[4:])


def one(session: Session, tenant: int, urn: str, *, owner: str | None) -> Registered | None:
    """One registration of a tenant; None when there is none, or none of that owner (None: of anybody)."""
    mine, values = _behind(owner)
    row = session.one(f"{SELECT} WHERE r.tenant_id = ? AND r.urn = ?{mine}", (tenant, urn, *values))
    return _registered(row) if row else None


def every(session: Session, tenant: int, *, owner: str | None, at: str) -> tuple[Registered, ...]:
    """A tenant's registrations that hold at that moment, oldest first, of one owner or (None) of all."""
    mine, values = _behind(owner)
    rows = session.all(
        f"{SELECT} WHERE r.tenant_id = ? AND (r.expires_at = '' OR r.expires_at > ?){mine} ORDER BY r.id",
        (tenant, at, *values),
    )
    return tuple(map(_registered, rows))


def _behind(owner: str | None) -> tuple[str, tuple[str, ...]]:
    return ("", ()) if owner is None else (" AND r.owner = ?", (owner,))


def version(session: Session) -> int:
    """A number that grows whenever a registration is written or deleted."""
    row = session.one("SELECT position FROM live_position WHERE name = ?", (VERSION,))
    return row[0] if row else 0


def taken(session: Session, tenant: int, selection: Selection, wall: Wall | None) -> str | None:
    """The id of an entity of a selection, None when there is none; within the session's transaction."""
    condition = where(selection, dialect=DIALECTS[session.vendor], tenant=tenant, wall=wall)
    held = behind(wall)
    behind_it = held.text.replace("?", session.mark)
    text = f"SELECT e.urn FROM live_entity e WHERE {condition.text}{behind_it} LIMIT 1"  # noqa: S608
    rows = session.native(text, (*condition.params, *held.params))
    return rows[0][0] if rows else None


def owners(tenant: int, urns: Iterable[str]) -> dict[str, str]:
    """To whom entities belong, by their ids."""
    session, wanted = STORE.session(), list(urns)
    if not wanted:
        return {}
    asked = wanted if session.vendor == "postgresql" else orjson.dumps(wanted).decode()
    text = f"SELECT e.urn, e.owner FROM live_entity e WHERE e.tenant_id = ? AND {session.listed('e.urn')}"  # noqa: S608
    return dict(session.all(text, (tenant, asked)))


class Sources:
    """The sources of each tenant, kept in memory while nobody registers another."""

    def __init__(self) -> None:
        self._version = -1
        self._database = ""
        self._looked = 0.0
        self._partners: dict[int, tuple[Partner, ...]] = {}

    def fresh(self, tenant: int) -> tuple[Partner, ...] | None:
        """What is known; None when it must be looked up."""
        if time.monotonic() - self._looked > BELIEVED or self._database != str(STORE.where["NAME"]):
            return None
        return self._partners.get(tenant)

    def read(self, tenant: int) -> tuple[Partner, ...]:
        """The sources as the database has them."""
        session, database = STORE.session(), str(STORE.where["NAME"])
        now = version(session)
        if (now, database) != (self._version, self._database):
            self._partners = {}
            self._version, self._database = now, database
        if tenant not in self._partners:
            found = every(session, tenant, owner=None, at="")
            self._partners[tenant] = tuple(
                Partner(source_of(one.id, one.owner, one.document), one.sealed) for one in found
            )
        self._looked = time.monotonic()
        return self._partners[tenant]

    def forget(self) -> None:
        """Look again at the next occasion: this process has written a registration."""
        self._looked = 0.0


SOURCES = Sources()
