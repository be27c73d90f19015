"""The history goes into the lake, hour by hour, so that it can be read together with other tables."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from tedori.kernel.lake.rules import Stored
from tedori.kernel.lake.store import Lake, house_lake
from tedori.services.live.models import Position
from tedori.services.live.queries.histories.hours import Hour, hours, last_before, rows_of
from tedori.services.live.rules.shelves import frame, number_of, shelf

POSITION = "lake"
PRUNED = "history"  # the hour before which the history is in the lake alone (see pruning.py)
RECOUNT_AT = 3  # the hour (UTC) at which everything is counted anew, and what was forgotten leaves the lake
Held = Mapping[str, tuple[int, Stored]]


def shelve(at: datetime) -> int:
    """Write the hours that are over; returns how many files were written or taken away.

    Once a day everything is counted: an hour of which instances were forgotten, corrected or came late is
    written anew, and its old version goes.
    """
    at = at.astimezone(UTC)
    position, _ = Position.objects.get_or_create(name=POSITION)
    whole = position.position == 0 or at.hour == RECOUNT_AT
    before = at.strftime("%Y-%m-%dT%H")
    found = hours(after=0 if whole else position.position, before=before)
    reached, lake = last_before(before, after=position.position), house_lake()
    held = {name: lake.newest(name) for name in {shelf(one.tenant, one.type) for one in found}}
    done = sum(_shelved(lake, one, held[shelf(one.tenant, one.type)], whole=whole) for one in found)
    if whole:
        done += _tidied(lake, {(shelf(one.tenant, one.type), one.hour) for one in found})
    Position.objects.filter(pk=POSITION).update(position=max(reached, position.position))
    return done


def _shelved(lake: Lake, hour: Hour, held: Held, *, whole: bool) -> int:
    """Write one hour of one type, unless it is there already."""
    version, stored = held.get(hour.hour, (0, None))
    # What came late into an hour that is there already is seen whole at the next count only.
    if stored is not None and (not whole or stored.rows == hour.rows):
        return 0
    made = frame(rows_of(hour.tenant, hour.texts, hour.hour, first=hour.first))
    lake.write(dataset=shelf(hour.tenant, hour.type), partition=hour.hour, version=version + 1, frame=made)
    if stored is not None:
        lake.forget(stored, version=version)
    return 1


def _tidied(lake: Lake, known: set[tuple[str, str]]) -> int:
    """Take away the hours of which nothing is left, but for those that are kept here alone."""
    gone, pruned = 0, Position.objects.filter(name=PRUNED).values_list("position", flat=True).first() or 0
    for place in sorted((lake.root / "live").glob("t*/*")):
        name = str(place.relative_to(lake.root))
        for hour, (version, stored) in lake.newest(name).items():
            if (name, hour) not in known and number_of(hour) >= pruned:
                lake.forget(stored, version=version)
                gone += 1
    return gone
