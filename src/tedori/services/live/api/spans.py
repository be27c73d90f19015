"""What a temporal query asks: of which time, in which form (clauses 4.11, 6.3.12); what was told of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from tedori.engines.ngsild.aggregating import Aggregation, plain, read_aggregation
from tedori.engines.ngsild.contexts import Context
from tedori.engines.ngsild.errors import bad_request, invalid_request
from tedori.engines.ngsild.evolving import SCOPE_IRI
from tedori.engines.ngsild.projections import HEAD, Projection
from tedori.engines.ngsild.queries.temporal import MEMBERS, parse_temporal
from tedori.engines.ngsild.queries.tree import Temporal
from tedori.engines.ngsild.writing import Form
from tedori.services.live.api.calls import Call
from tedori.services.live.api.forms import form_of, options_of, whole, words
from tedori.services.live.queries.histories.windows import Window

TEMPORAL = frozenset(
    ("timerel", "timeAt", "endTimeAt", "timeproperty", "lastN", "aggrMethods", "aggrPeriodDuration")
)
VALUES, AGGREGATED = "temporalValues", "aggregatedValues"
FORMATS = ("normalized", "concise", VALUES, AGGREGATED)
OPTIONS = frozenset({*FORMATS, "sysAttrs", "count"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What a temporal query asks: the span, the instances that are wanted, the form of the answer.

    `wanted` are the attributes that are asked for by name.
    """

    span: Temporal | None
    window: Window
    format: str
    form: Form
    aggregation: Aggregation | None
    wanted: frozenset[str]


def asked_of(call: Call, context: Context, media: str) -> Asked:
    """The temporal part of a request; raises BadRequestData and InvalidRequest."""
    form_word, form = _form(call, context, media)
    span = parse_temporal(
        *(call.query.get(name) for name in ("timerel", "timeAt", "endTimeAt", "timeproperty"))
    )
    window = _window(call, form, span)
    aggregation = None
    if form_word == AGGREGATED:
        if "aggrMethods" not in call.query:
            raise bad_request("Aggregated values need aggrMethods.", where="aggrMethods")
        aggregation = read_aggregation(call.query["aggrMethods"], call.query.get("aggrPeriodDuration"))
    named = form.attrs or (form.pick and frozenset(form.pick) - HEAD) or frozenset()
    return Asked(span, window, form_word, form, aggregation, frozenset(named))


def _form(call: Call, context: Context, media: str) -> tuple[str, Form]:
    """The format and the form of the answer; the parameter `format` goes before `options`."""
    given = options_of(call, OPTIONS)
    word = call.query.get("format") or next((one for one in reversed(FORMATS) if one in given), "normalized")
    if word not in FORMATS:
        raise invalid_request("This format is not known.", detail=word, where="format")
    rest = {name: value for name, value in call.query.items() if name not in ("options", "format")}
    form = form_of(replace(call, query=rest), context, media)
    for name, projection in (("pick", form.pick), ("omit", form.omit)):
        if any(inside is not None for inside in (projection or {}).values()):
            raise bad_request("The past of linked entities cannot be asked for.", where=name)
    return word, replace(
        form, format="concise" if word == "concise" else "normalized", sys_attrs="sysAttrs" in given
    )


def _window(call: Call, form: Form, span: Temporal | None) -> Window:
    window = Window(
        names=_names(form),
        without=_iris(form.omit or {}),
        datasets=tuple(words(call, "datasetId")) or None,
        last=_last(call),
    )
    if span is not None:
        return window.during(span)
    return replace(window, member=_member(call))


def _names(form: Form) -> tuple[str, ...] | None:
    if form.attrs is not None:
        return tuple(form.attrs)
    return _iris(form.pick) if form.pick is not None else None


def _iris(projection: Projection) -> tuple[str, ...]:
    scope = (SCOPE_IRI,) if "scope" in projection else ()
    return (*sorted(frozenset(projection) - HEAD), *scope)


def _member(call: Call) -> str:
    """The time that counts where no span is asked for."""
    member = call.query.get("timeproperty", "")
    if member and member not in MEMBERS:
        raise bad_request(
            f"timeproperty is one of {', '.join(MEMBERS)}.", detail=member, where="timeproperty"
        )
    return member


def _last(call: Call) -> int | None:
    if "lastN" not in call.query:
        return None
    last = whole(call, "lastN", 0)
    if last < 1:
        raise bad_request("lastN is a whole number from 1 on.", detail=str(last), where="lastN")
    return last


def content_range(asked: Asked, cut: tuple[str, str]) -> str:
    """What a partial answer tells of: from which moment to which, backwards with `lastN` (6.3.10)."""
    first, last = (plain(moment) for moment in cut)
    window = asked.window
    if window.last is not None:
        start = plain(window.end) if window.end else last
        return f"date-time {start}-{first}/{window.last}"
    start = plain(window.start) if window.start else first
    return f"date-time {start}-{last}/*"


def in_document(document: Mapping[str, Any]) -> dict[str, str]:
    """The members of `temporalQ` in a Query, as parameters; raises BadRequestData."""
    given = document.get("temporalQ")
    if given is None:
        return {}
    if not isinstance(given, dict) or not TEMPORAL.issuperset(given):
        raise bad_request("temporalQ is an object with timerel, timeAt and so on.", where="$.temporalQ")
    return {
        name: ",".join(map(str, one)) if isinstance(one, list) else str(one) for name, one in given.items()
    }
