"""From changes to notifications: compiled subscriptions, changes read by position, letters written."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import orjson

from tedori.engines.ngsild.errors import NgsiLdError
from tedori.engines.ngsild.registrations.finding import suits
from tedori.engines.ngsild.subscriptions.watching import Happening, Index, happening
from tedori.engines.ngsild.values import Entity
from tedori.kernel.organisations.values import SYSTEM, Actor
from tedori.services.live.actions.delivery import books
from tedori.services.live.queries import registrations
from tedori.services.live.queries import subscriptions as queries
from tedori.services.live.queries.entities import fetch, select
from tedori.services.live.queries.store import DOWN, Session
from tedori.services.live.queries.subscriptions import SOURCES
from tedori.services.live.rules.access import wall
from tedori.services.live.rules.announcing import announcement, wanted_by
from tedori.services.live.rules.letters import Kept, Letter, Logged
from tedori.services.live.rules.publications import Publications
from tedori.services.live.rules.telling import Endpoint, Ready, key_of, letter, ready, told, written

log = logging.getLogger(__name__)

BATCH = 200  # changes in one round
SAVE_EVERY = 2.0  # seconds after which a position is written down even when nothing had to be sent
LOOK_AGAIN = 1.0  # seconds for which rules of publication are believed
MOST_ENTITIES = 1_000  # in one notification by the clock


def later(at: str, seconds: float) -> str:
    """The moment so many seconds after another, both as columns hold them."""
    moment = datetime.fromisoformat(at) + timedelta(seconds=seconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@dataclass(slots=True)
class Held:
    """What waits until a throttling ends: entities by URN, the latest state of each."""

    key: str
    due_at: str
    entities: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


class Roll:
    """The subscriptions, compiled; read again when one of them was written."""

    def __init__(self, *, load: Callable[[str], Any], hub: str, trial: bool) -> None:
        self.load, self._hub, self._trial = load, hub, trial
        self._version = -1
        self._broken: set[int] = set()
        self.written = False  # whether subscriptions, or letters to them, were written since this was unset
        self.ready: dict[int, Ready] = {}
        self.indexes: dict[int, Index] = {}

    def refresh(self, session: Session) -> None:
        """Take in what was written since the last time; cheap when nothing was."""
        version = queries.version(session)
        if version == self._version:
            return
        for kept in queries.written_since(session, self._version):
            self._take(kept)
        there = queries.versions(session)
        self.ready = {key: one for key, one in self.ready.items() if key in there}
        self._version, self.written = version, True
        self.indexes = self._indexed()

    def _indexed(self) -> dict[int, Index]:
        """Those that hear of changes of entities, by tenant."""
        by_tenant = defaultdict(list)
        for one in self.ready.values():
            if not one.interval and SOURCES not in one.kept.contexts:
                by_tenant[one.kept.tenant_id].append(one.watch)
        return {tenant: Index(watches) for tenant, watches in by_tenant.items()}

    def _take(self, kept: Kept) -> None:
        self.ready.pop(kept.id, None)
        self._broken.discard(kept.id)
        try:
            self.ready[kept.id] = ready(kept, load=self.load, hub=self._hub)
        except NgsiLdError as error:
            self._broken.add(kept.id)
            log.warning("subscription %s cannot be served: %s", kept.urn, error)

    def try_again(self) -> None:
        """Read everything anew at the next occasion when something could not be compiled."""
        if self._broken:
            self._version = -1

    def reader(self, one: Ready) -> Actor:
        """Who reads what this subscription is told: nobody but its owner."""
        roles = frozenset({SYSTEM}) if self._trial and one.kept.by.startswith("system:") else frozenset()
        return Actor(organisation=one.kept.owner, roles=roles)


class Matcher:
    """Turns the log of changes into letters, one transaction per round. Lives in one thread."""

    def __init__(self, session: Session, *, roll: Roll, holder: str) -> None:
        self.session, self.roll, self.holder = session, roll, holder
        self.position = queries.position(session, queries.NOTIFIER)
        self._saved_at = ""
        self._saved = self.position
        self._publications = Publications({})
        self._published_at = ""
        self._told_at: dict[int, str] = {}
        self._held = {
            sub: Held(key, due, entities) for key, sub, entities, due in queries.letters_held(session)
        }
        roll.refresh(session)

    def round(self, now: str) -> tuple[int, list[Letter]]:
        """Deal with the next changes; how many there were, and what has to be sent."""
        changes = queries.changes_after(self.session, self.position, limit=BATCH)
        self.roll.refresh(self.session)  # after the changes: a subscription from before them is known
        if now > self._published_at:
            self._publications = queries.publications(self.session)
            self._published_at = later(now, LOOK_AGAIN)
        letters: list[Letter] = []
        holding: dict[int, Held] = {}
        for logged in changes:
            self._tried(logged, now, letters, holding)
        self._write(changes[-1].seq if changes else self.position, letters, holding, now)
        return len(changes), letters

    def _match(self, logged: Logged, now: str, letters: list[Letter], holding: dict[int, Held]) -> None:
        index = self.roll.indexes.get(logged.tenant_id)
        if index is None or not index.concerns(logged.urn, logged.types):
            return
        seen = happening(logged.change())
        for watch in index.triggered(seen):
            one = self.roll.ready[watch.key]
            if self._hears(one, logged):
                self._tell(one, logged, seen, now, letters, holding)

    def _tried(self, logged: Logged, now: str, letters: list[Letter], holding: dict[int, Held]) -> None:
        """Match a change; one that cannot be matched must not hold up those behind it."""
        try:
            self._match(logged, now, letters, holding)
        except DOWN:
            raise
        except Exception:  # noqa: BLE001 - a bug is written down, and the next change is looked at
            log.exception("change %s could not be told", logged.seq)

    def _hears(self, one: Ready, logged: Logged) -> bool:
        """Whether it is in force, began before this change, and may read the entity."""
        if logged.seq <= one.kept.since or not one.active(logged.at):
            return False
        reader = self.roll.reader(one)
        return self._publications.readable(reader, logged.tenant_id, logged.owner, logged.types)

    def _tell(
        self,
        one: Ready,
        logged: Logged,
        seen: Happening,
        now: str,
        letters: list[Letter],
        holding: dict[int, Held],
    ) -> None:
        data = told(one, seen.change, linked=self._linked(one))
        key, sub = key_of(one.kept, logged.seq), one.kept.id
        until = later(self._told_before(one), one.throttling) if one.throttling else ""
        if now < until:
            held = self._held.setdefault(sub, Held(key, until))
            held.entities[logged.urn] = data
            holding[sub] = held
            return
        self._told_at[sub] = now
        letters.append(replace(letter(one, key, data, at=now), via=logged.via))

    def _told_before(self, one: Ready) -> str:
        kept = one.kept.record.last_notification or "0001-01-01T00:00:00.000000Z"
        return max(self._told_at.get(one.kept.id, ""), kept)

    def _linked(self, one: Ready) -> Callable[[str], Entity | None] | None:
        if one.form.join is None:
            return None

        behind = wall(self.roll.reader(one))

        def find(urn: str) -> Entity | None:
            found = fetch(one.kept.tenant_id, urn, behind)
            return found.entity if found else None

        return find

    def _write(self, seq: int, letters: list[Letter], holding: dict[int, Held], now: str) -> None:
        """Keep the letters and the position together; a position alone only now and then."""
        self.position = seq
        if seq == self._saved or not (letters or holding or now > self._saved_at):
            return
        with self.session.writing():
            books.write_letters(self.session, letters, seq=seq)
            for sub, held in holding.items():
                body = orjson.dumps(held.entities)
                waiting = Letter(held.key, sub, self.roll.ready[sub].endpoint.uri, body, 0, now)
                books.hold_letter(self.session, waiting, due_at=held.due_at)
            books.move_on(self.session, holder=self.holder, to=seq)
        self._saved, self._saved_at = seq, later(now, SAVE_EVERY)

    def release(self, now: str) -> list[Letter]:
        """What was held until now, and what is due by the clock; to be sent."""
        letters = [found for sub in list(self._held) if (found := self._let_go(sub, now)) is not None]
        letters += [found for one in self.roll.ready.values() if (found := self._due(one, now)) is not None]
        return letters

    def _let_go(self, sub: int, now: str) -> Letter | None:
        held, one = self._held[sub], self.roll.ready.get(sub)
        if one is not None and (now < held.due_at or not one.active(now)):
            return None
        del self._held[sub]
        if one is None:
            return None
        data = [part for parts in held.entities.values() for part in parts]
        waiting = letter(one, held.key, data, at=now)
        books.release_letter(self.session, waiting)
        self._told_at[sub] = now
        return waiting

    def _due(self, one: Ready, now: str) -> Letter | None:
        """The notification of a subscription with a time interval, when its time has come."""
        if not one.interval or not one.active(now) or now < self._next(one):
            return None
        self._told_at[one.kept.id] = now
        books.schedule(self.session, one.kept.id, next_at=later(now, one.interval))
        if SOURCES in one.kept.contexts:
            return self._due_sources(one, now)
        behind = wall(self.roll.reader(one))
        found = select(one.kept.tenant_id, one.watch.selection, behind, limit=MOST_ENTITIES, offset=0)
        if not found:
            return None
        data = [part for entity in found for part in written(one, entity, linked=self._linked(one))]
        waiting = letter(one, key_of(one.kept, now), data, at=now)
        with self.session.writing():
            books.write_letters(self.session, [waiting], seq=0)
        return waiting

    def _due_sources(self, one: Ready, now: str) -> Letter | None:
        """The same for a subscription to registrations."""
        kept = one.kept
        wanted = wanted_by(kept, load=self.roll.load)
        if wanted is None:
            return None
        every = registrations.every(self.session, kept.tenant_id, owner=kept.owner or None, at=now)
        found = [each.document for each in every if suits(each.document, wanted)]
        if not found:
            return None
        waiting = announcement(kept, found, wanted, "newlyMatching", at=now, load=self.roll.load)
        with self.session.writing():
            books.write_letters(self.session, [waiting], seq=0)
        return waiting

    def _next(self, one: Ready) -> str:
        last = self._told_at.get(one.kept.id)
        if last is None:
            return one.kept.next_at or later(one.kept.created_at, one.interval)
        return later(last, one.interval)

    def endpoint(self, sub: int) -> Endpoint | None:
        """The endpoint of a subscription that is in force."""
        one = self.roll.ready.get(sub)
        return one.endpoint if one is not None and one.kept.document.get("isActive", True) else None
