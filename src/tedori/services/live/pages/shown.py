"""Entities and their readings as the templates show them: values, units, ages, places."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlencode

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from tedori.engines.ngsild.contexts import CORE
from tedori.engines.ngsild.errors import NgsiLdError
from tedori.engines.ngsild.values import Attribute, Entity
from tedori.kernel.organisations.queries import organisations
from tedori.services.live.pages.words import ago, clock, item_of, label, name_of, read, told, unit
from tedori.services.live.queries.explorer import Shown
from tedori.services.live.rules.datamodels import CONTEXT, Model, models, short
from tedori.services.live.rules.freshness import Limits
from tedori.services.live.rules.rows import place_rows

PLAIN = frozenset({"name", "location", "description", "address", "municipalityCode", "facilityId"})
STREAM = "/live/stream"
CONTEXTS = "/ngsi-ld/v1/jsonldContexts/"


@dataclass(frozen=True, slots=True)
class Age:
    """When something was read: for the machine, for people, and whether that is too long ago."""

    at: str
    clock: str
    text: str
    old: bool
    minutes: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One reading: `name` as the stream of changes calls it, `dataset` "" for the default instance."""

    name: str
    label: str
    value: str
    unit: str
    age: Age | None
    dataset: str = ""
    kind: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One entity of a list."""

    urn: str
    url: str
    title: str
    owner: str
    cells: tuple[Cell | None, ...]
    age: Age
    latitude: float | None
    longitude: float | None


def names_of_organisations() -> dict[str, str]:
    """Code → name, in the reader's language."""
    japanese = get_language() == "ja"
    return {one.code: one.name if japanese else one.name_en for one in organisations()}


def type_url(name: str) -> str:
    """The page of a type: under its short name where a model or the default vocabulary has it."""
    return reverse("live:entities", args=[type_word(name)])


def type_word(name: str) -> str:
    """How the address of a page calls a type; `type_iri` is the way back."""
    model = models().get(short(name))
    known = model.iri if model else CORE.expand(short(name))
    return short(name) if known == name else name


def type_iri(word: str) -> str:
    """The IRI of a type as an address calls it; raises Http404 for what cannot be one."""
    model = models().get(word)
    try:
        return model.iri if model else CORE.expand(word)
    except NgsiLdError as error:
        raise Http404 from error


def entity_url(urn: str) -> str:
    """The page of an entity."""
    return reverse("live:entity", args=[urn])


def age_of(text: str | None, owner: str, limits: Limits, now: datetime) -> Age | None:
    """The age of a reading; None where its time is not known."""
    moment = read(text)
    if moment is None:
        return None
    minutes = limits.minutes(owner)
    return Age(
        moment.isoformat(), clock(moment), ago(moment, now), limits.old(owner, moment, now=now), minutes
    )


def cell(name: str, one: Attribute, model: Model | None, shown: Shown, limits: Limits, now: datetime) -> Cell:
    """One instance of an attribute."""
    item = item_of(model, name)
    link = ""
    if one.kind == "Relationship" and isinstance(one.value, str):
        link = entity_url(one.value)
    return Cell(
        name=CORE.compact(name),
        label=label(model, name),
        value=told(one, item),
        unit=unit(one.unit_code),
        age=age_of(one.observed_at, shown.owner, limits, now),
        dataset=one.dataset_id or "",
        kind=one.kind,
        link=link,
    )


def columns_of(page: Iterable[Shown], model: Model | None) -> tuple[str, ...]:
    """The short names of the attributes that a list shows: the model's choice, or the commonest readings."""
    if model:
        return model.columns
    counts: dict[str, int] = {}
    for shown in page:
        for name in shown.entity.attributes:
            if short(name) not in PLAIN:
                counts[short(name)] = counts.get(short(name), 0) + 1
    return tuple(sorted(counts, key=lambda name: (-counts[name], name))[:3])


def row(
    shown: Shown,
    columns: tuple[str, ...],
    model: Model | None,
    *,
    names: dict[str, str],
    limits: Limits,
    now: datetime,
) -> Row:
    """One entity as a row of the list."""
    found = {
        short(name): (name, instances[0]) for name, instances in shown.entity.attributes.items() if instances
    }
    latitude, longitude = place_of(shown.entity)
    return Row(
        urn=shown.entity.id,
        url=entity_url(shown.entity.id),
        title=name_of(shown.entity),
        owner=names.get(shown.owner, shown.owner),
        cells=tuple(
            cell(*found[column], model, shown, limits, now) if column in found else None for column in columns
        ),
        age=age_of(shown.latest, shown.owner, limits, now),
        latitude=latitude,
        longitude=longitude,
    )


def place_of(entity: Entity) -> tuple[float | None, float | None]:
    """Latitude and longitude of the middle of its location, or of any place that it has."""
    names = sorted(entity.attributes, key=lambda name: short(name) != "location")
    for name in names:
        for _name, _dataset, _geometry, west, south, east, north in place_rows(name, entity.attributes[name]):
            return (south + north) / 2, (west + east) / 2
    return None, None


def stream_url(position: int, **asked: str) -> str:
    """Where the changes after a position are told."""
    return f"{STREAM}?{urlencode(asked | {'lastEventId': str(position)}, quote_via=quote)}"


def origin(request: HttpRequest) -> str:
    """The scheme and host under which the reader came here."""
    return f"{request.scheme}://{request.get_host()}"


def context_url(request: HttpRequest) -> str:
    """Where our @context is served."""
    return f"{origin(request)}{CONTEXTS}{CONTEXT}"
