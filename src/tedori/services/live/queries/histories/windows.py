"""Which instances of an evolution are wanted, as conditions of SQL over `live_history h`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from tedori.engines.ngsild.kinds import NO_DATASET
from tedori.engines.ngsild.queries.rows import Sql, joined, marks
from tedori.engines.ngsild.queries.tree import Temporal

MOMENTS = {
    "": "coalesce(h.observed_at, h.modified_at)",
    "observedAt": "h.observed_at",
    "createdAt": "h.created_at",
    "modifiedAt": "h.modified_at",
    "deletedAt": "h.modified_at",
}


@dataclass(frozen=True, slots=True)
class Window:
    """The instances that are wanted of every entity.

    `names` are IRIs (None: all but those `without`), `datasets` ids with `@none` for the default instance.
    `member` is the time that counts, "" where any will do; `start` is included, `end` is not. Of each
    attribute and dataset the `last` instances are wanted, None: all.
    """

    names: tuple[str, ...] | None = None
    without: tuple[str, ...] = ()
    datasets: tuple[str, ...] | None = None
    member: str = ""
    start: str | None = None
    end: str | None = None
    last: int | None = None

    @property
    def moment(self) -> str:
        """The time of an instance, as SQL."""
        return MOMENTS[self.member]

    def during(self, temporal: Temporal) -> Window:
        """The same instances within a span of time."""
        return replace(self, member=temporal.member, start=temporal.start, end=temporal.end)

    def condition(self) -> Sql:
        """Whether an instance is wanted, but for `last`."""
        parts = [*self._time(), *self._names()]
        if self.datasets is not None:
            parts.append(self._datasets())
        return joined("AND", parts)

    def _time(self) -> list[Sql]:
        found = [Sql("h.name <> ''")]
        if self.member:
            found.append(Sql("h.deleted" if self.member == "deletedAt" else "NOT h.deleted"))
        if self.member == "observedAt" or self.start or self.end:
            found.append(Sql(f"{self.moment} IS NOT NULL"))
        if self.start is not None:
            found.append(Sql(f"{self.moment} >= ?", (self.start,)))
        if self.end is not None:
            found.append(Sql(f"{self.moment} < ?", (self.end,)))
        return found

    def _names(self) -> list[Sql]:
        found = [Sql(f"h.name NOT IN ({marks(self.without)})", self.without)] if self.without else []
        if self.names is not None:
            found.append(Sql(f"h.name IN ({marks(self.names)})", self.names) if self.names else Sql("1 = 0"))
        return found

    def _datasets(self) -> Sql:
        named = tuple(one for one in self.datasets or () if one != NO_DATASET)
        default = [Sql("h.dataset IS NULL")] if NO_DATASET in (self.datasets or ()) else []
        return joined("OR", [*default, *([Sql(f"h.dataset IN ({marks(named)})", named)] if named else [])])


def of_entities(tenant: int, owners: Mapping[str, Collection[str]]) -> Sql:
    """The evolutions of entities, by the owners whose evolution of them it is."""
    each = [
        Sql(f"h.owner = ? AND h.urn IN ({marks(urns)})", (owner, *urns)) for owner, urns in owners.items()
    ]
    return joined("AND", [Sql("h.tenant_id = ?", (tenant,)), joined("OR", each)])
