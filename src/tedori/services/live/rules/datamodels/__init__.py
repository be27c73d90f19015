"""The data models that this hub recommends: names, meanings, words of values, examples. Pure.

One YAML file per model beside this one, `attributes.yaml` for what they share. Names and IRIs follow the
Smart Data Models where these know the thing; descriptions are our own. Any other model is as welcome.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from tedori.engines.ngsild.contexts import CORE, DEFAULT_VOCABULARY

CONTEXT = "tedori"  # the name under which the hub hosts our context
SHARED = "attributes.yaml"
PROPERTY, GEO, RELATIONSHIP = "Property", "GeoProperty", "Relationship"
KINDS = {"place": (GEO, "value"), "link": (RELATIONSHIP, "object"), "links": (RELATIONSHIP, "object")}
PLAIN = (PROPERTY, "value")
TAKES = {"number": (int, float), "boolean": (bool,), "texts": (list,), "links": (list,), "place": (dict,)}


@dataclass(frozen=True, slots=True)
class Pair:
    """A text in Japanese and in English."""

    ja: str
    en: str


@dataclass(frozen=True, slots=True)
class Item:
    """One attribute of a model.

    `kind` is text, texts, number, boolean, moment, choice, place, link or links; `words` are the values of a
    choice; `unit` is a code of UN/CEFACT; an `observed` one changes and carries observedAt.
    """

    name: str
    iri: str
    kind: str
    label: Pair
    note: Pair
    unit: str
    observed: bool
    required: bool
    words: Mapping[str, Pair]


@dataclass(frozen=True, slots=True)
class Model:
    """One type of entity: `columns` are shown in lists, `chart` is the attribute whose history is drawn."""

    name: str
    iri: str
    label: Pair
    text: Pair
    fresh_minutes: int
    columns: tuple[str, ...]
    chart: str
    items: Mapping[str, Item]
    example: Mapping[str, Any]


def short(iri: str) -> str:
    """The last part of an IRI: how a name is shown and compared, whoever's vocabulary it is from."""
    return iri.rstrip("/#").replace("#", "/").rsplit("/", 1)[-1]


@cache
def models() -> Mapping[str, Model]:
    """All models by name, in the order of their names."""
    shared = _read(SHARED)
    names = sorted(one.name for one in files(__package__).iterdir() if one.name.endswith(".yaml"))
    return {name[:-5]: _model(name[:-5], shared, _read(name)) for name in names if name != SHARED}


def model_of(type_iri: str) -> Model | None:
    """The model of a type by the last part of its name, or None."""
    return models().get(short(type_iri))


def _read(name: str) -> dict[str, Any]:
    return yaml.safe_load((files(__package__) / name).read_text(encoding="utf-8"))


def _model(name: str, shared: Mapping[str, Any], told: Mapping[str, Any]) -> Model:
    items = {one: _item(one, shared[one], told) for one in told["attributes"]}
    return Model(
        name=name,
        iri=told.get("iri", DEFAULT_VOCABULARY + name),
        label=Pair(told["ja"], told["en"]),
        text=Pair(told["text_ja"], told["text_en"]),
        fresh_minutes=told["fresh_minutes"],
        columns=tuple(told["columns"]),
        chart=told.get("chart", ""),
        items=items,
        example=told["example"],
    )


def _item(name: str, told: Mapping[str, Any], model: Mapping[str, Any]) -> Item:
    words = model.get("words", {}).get(name, {})
    return Item(
        name=name,
        iri=told.get("iri", DEFAULT_VOCABULARY + name),
        kind=told["kind"],
        label=Pair(told["ja"], told["en"]),
        note=Pair(told.get("note_ja", ""), told.get("note_en", "")),
        unit=told.get("unit", ""),
        observed=told.get("observed", False),
        required=name in model["required"],
        words={value: Pair(*pair) for value, pair in words.items()},
    )


@cache
def context() -> Mapping[str, Any]:
    """The JSON-LD document of our names; what it leaves out has the default IRI anyway."""
    names = {one.name: one.iri for one in models().values()}
    for model in models().values():
        names |= {item.name: item.iri for item in model.items.values()}
    ours = {name: iri for name, iri in sorted(names.items()) if CORE.expand(name) != iri}
    return {"@context": ours}


def document(model: Model, urn: str, values: Mapping[str, Any], *, observed_at: str) -> dict[str, Any]:
    """A normalised NGSI-LD document of these values, without an @context."""
    found: dict[str, Any] = {"id": urn, "type": model.name}
    for name, value in values.items():
        item = model.items[name]
        kind, member = KINDS.get(item.kind, PLAIN)
        told = {"@type": "DateTime", "@value": value} if item.kind == "moment" else value
        found[name] = {"type": kind, member: told}
        if item.unit:
            found[name]["unitCode"] = item.unit
        if item.observed:
            found[name]["observedAt"] = observed_at
    return found


def example(model: Model, *, observed_at: str = "2026-04-01T00:00:00Z") -> dict[str, Any]:
    """The example of a model, to copy."""
    return document(model, f"urn:ngsi-ld:{model.name}:131016:example", model.example, observed_at=observed_at)


def complaints(told: Mapping[str, Any]) -> Iterator[str]:
    """What does not agree with its model in a normalised document; unknown attributes are welcome."""
    model = models().get(str(told.get("type")))
    if model is None:
        yield f"type: {told.get('type')}"
        return
    yield from (
        f"{name}: missing" for name, item in model.items.items() if item.required and name not in told
    )
    for name, item in model.items.items():
        if name in told:
            yield from _wrong(item, told[name])


def _wrong(item: Item, told: Mapping[str, Any]) -> Iterator[str]:
    kind, member = KINDS.get(item.kind, PLAIN)
    if told.get("type") != kind or member not in told:
        yield f"{item.name}: a {kind} with {member} is wanted"
        return
    value = told[member]
    if item.words and value not in item.words:
        yield f"{item.name}: {value} is none of {', '.join(item.words)}"
    if not isinstance(value, TAKES.get(item.kind, (str, dict))):
        yield f"{item.name}: {item.kind} is wanted"
