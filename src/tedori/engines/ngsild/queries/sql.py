"""A selection as one boolean expression of SQL over `live_entity e`; every value is a bound parameter.

Neither database knows how many values one attribute has, so which index leads is found by counting: `probe`
each of the `conditions`, let `leading` choose, and write the whole with `assembled`. `where` does it without
counting.
"""

# ruff: noqa: S608 - what is put together here was written by `conditions`; all that a caller says is bound.
from __future__ import annotations

from collections.abc import Sequence

from tedori.engines.ngsild.queries.conditions import TRUE, Condition, Wall, conditions
from tedori.engines.ngsild.queries.dialects import Dialect
from tedori.engines.ngsild.queries.rows import Sql, joined
from tedori.engines.ngsild.queries.tree import Selection

AUTOMATIC = -1
CEILING = 8_000
"""Counting stops here."""
UNKNOWN = 0.5
"""The share of entities that a condition is taken to leave when nothing tells."""


def where(
    selection: Selection,
    *,
    dialect: Dialect,
    tenant: int,
    wall: Wall | None = None,
    drive: int | None = AUTOMATIC,
) -> Sql:
    """The condition over alias `e` that holds for the selected entities of the tenant.

    `drive` names the condition (its place in `conditions`) whose index leads, None for none: then entities
    are walked and tested, which is best when most match (`leading` finds out). The automatic choice goes by
    rank. The text has the dialect's placeholders.
    """
    parts = conditions(selection, dialect=dialect, tenant=tenant, wall=wall)
    return assembled(parts, dialect=dialect, tenant=tenant, drive=drive)


def assembled(
    parts: Sequence[Condition], *, dialect: Dialect, tenant: int, drive: int | None = AUTOMATIC
) -> Sql:
    """The same from conditions at hand."""
    if drive == AUTOMATIC:
        best = min(range(len(parts)), key=lambda at: parts[at].rank, default=None)
        drive = best if best is not None and parts[best].rank < 9 else None
    leads = [part.candidates is not None and at == drive for at, part in enumerate(parts)]
    own = Sql(
        "+e.tenant_id = ?" if any(leads) else "e.tenant_id = ?", (tenant,)
    )  # + : not the index to go by
    tests = (_driven(part, dialect) if lead else part.check for part, lead in zip(parts, leads, strict=True))
    return dialect.written(joined("AND", (own, *tests)))


def probe(condition: Condition, *, dialect: Dialect, ceiling: int = CEILING) -> Sql | None:
    """How many candidates a condition has, counted to the ceiling at most; None if no index can tell."""
    rows = condition.sketch or condition.candidates
    if rows is None:
        return None
    return dialect.written(
        Sql(f"SELECT count(*) FROM (SELECT 1 FROM ({rows.text}) c LIMIT ?) d", (*rows.params, ceiling))
    )


def leading(counts: Sequence[int | None], *, total: int, limit: int) -> int | None:
    """Which condition should lead a page of `limit` entities out of `total`, None: walk in the order of ids.

    `counts` are what the probes found, None where there was none. Going by an index reads all its candidates;
    a walk reads as many entities as it takes to fill the page, if the conditions are independent.
    """
    share = 1.0
    for count in counts:
        known = count is not None and count < CEILING
        share *= (count or 1) / max(total, count or 1) if known else UNKNOWN
    fewest = min((count for count in counts if count is not None), default=CEILING)
    walked = min(total, limit / share)
    return counts.index(fewest) if fewest < CEILING and fewest <= walked else None


def _driven(condition: Condition, dialect: Dialect) -> Sql:
    candidates = condition.candidates or TRUE
    within = Sql(dialect.among.format(candidates=candidates.text), candidates.params)
    return within if condition.exact else joined("AND", (within, condition.check))
