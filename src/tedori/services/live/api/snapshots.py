"""`GET /live/{type}.geojson` and `.csv`: all entities of a type that may be read, as they stand, streamed.

`{type}` is a short name or a percent-encoded IRI. `context` (or a Link header) names the @context; `attrs`,
`pick`, `omit`, `lang` and `options` mean what they mean for a query of entities. A CSV has a column for the
value and one for the time of each attribute, of a point its longitude and latitude; of several datasets the
default one.
"""

from __future__ import annotations

import asyncio
import csv
import io
import re
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

import orjson

from tedori.engines.ngsild.contexts import Context
from tedori.engines.ngsild.errors import NgsiLdError
from tedori.engines.ngsild.values import Attribute, Entity
from tedori.engines.ngsild.writing import Form, feature, write_attribute
from tedori.kernel.errors import UserError
from tedori.kernel.pages.sheets import plain
from tedori.services.live.api.admission import admitted
from tedori.services.live.api.answers import GEO, JSON, NotAcceptable, Refused, failed
from tedori.services.live.api.calls import Call
from tedori.services.live.api.forms import context_of, form_of, known_tenant, linked_context
from tedori.services.live.api.router import OPEN, parameters
from tedori.services.live.api.stream import headers_of, refuse
from tedori.services.live.queries.snapshots import attributes, part
from tedori.services.live.queries.store import ask
from tedori.services.live.rules.access import Wall, wall

PREFIX = "/live/"
PATH = re.compile(r"/live/([^/]+)\.(geojson|csv)")
KNOWN = frozenset({"context", "attrs", "pick", "omit", "lang", "options", "geometryProperty", "datasetId"})
AT_ONCE = 500
MEDIA = {"geojson": "application/geo+json", "csv": "text/csv; charset=utf-8"}
BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a caller wants to have: the entities of a type in one form."""

    tenant: int
    type: str
    wall: Wall | None
    context: Context
    form: Form


async def snapshot(scope: dict[str, Any], receive: Callable, send: Callable) -> bool:
    """Answer with a file; False when the address is not ours."""
    path = (scope.get("raw_path") or scope["path"].encode()).partition(b"?")[0].decode("latin-1")
    found = PATH.fullmatch(path)
    if found is None or scope["method"] not in ("GET", "HEAD"):
        return False
    headers = headers_of(scope)
    try:
        wanted = await _wanted(scope, headers, unquote(found[1]), found[2])
    except (NgsiLdError, UserError, NotAcceptable, Refused) as error:
        await refuse(send, failed(error, headers.get("accept-language", "")))
        return True
    await _begin(send, unquote(found[1]), found[2])
    gone = asyncio.create_task(_gone(receive))
    try:
        if scope["method"] == "GET":
            await _stream(send, PARTS[found[2]](wanted), gone)
        await send({"type": "http.response.body", "body": b""})
    finally:
        gone.cancel()
    return True


async def _wanted(scope: dict[str, Any], headers: dict[str, str], word: str, ending: str) -> Wanted:
    text = scope["query_string"].decode("latin-1")
    actor = await admitted(scope, headers)
    call = Call(
        method="GET", address=scope["path"], origin="", path={},
        query=parameters(text, KNOWN) if text else {}, query_text=text,
        headers=headers, body=b"", actor=actor, tenant=headers.get("ngsild-tenant", ""),
    )  # fmt: skip
    context = await context_of(call.query.get("context") or linked_context(call))
    form = form_of(call, context, GEO if ending == "geojson" else JSON)
    simple = Form(
        "simplified", form.sys_attrs, form.languages, form.attrs, form.pick, form.omit, form.dataset_ids,
        form.geojson, form.geometry_property,
    )  # fmt: skip
    return Wanted(await known_tenant(call), context.expand(word), wall(actor), context, simple)


async def _begin(send: Callable, word: str, ending: str) -> None:
    name = quote(re.split(r"[/#]", word)[-1] or "entities")
    headers = [
        (b"content-type", MEDIA[ending].encode()),
        (b"content-disposition", f"inline; filename*=UTF-8''{name}.{ending}".encode()),
        (b"cache-control", b"private, no-cache"),
        (b"vary", b"Authorization, Link"),
        *OPEN,
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})


async def _stream(send: Callable, parts: AsyncIterator[bytes], gone: asyncio.Task[None]) -> None:
    async for piece in parts:
        if gone.done():
            return
        await send({"type": "http.response.body", "body": piece, "more_body": True})


async def _gone(receive: Callable) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _entities(wanted: Wanted) -> AsyncIterator[tuple[Entity, ...]]:
    after: int | None = 0
    while after is not None:
        found = await ask(
            lambda begin=after: part(wanted.tenant, wanted.type, wanted.wall, after=begin, limit=AT_ONCE)
        )
        yield found.entities
        after = found.following


async def features(wanted: Wanted) -> AsyncIterator[bytes]:
    """A FeatureCollection in pieces."""
    before = b'{"type":"FeatureCollection","features":[\n'
    async for entities in _entities(wanted):
        for_now = b",\n".join(orjson.dumps(feature(one, wanted.context, wanted.form)) for one in entities)
        if for_now:
            yield before + for_now
            before = b",\n"
    yield (before if before[:1] == b"{" else b"") + b"\n]}\n"


async def lines(wanted: Wanted) -> AsyncIterator[bytes]:
    """A table in pieces: UTF-8 with a mark, so that spreadsheets read it."""
    columns = await ask(attributes, wanted.tenant, wanted.type, wanted.wall)
    shown = [(iri, place) for iri, place in columns if wanted.form.shows_attribute(iri)]
    yield BOM + _line(
        [
            "id",
            "type",
            *(title for iri, place in shown for title in _titles(wanted.context.compact(iri), place)),
        ]
    )
    async for entities in _entities(wanted):
        yield b"".join(_line(_row(one, shown, wanted)) for one in entities)


def _titles(name: str, place: bool) -> tuple[str, ...]:
    return (f"{name}_longitude", f"{name}_latitude") if place else (name, f"{name}_observedAt")


def _row(entity: Entity, shown: Iterable[tuple[str, bool]], wanted: Wanted) -> Iterator[Any]:
    yield entity.id
    yield " ".join(wanted.context.compact(iri) for iri in entity.types)
    for iri, place in shown:
        one = _instance(entity, iri, wanted.form)
        yield from _point(one) if place else _value(one, wanted)


def _instance(entity: Entity, iri: str, form: Form) -> Attribute | None:
    """The instance of the default dataset, or else the first that is to be shown."""
    held = sorted(
        filter(form.shows_instance, entity.attributes.get(iri, ())),
        key=lambda one: one.dataset_id is not None,
    )
    return held[0] if held else None


def _point(one: Attribute | None) -> tuple[Any, Any]:
    value = one.value if one is not None and isinstance(one.value, dict) else {}
    return tuple(value["coordinates"][:2]) if value.get("type") == "Point" else ("", "")


def _value(one: Attribute | None, wanted: Wanted) -> tuple[Any, str]:
    if one is None:
        return "", ""
    value = write_attribute(one, wanted.context, wanted.form)
    simple = (
        value
        if isinstance(value, str | int | float) and not isinstance(value, bool)
        else orjson.dumps(value).decode()
    )
    return simple, one.observed_at or ""


def _line(cells: Iterable[Any]) -> bytes:
    file = io.StringIO()
    csv.writer(file).writerow([plain(cell) for cell in cells])
    return file.getvalue().encode()


PARTS: dict[str, Callable[[Wanted], AsyncIterator[bytes]]] = {"geojson": features, "csv": lines}
