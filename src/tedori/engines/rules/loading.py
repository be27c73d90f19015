"""Loads rules from YAML: facts, parameters, definitions and programmes; a faulty one does not load."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import yaml

from tedori.engines.rules.compiling import Compiler
from tedori.engines.rules.errors import RuleFault
from tedori.engines.rules.examples import prove
from tedori.engines.rules.model import (
    CHOICE,
    HOUSEHOLD,
    RANGE,
    TRUTH,
    Condition,
    Example,
    Fact,
    Node,
    Parameter,
    Programme,
    Rulebook,
    Words,
)

Source = Mapping[str, Any]


class _Loader(yaml.SafeLoader if not hasattr(yaml, "CSafeLoader") else yaml.CSafeLoader):  # type: ignore[misc]
    """YAML in which はい, yes and no are words, so that only true and false are truths."""


@cache
def standard() -> Rulebook:
    """The rulebook that comes with the engine, its examples proven."""
    folder = files("tedori.engines.rules") / "programmes"
    names = sorted(one.name for one in folder.iterdir() if one.name.endswith(".yaml"))
    return load([(name, (folder / name).read_text(encoding="utf-8")) for name in names])


def load(texts: Iterable[tuple[str, str]], proven: bool = True) -> Rulebook:
    """The rulebook of some files (name, YAML). RuleFault for the first fault; `proven` runs all examples."""
    sources = [(name, _parsed(name, text)) for name, text in texts]
    rulebook = _compiled(sources)
    if proven:
        for programme in rulebook.programmes.values():
            prove(rulebook, programme)
    return rulebook


def _parsed(name: str, text: str) -> Source:
    try:
        found = yaml.load(text, Loader=_Loader)  # noqa: S506 (a safe loader)
    except yaml.YAMLError as why:
        raise RuleFault(
            "not-yaml", name, f"YAMLとして読めません: {why}", f"cannot be read as YAML: {why}"
        ) from why
    if not isinstance(found, dict):
        raise RuleFault("not-yaml", name, "規則のファイルではありません", "this is not a file of rules")
    return found


def _compiled(sources: list[tuple[str, Source]]) -> Rulebook:
    facts = {name: _fact(name, one) for name, one in _gathered(sources, "facts")}
    parameters = {name: _parameter(name, one) for name, one in _gathered(sources, "parameters")}
    definitions = dict(_gathered(sources, "values"))
    programmes = dict(_gathered(sources, "programmes"))
    for name, one in programmes.items():
        definitions |= _results(name, one)
    compiler = Compiler(facts, parameters, definitions)
    for name in definitions:
        compiler.define(name)
    found = {name: _programme(compiler, name, one) for name, one in programmes.items()}
    return Rulebook(
        MappingProxyType(facts),
        MappingProxyType(parameters),
        MappingProxyType(compiler.definitions),
        MappingProxyType(found),
    )


def _gathered(sources: list[tuple[str, Source]], part: str) -> Iterable[tuple[str, Any]]:
    """The entries of a part in all files; RuleFault when two files have the same name."""
    seen: set[str] = set()
    for where, source in sources:
        for name, entry in (source.get(part) or {}).items():
            if name in seen:
                raise RuleFault("twice", where, f"同じ名前が2つあります: {name}", f"two entries named {name}")
            seen.add(name)
            yield name, entry


def _fact(name: str, given: Source) -> Fact:
    sort = given.get("sort", TRUTH)
    if sort not in (TRUTH, RANGE, CHOICE, "date"):
        raise RuleFault("wrong-sort", name, f"項目の種類が違います: {sort}", f"not a sort of fact: {sort}")
    low, high = given.get("range", (18700101, 22000101) if sort == "date" else (0, 1e9))
    options = tuple(given.get("options", ()))
    return Fact(
        name, given["of"], sort, _words(given, name), options, low, high, tuple(given.get("typical", ()))
    )


def _parameter(name: str, given: Source) -> Parameter:
    values = given.get("values")
    if not isinstance(values, dict) or not all(isinstance(day, date) for day in values):
        raise RuleFault(
            "no-effective-date", name, "適用日がありません", "values need the day from which they apply"
        )
    return Parameter(name, given.get("article", ""), tuple(sorted(values.items(), reverse=True)))


def _results(name: str, given: Source) -> dict[str, Source]:
    """A programme as two definitions: its amount under its name, and 〈name〉の対象."""
    amount = given.get("amount") or {}
    both = {"of": given.get("of", HOUSEHOLD), "article": amount.get("article", "")}
    needs, bars = _whens(given, "conditions"), _whens(given, "exceptions")
    eligible = {"all": [*needs, {"not": bars}]} if bars else {"all": needs}
    return {
        f"{name}の対象": {**both, "is": eligible},
        name: {**both, "is": {"pay": [f"{name}の対象", amount.get("is", 0)]}},
    }


def _whens(given: Source, part: str) -> list[Any]:
    return [one["when"] for one in given.get(part) or ()]


def _programme(compiler: Compiler, name: str, given: Source) -> Programme:
    compiler.where = name
    _complete(name, given)
    entity, last = given.get("of", HOUSEHOLD), given.get("until")
    limits = (given["from"], last)
    return Programme(
        id=name,
        name=_words(given, name),
        law=given["law"],
        office=given.get("office", ""),
        unit=Words(*given.get("unit", ("円/月", "yen a month"))),
        entity=entity,
        first=given["from"],
        last=last,
        conditions=_conditions(compiler, given["conditions"], entity),
        exceptions=_conditions(compiler, given.get("exceptions") or (), entity),
        amount=_in_force(compiler, compiler.definitions[name].node, limits),
        amount_article=given["amount"]["article"],
        eligible=_in_force(compiler, compiler.definitions[f"{name}の対象"].node, limits),
        examples=tuple(map(_example, given["examples"])),
        apply=Words(*given.get("apply", ("", ""))),
        documents=tuple(Words(*one) for one in given.get("documents", ())),
    )


def _complete(name: str, given: Source) -> None:
    """RuleFault for a programme without an effective date, examples or conditions."""
    if not isinstance(given.get("from"), date):
        raise RuleFault(
            "no-effective-date",
            name,
            "いつからの規則か（from）がありません",
            "it has no effective date (from)",
        )
    if not given.get("examples"):
        raise RuleFault(
            "no-examples",
            name,
            "例がありません。例のない規則は使えません",
            "a rule without examples does not load",
        )
    if not given.get("conditions"):
        raise RuleFault("no-conditions", name, "条件がありません", "it has no conditions")


def _conditions(compiler: Compiler, given: Iterable[Source], entity: str) -> tuple[Condition, ...]:
    return tuple(_condition(compiler, one, entity) for one in given)


def _in_force(compiler: Compiler, node: Node, limits: tuple[date, date | None]) -> Node:
    return compiler.node("in_force", node.entity, node.sort, (node,), limits)


def _condition(compiler: Compiler, given: Source, entity: str) -> Condition:
    if not given.get("article"):
        raise RuleFault(
            "no-article",
            compiler.where,
            f"条項がありません: {given.get('id')}",
            "a condition names no article",
        )
    return Condition(
        str(given["id"]), _words(given, ""), given["article"], compiler.read(given["when"], entity)
    )


def _example(given: Source) -> Example:
    return Example(given["name"], given["day"], given["household"], given["expect"])


def _words(given: Source, otherwise: str) -> Words:
    return Words(given.get("ja", otherwise), given.get("en", otherwise))
