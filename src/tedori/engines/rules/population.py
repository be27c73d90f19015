"""A population: the people of many households as columns, sorted by household."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tedori.engines.rules.model import PERSON
from tedori.engines.rules.values import Value, mapped


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """What is given under a name: a value per person or household, and where (None: everywhere)."""

    entity: str
    value: Value
    where: np.ndarray | None = None

    def part(self, people: slice, households: slice) -> Column:
        """The same column of a part of the population."""
        rows = people if self.entity == PERSON else households
        where = None if self.where is None else self.where[rows]
        return Column(self.entity, mapped(self.value, lambda each: each[rows]), where)


@dataclass(frozen=True, slots=True, eq=False)
class Population:
    """`starts`: the place of each household's first person; `roles`: each person's place in ROLES."""

    starts: np.ndarray
    roles: np.ndarray
    columns: Mapping[str, Column]

    @property
    def people(self) -> int:
        """How many people there are."""
        return len(self.roles)

    @property
    def households(self) -> int:
        """How many households there are."""
        return len(self.starts)

    @property
    def sizes(self) -> np.ndarray:
        """How many people each household has."""
        return np.diff(np.append(self.starts, self.people))

    @property
    def homes(self) -> np.ndarray:
        """Each person's household."""
        return np.repeat(np.arange(self.households), self.sizes)

    def part(self, first: int, last: int) -> Population:
        """The households from `first` up to, not including, `last`."""
        starts = self.starts[first:last]
        begin = int(starts[0])
        end = int(self.starts[last]) if last < self.households else self.people
        people, households = slice(begin, end), slice(first, last)
        columns = {name: column.part(people, households) for name, column in self.columns.items()}
        return Population(starts - begin, self.roles[people], columns)

    def partners(self) -> np.ndarray:
        """For each of the first two 親 of a household the other one's place, -1 for everybody else."""
        found = np.full(self.people, -1)
        parents = np.flatnonzero(self.roles == 0)
        homes = self.homes[parents]
        # People are sorted by household, so that the two 親 of one stand beside each other among all 親.
        first = np.append(True, homes[1:] != homes[:-1])[: len(homes)]
        heads = np.flatnonzero(first)
        heads = heads[np.append(heads[1:], len(homes)) - heads > 1]
        found[parents[heads]] = parents[heads + 1]
        found[parents[heads + 1]] = parents[heads]
        return found

    def pairs(self) -> tuple[np.ndarray, np.ndarray]:
        """All ordered pairs of two people of the same household: (one, other)."""
        sizes = self.sizes[self.homes]
        one = np.repeat(np.arange(self.people), sizes)
        offset = np.arange(len(one)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        other = self.starts[self.homes][one] + offset
        different = one != other
        return one[different], other[different]
