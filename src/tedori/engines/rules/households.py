"""Households as people tell of them, judged and turned into a population."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from tedori.engines.rules import answers
from tedori.engines.rules.errors import HouseholdFault
from tedori.engines.rules.evaluating import whole
from tedori.engines.rules.kinds.days import as_number
from tedori.engines.rules.model import CHOICE, HOUSEHOLD, MOST, PERSON, ROLES, TRUTH, Fact, Rulebook, Words
from tedori.engines.rules.population import Column, Population
from tedori.engines.rules.values import Choice, Range, Truth, Value, exactly, known

LARGEST = 40
OLDEST = 130


@dataclass(frozen=True, slots=True)
class Person:
    """A member of a household: what is known of them, by the names of facts and derived values."""

    name: str
    role: str
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Household:
    """People who live together and what is known of them together."""

    facts: Mapping[str, object]
    people: tuple[Person, ...]

    def told(self, name: str, answer: object, person: str | None = None) -> Household:
        """The same household with one more answer."""
        if person is None:
            return replace(self, facts={**self.facts, name: answer})
        people = tuple(
            replace(one, facts={**one.facts, name: answer}) if one.name == person else one
            for one in self.people
        )
        return replace(self, people=people)


def described(given: Mapping[str, Any]) -> Household:
    """A household from {親: [{…}], 子: [{…}], 項目: 値}; who has no 名前 is called 親1, 子1 and so on."""
    people: list[Person] = []
    for role in ROLES:
        for place, facts in enumerate(given.get(role) or (), 1):
            named = dict(facts or {})
            people.append(Person(str(named.pop("名前", f"{role}{place}")), role, named))
    return Household({name: value for name, value in given.items() if name not in ROLES}, tuple(people))


def population(rulebook: Rulebook, households: Sequence[Household], on: date) -> Population:
    """The households as a population; HouseholdFault for one that cannot be."""
    for household in households:
        _possible(household)
        _once(household)
    people = [one for household in households for one in household.people]
    roles = np.array([ROLES.index(one.role) for one in people], np.int8)
    columns = dict(_columns(rulebook, PERSON, [(one.name, one.facts) for one in people], on))
    return Population(
        _starts(households), roles, columns | dict(_columns(rulebook, HOUSEHOLD, _shared(households), on))
    )


def _starts(households: Sequence[Household]) -> np.ndarray:
    sizes = [len(household.people) for household in households]
    return np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)


def _shared(households: Sequence[Household]) -> list[tuple[str, Mapping[str, object]]]:
    return [(f"世帯{place}", household.facts) for place, household in enumerate(households, 1)]


def _possible(household: Household) -> None:
    parents = sum(one.role == "親" for one in household.people)
    if not household.people:
        raise HouseholdFault("nobody", "世帯", "世帯員がいません", "there is nobody in the household")
    if parents > 2:
        raise HouseholdFault(
            "too-many-parents", "親", "「親」は2人までです", "there can be two parents at most"
        )
    if len(household.people) > LARGEST:
        raise HouseholdFault("too-large", "世帯", f"世帯員は{LARGEST}人までです", f"at most {LARGEST} people")


def _once(household: Household) -> None:
    names = [one.name for one in household.people]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise HouseholdFault("twice", twice, "同じ人が2回います", "the same person is there twice")


def separate(households: Mapping[str, Household]) -> None:
    """HouseholdFault when a person belongs to two of these households."""
    seen: dict[str, str] = {}
    for home, household in households.items():
        for one in household.people:
            if one.name in seen:
                places = f"{seen[one.name]}、{home}"
                raise HouseholdFault(
                    "two-households", one.name, f"2つの世帯にいます: {places}", f"in two households: {places}"
                )
            seen[one.name] = home


def _columns(
    rulebook: Rulebook, entity: str, rows: Sequence[tuple[str, Mapping[str, object]]], on: date
) -> Iterator[tuple[str, Column]]:
    for name in dict.fromkeys(name for _, facts in rows for name in facts):
        fact = _fact(rulebook, name, entity)
        answers_given = [answers.read(fact, facts.get(name), f"{who}・{name}", on) for who, facts in rows]
        _plausible(fact, answers_given, on)
        value = _value(fact, answers_given)
        where = None if name in rulebook.facts else np.array([one is not None for one in answers_given])
        yield name, Column(entity, value, where)


def _plausible(fact: Fact, given: Sequence[object | None], on: date) -> None:
    for one in given:
        if isinstance(one, date) and on.year - one.year > OLDEST:
            raise HouseholdFault(
                "too-old", fact.name, f"{OLDEST}歳を超えています: {one}", f"older than {OLDEST}: {one}"
            )


def _fact(rulebook: Rulebook, name: str, entity: str) -> Fact:
    """The fact of this name, or a derived value seen as one; HouseholdFault for a name of another entity."""
    found = rulebook.facts.get(name)
    if found is None and name in rulebook.definitions:
        node = rulebook.definitions[name].node
        found = Fact(name, node.entity, node.sort, Words(name, name), node.options, -MOST, MOST)
    if found is None or found.entity != entity:
        raise HouseholdFault("unknown-fact", name, f"知らない項目です: {name}", f"unknown fact: {name}")
    return found


def _value(fact: Fact, given: Sequence[object | None]) -> Value:
    if fact.sort == TRUTH:
        return _truths(given)
    if fact.sort == CHOICE:
        return Choice(np.array([_bits(fact, one) for one in given], np.int64))
    return _numbers(fact, given)


def _truths(given: Sequence[object | None]) -> Truth:
    yes, may = np.array([one is True for one in given]), np.array([one is not False for one in given])
    return known(yes) if None not in given else Truth(yes, may)


def _bits(fact: Fact, given: object | None) -> int:
    return (1 << len(fact.options)) - 1 if given is None else 1 << fact.options.index(str(given))


def _numbers(fact: Fact, given: Sequence[object | None]) -> Range:
    unknown = whole(fact, 1)
    lows = _filled(given, float(unknown.low[0]))  # type: ignore[union-attr]
    if None not in given:
        return exactly(lows)
    return Range(lows, _filled(given, float(unknown.high[0])))  # type: ignore[union-attr]


def _filled(given: Sequence[object | None], otherwise: float) -> np.ndarray:
    """The answers as numbers, another number where there is none."""
    plain = [as_number(one) if isinstance(one, date) else one for one in given]
    return np.array([otherwise if one is None else one for one in plain], np.float64)
