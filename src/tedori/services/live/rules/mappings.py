"""One sender's names and values and what they are commonly called: a YAML file that a person can edit. Pure.

    types:
      避難所:                      # what the sender calls it
        type: EvacuationShelter   # what it is called here
        id: {theirs: "Shelter-{}", ours: "urn:ngsi-ld:EvacuationShelter:131016:{}"}
        attributes:
          名称: name
          開設: {name: status, values: {開設中: open, 閉鎖: closed}}
          混雑率: {name: occupancyRate, scale: 0.01, unit: P1}
        leave: [備考]              # not taken over, not handed on
        others: keep              # or leave: what becomes of everything that is not named

Types that the file does not name pass as they are. It can be read both ways: towards the partner names,
values and scales are turned back.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import yaml
from django.utils.translation import gettext_lazy as _

from tedori.engines.ngsild.errors import NgsiLdError
from tedori.engines.ngsild.ngsiv2.names import checked, id_of, iri_of, name_of, urn_of
from tedori.engines.ngsild.values import Attribute, Entity
from tedori.kernel.errors import UserError, Words
from tedori.services.live.rules.datamodels import context

LARGEST = 200_000
DECIMALS = 12


class MappingRefused(UserError):
    """The mapping cannot be used; `where` is the place in the file."""

    code = "mapping-refused"
    words = Words(_("対応表を読めません：{because}"), _("示された場所を直して、もう一度確かめてください。"))


def refused(because: object, where: str = "") -> MappingRefused:
    """The error for this place."""
    return MappingRefused(because=because, where=where)


@dataclass(frozen=True, slots=True)
class Rule:
    """What becomes of one attribute: its common name (an IRI), values, factor, unit."""

    iri: str
    values: Mapping[Hashable, Any] = field(default_factory=dict)
    scale: float | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Recipe:
    """What becomes of the entities of one type; IRIs on both sides, `theirs` and `ours` patterns of ids."""

    theirs: str
    ours: str
    their_id: str = "{}"
    our_id: str = "{}"
    rules: Mapping[str, Rule] = field(default_factory=dict)
    left: frozenset[str] = frozenset()
    others: bool = True


@dataclass(frozen=True, slots=True)
class Names:
    """A whole mapping."""

    recipes: tuple[Recipe, ...] = ()
    records: Mapping[str, Any] = field(default_factory=dict)

    def common(self, entity: Entity) -> Entity:
        """A partner's entity as it is called here."""
        recipe = next((one for one in self.recipes if one.theirs in entity.types), None)
        return entity if recipe is None else _turned(entity, recipe, _inwards(recipe))

    def foreign(self, entity: Entity) -> Entity:
        """An entity of ours as the partner calls it."""
        recipe = next((one for one in self.recipes if one.ours in entity.types), None)
        return entity if recipe is None else _turned(entity, _reversed(recipe), _outwards(recipe))

    def foreign_id(self, urn: str, types: tuple[str, ...]) -> str:
        """The partner's id of an entity of ours."""
        return self.foreign(Entity(urn, types)).id

    def foreign_type(self, iri: str) -> str:
        """What the partner calls a type."""
        return next((one.theirs for one in self.recipes if one.ours == iri), iri)

    def foreign_name(self, iri: str, types: tuple[str, ...]) -> str:
        """What the partner calls an attribute of entities of these types."""
        recipe = next((one for one in self.recipes if one.ours in types), None)
        pairs = recipe.rules.items() if recipe else ()
        return next((theirs for theirs, rule in pairs if rule.iri == iri), iri)


Turn = Callable[[str, Attribute], tuple[str, Attribute] | None]


def _turned(entity: Entity, recipe: Recipe, turn: Turn) -> Entity:
    attributes: dict[str, tuple[Attribute, ...]] = {}
    for iri, several in entity.attributes.items():
        for one in several:
            found = turn(iri, one)
            if found is not None:
                attributes[found[0]] = (*attributes.get(found[0], ()), found[1])
    types = tuple(recipe.ours if one == recipe.theirs else one for one in entity.types)
    return replace(entity, id=_id(entity.id, recipe), types=types, attributes=attributes)


def _reversed(recipe: Recipe) -> Recipe:
    return replace(
        recipe, theirs=recipe.ours, ours=recipe.theirs, their_id=recipe.our_id, our_id=recipe.their_id
    )


def _id(urn: str, recipe: Recipe) -> str:
    before, _, after = recipe.their_id.partition("{}")
    given = id_of(urn)
    if not (given.startswith(before) and given.endswith(after) and len(given) > len(before) + len(after)):
        return urn
    inner = given[len(before) : len(given) - len(after)]
    return urn_of(recipe.our_id.replace("{}", inner))


def _inwards(recipe: Recipe) -> Turn:
    def turn(iri: str, one: Attribute) -> tuple[str, Attribute] | None:
        rule = recipe.rules.get(iri)
        if rule is None:
            return (iri, one) if recipe.others and iri not in recipe.left else None
        value = turned_value(one.value, rule.values, rule.scale)
        return rule.iri, replace(one, value=value, unit_code=rule.unit or one.unit_code)

    return turn


def _outwards(recipe: Recipe) -> Turn:
    back = {rule.iri: (theirs, rule) for theirs, rule in recipe.rules.items()}

    def turn(iri: str, one: Attribute) -> tuple[str, Attribute] | None:
        if iri not in back:
            return (iri, one) if recipe.others and iri not in recipe.left else None
        theirs, rule = back[iri]
        values = {_key(ours): given for given, ours in rule.values.items()}
        value = turned_value(one.value, values, 1 / rule.scale if rule.scale else None)
        return theirs, replace(one, value=value, unit_code=None if rule.unit else one.unit_code)

    return turn


def _key(value: Any) -> Hashable:
    # True and 1 are one key in Python, and two values here.
    return (type(value).__name__, value) if isinstance(value, bool) else value


def turned_value(value: Any, values: Mapping[Hashable, Any], scale: float | None) -> Any:
    """A value by its table, or by its factor when it is a number."""
    if isinstance(value, Hashable) and _key(value) in values:
        return values[_key(value)]
    if scale is not None and isinstance(value, int | float) and not isinstance(value, bool):
        return round(value * scale, DECIMALS)
    return value


def names_of(text: str) -> Names:
    """The mapping of a file; raises MappingRefused saying where."""
    if len(text) > LARGEST:
        raise refused(_("大きすぎます（{limit} 文字まで）。").format(limit=LARGEST))
    try:
        content = yaml.safe_load(text) if text.strip() else {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{mark.line + 1}:{mark.column + 1}" if mark else ""
        raise refused(getattr(error, "problem", None) or _("YAML ではありません。"), where) from None
    except RecursionError:
        raise refused(_("入れ子が深すぎます。")) from None
    found = checked_mapping(content, "", {"types", "records"})
    recipes = tuple(
        _recipe(str(name), checked_mapping(one, f"types.{name}", RECIPE), f"types.{name}")
        for name, one in checked_mapping(found.get("types"), "types").items()
    )
    if len({one.ours for one in recipes}) < len(recipes):
        raise refused(_("二つの型が同じ型になります。"), "types")
    return Names(recipes, checked_mapping(found.get("records"), "records"))


RECIPE = {"type", "id", "attributes", "leave", "others"}
RULE = {"name", "values", "scale", "unit"}


def checked_mapping(value: Any, where: str, known: set[str] | None = None) -> dict[Any, Any]:
    """A part of the file that must be a mapping, of these members alone; raises MappingRefused."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise refused(_("「名前: 値」の形で書いてください。"), where)
    strange = [str(name) for name in value if known is not None and name not in known]
    if strange:
        raise refused(_("知らない項目です：{names}").format(names="、".join(strange)), where)
    return value


def _recipe(name: str, given: dict[str, Any], where: str) -> Recipe:
    ids = checked_mapping(given.get("id"), f"{where}.id", {"theirs", "ours"})
    theirs, ours = (ids.get(one, "{}") for one in ("theirs", "ours"))
    for pattern in (theirs, ours):
        if not isinstance(pattern, str) or pattern.count("{}") != 1:
            raise refused(_("id には {} を一つだけ書いてください。"), f"{where}.id")
    rules = {
        _iri(str(one), f"{where}.attributes"): read_rule(rule, f"{where}.attributes.{one}")
        for one, rule in checked_mapping(given.get("attributes"), f"{where}.attributes").items()
    }
    if len({rule.iri for rule in rules.values()}) < len(rules):
        raise refused(_("二つの属性が同じ名前になります。"), f"{where}.attributes")
    left = given.get("leave") or []
    if not isinstance(left, list) or given.get("others", "keep") not in ("keep", "leave"):
        raise refused(_("leave は一覧、others は keep か leave です。"), where)
    return Recipe(
        _iri(name, where), _ours(given.get("type", name), f"{where}.type"), theirs, ours, rules,
        frozenset(_iri(str(one), f"{where}.leave") for one in left), given.get("others", "keep") == "keep",
    )  # fmt: skip


def read_rule(given: Any, where: str) -> Rule:
    """What becomes of one attribute; raises MappingRefused."""
    if isinstance(given, str):
        return Rule(_ours(given, where))
    rule = checked_mapping(given, where, RULE)
    values = {
        _key(value): ours for value, ours in checked_mapping(rule.get("values"), f"{where}.values").items()
    }
    if not all(isinstance(ours, Hashable) for ours in values.values()):
        raise refused(_("値の対応は単純な値どうしにしてください。"), f"{where}.values")
    scale, unit = rule.get("scale"), rule.get("unit")
    number = isinstance(scale, int | float) and not isinstance(scale, bool) and scale != 0
    if scale is not None and not number:
        raise refused(_("scale は 0 でない数です。"), f"{where}.scale")
    if unit is not None and not isinstance(unit, str):
        raise refused(_("unit は文字です。"), f"{where}.unit")
    return Rule(_ours(rule.get("name"), f"{where}.name"), values, scale, unit)


def _ours(name: Any, where: str) -> str:
    """The IRI of a name as it is called here: that of the data models where they have one."""
    known = context()["@context"].get(name) if isinstance(name, str) else None
    return known or _iri(name, where)


def _iri(name: Any, where: str) -> str:
    try:
        return iri_of(checked(name, "name"))
    except NgsiLdError as error:
        raise refused(error.title, where) from None


def listed(text: str) -> tuple[str, ...]:
    """The types in a list of names, as IRIs; raises MappingRefused."""
    names = [part.strip() for part in text.replace("、", ",").replace("\n", ",").split(",")]
    return tuple(dict.fromkeys(_ours(name, "types") for name in names if name))


def shown(iris: tuple[str, ...]) -> str:
    """The list of their names again."""
    known = {iri: name for name, iri in context()["@context"].items()}
    return ", ".join(known.get(iri) or name_of(iri) for iri in iris)
