"""What the instances of evolutions amount to in periods of time, computed by the database (clause 4.5.19)."""

# Columns and aliases are our own; all that a caller says is bound.
# ruff: noqa: S608
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson

from tedori.engines.ngsild.aggregating import GREATEST, MEASURED, Aggregation, Figures, from_figures
from tedori.engines.ngsild.errors import NgsiLdError
from tedori.engines.ngsild.histories import Aggregate
from tedori.engines.ngsild.queries.rows import Sql
from tedori.services.live.queries.histories.instances import Owned
from tedori.services.live.queries.histories.windows import Window, of_entities
from tedori.services.live.queries.store import STORE, Session

MOST = 50_000  # figures in one answer
LEAST = 1e-100  # what is nearer to zero has no square: PostgreSQL refuses one that is too small for it
Aggregates = Mapping[str, Mapping[str, tuple[Aggregate, ...]]]
KINDS = ", ".join(f"'{kind}'" for kind in MEASURED)
SQLITE = {
    "micros": "CAST(strftime('%s', substr({t}, 1, 19)) AS INTEGER) * 1000000 "
    "+ CAST(substr({t}, 21, 6) AS INTEGER)",
    "type": "json_type(h.value)",
    "number": "CAST(json_extract(h.value, '$') AS REAL)",
    "size": "json_array_length(h.value)",
    "text": "json_extract(h.value, '$')",
    "typed": "CASE json_type(h.value, '$.\"@value\"') WHEN 'text' "
    "THEN json_extract(h.value, '$.\"@value\"') END",
    "rows": "SELECT value ->> 0 AS urn, value ->> 1 AS start, value ->> 2 AS number FROM json_each(?)",
}
POSTGRESQL = {
    "micros": "(extract(epoch FROM ({t})::timestamptz) * 1000000)::bigint",
    "type": "CASE jsonb_typeof(h.value::jsonb) WHEN 'number' THEN 'real' WHEN 'string' THEN 'text' "
    "WHEN 'boolean' THEN h.value ELSE jsonb_typeof(h.value::jsonb) END",
    "number": "(h.value)::float8",
    "size": "jsonb_array_length(h.value::jsonb)",
    "text": "(h.value::jsonb #>> '{}') COLLATE \"C\"",
    "typed": "CASE jsonb_typeof(h.value::jsonb -> '@value') WHEN 'string' "
    "THEN (h.value::jsonb ->> '@value') COLLATE \"C\" END",
    "rows": 'SELECT value ->> 0 AS urn, (value ->> 1) COLLATE "C" AS start, (value ->> 2)::int AS number '
    "FROM jsonb_array_elements((?)::jsonb)",
}
# An instance measured: its number (also the size of an array), what of that has a square, its text.
MEASURES = f"""
CASE WHEN h.kind NOT IN ({KINDS}) THEN NULL WHEN {{type}} IN ('integer', 'real') THEN {{number}}
WHEN {{type}} = 'true' THEN 1.0 WHEN {{type}} = 'false' THEN 0.0 WHEN {{type}} = 'array' THEN {{size}}
END AS measure,
CASE WHEN h.kind NOT IN ({KINDS}) OR {{type}} = 'array' THEN 0 ELSE 1 END AS square,
CASE WHEN h.kind NOT IN ({KINDS}) THEN NULL
WHEN {{type}} = 'text' THEN {{text}} WHEN {{type}} = 'object' THEN {{typed}} END AS word,
CASE WHEN {{type}} IN ('integer', 'real') THEN {{number}} END AS same_number,
CASE WHEN {{type}} IN ('integer', 'real') THEN NULL ELSE h.value END AS same_text"""
FIGURES = f"""
SELECT urn, name, dataset, min(kind) AS kind, period, count(*),
count(DISTINCT same_number) + count(DISTINCT same_text),
count(size), sum(size), min(size), max(size), count(squared), sum(squared * squared),
sum((squared - mean) * (squared - mean)), min(word), max(word)
FROM (SELECT f.*, avg(squared) OVER (PARTITION BY urn, name, dataset, period) AS mean
FROM (SELECT m.*, CASE WHEN square = 0 THEN NULL WHEN abs(size) < {LEAST!r} THEN 0.0 ELSE size END AS squared
FROM (SELECT n.*, CASE WHEN abs(measure) < {GREATEST!r} THEN measure END AS size
FROM ({{instances}}) n) m) f) g
GROUP BY urn, name, dataset, period ORDER BY urn, name, dataset, period LIMIT {MOST + 1}"""


def amounts(tenant: int, owned: Owned, window: Window, asked: Aggregation) -> Aggregates:
    """The aggregated values of entities (by owner), by id and attribute; raises TooManyResults.

    Periods begin with the window or, where that has no beginning, with the entity's first instance.
    """
    if not owned or window.names == ():
        return {}
    session = STORE.session()
    window = replace(window, last=None, member=window.member or "observedAt")
    spans = _spans(session, tenant, owned, window)
    if not spans:
        return {}
    rows = _figures(session, tenant, owned, window, asked, spans)
    if len(rows) > MOST:
        raise NgsiLdError("TooManyResults", f"There are more than {MOST} values. Ask for longer periods.")
    held: dict[tuple[str, str, str | None], tuple[str, dict[int, Figures]]] = {}
    for urn, name, dataset, kind, period, *figures in rows:
        held.setdefault((urn, name, dataset), (kind, {}))[1][period] = _read(figures)
    found: dict[str, dict[str, tuple[Aggregate, ...]]] = {urn: {} for urn in spans}
    for (urn, name, dataset), (kind, periods) in held.items():
        origin, until = spans[urn]
        one = from_figures(kind, dataset, periods, asked, origin, window.end or until)
        found[urn][name] = (*found[urn].get(name, ()), one)
    return found


def _spans(session: Session, tenant: int, owned: Owned, window: Window) -> dict[str, tuple[str, str]]:
    """When the first period of each entity begins, and its last instance."""
    of, wanted = of_entities(tenant, owned), window.condition()
    text = (
        f"SELECT h.urn, min({window.moment}), max({window.moment}) FROM live_history h "
        f"WHERE {of.text} AND {wanted.text} AND NOT h.deleted GROUP BY h.urn"
    )
    rows = session.all(text, (*of.params, *wanted.params))
    return {urn: (window.start or first, last) for urn, first, last in rows}


def _figures(
    session: Session,
    tenant: int,
    owned: Owned,
    window: Window,
    asked: Aggregation,
    spans: Mapping[str, tuple[str, str]],
) -> list[tuple[Any, ...]]:
    words = SQLITE if session.vendor == "sqlite" else POSTGRESQL
    of, wanted = of_entities(tenant, owned), window.condition()
    period = _period(words, window, asked, spans)
    instances = (
        f"SELECT h.urn, h.name, h.dataset, h.kind, {period.text} AS period, {MEASURES.format(**words)} "
        f"FROM live_history h WHERE {of.text} AND {wanted.text} AND NOT h.deleted"
    )
    text = FIGURES.format(instances=instances)
    return session.all(text, (*period.params, *of.params, *wanted.params))


def _period(
    words: Mapping[str, str], window: Window, asked: Aggregation, spans: Mapping[str, tuple[str, str]]
) -> Sql:
    """The number of an instance's period: by arithmetic, or by starts where periods follow the calendar."""
    if asked.period.whole:
        return Sql("0")
    if asked.period.months:
        starts = [
            [urn, start, number]
            for urn, (origin, last) in spans.items()
            for number, start in enumerate(asked.period.starts(origin, last))
        ]
        text = (
            f"(SELECT max(o.number) FROM ({words['rows']}) o "
            f"WHERE o.urn = h.urn AND o.start <= {window.moment})"
        )
        return Sql(text, (orjson.dumps(starts).decode(),))
    origins = [[urn, origin, 0] for urn, (origin, _) in spans.items()]
    moment, origin = words["micros"].format(t=window.moment), words["micros"].format(t="o.start")
    since = f"({moment} - ({origin}))"
    text = f"(SELECT {since} / {asked.period.microseconds} FROM ({words['rows']}) o WHERE o.urn = h.urn)"
    return Sql(text, (orjson.dumps(origins).decode(),))


def _read(row: list[Any]) -> Figures:
    total, distinct, measured, summed, least, greatest, squared, squares, spread, first, last = row
    return Figures(
        total=total,
        distinct=distinct,
        measured=measured,
        sum=None if summed is None else float(summed),
        least=first if least is None else float(least),
        greatest=last if greatest is None else float(greatest),
        squared=squared,
        squares=squares,
        spread=spread,
    )
