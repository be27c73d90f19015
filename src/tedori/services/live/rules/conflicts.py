"""Which of two values of one attribute holds, here and at a partner. Pure.

The newest observation wins, unless a person has set the value (it then carries `setBy`, see PERSON): that
one stays until a person sets another or lets it go. Two hubs that compare the same two values agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import orjson

from tedori.engines.ngsild.contexts import DEFAULT_VOCABULARY
from tedori.engines.ngsild.instants import sortable
from tedori.engines.ngsild.storing import attribute_to_json
from tedori.engines.ngsild.values import Attribute, Entity

PERSON = f"{DEFAULT_VOCABULARY}setBy"
SKEW = 300.0  # seconds by which a partner's clock may be ahead


def by_person(one: Attribute) -> bool:
    """Whether a person has set this value."""
    return PERSON in one.attributes


def said(one: Attribute) -> Attribute:
    """A value without what each system writes into it for itself."""
    inner = {name: tuple(map(said, several)) for name, several in one.attributes.items()}
    return replace(one, created_at=None, modified_at=None, instance_id=None, attributes=inner)


def same(one: Attribute, other: Attribute) -> bool:
    """Whether both say the same."""
    return _text(one) == _text(other)


def _text(one: Attribute) -> bytes:
    plain = said(one)
    if plain.observed_at:
        plain = replace(plain, observed_at=sortable(plain.observed_at))
    return orjson.dumps(attribute_to_json(plain), option=orjson.OPT_SORT_KEYS)


def time_of(one: Attribute) -> str:
    """When it was observed, or else written; "" when nobody knows."""
    known = one.observed_at or one.modified_at
    return sortable(known) if known else ""


def wins(new: Attribute, old: Attribute) -> bool:
    """Whether the new value takes the place of the old one."""
    if same(new, old):
        return False
    if by_person(new) != by_person(old):
        return by_person(new)
    new_time, old_time = time_of(new), time_of(old)
    # Of two values of the same moment both sides must choose the same one, whichever it is.
    return new_time > old_time if new_time != old_time else _text(new) > _text(old)


def newer(
    incoming: Mapping[str, Iterable[Attribute]], there: Entity | None, *, until: str = ""
) -> dict[str, tuple[Attribute, ...]]:
    """The values that take the place of those that are there; `until` leaves out observations after it."""
    chosen = {iri: tuple(_chosen(iri, several, there, until)) for iri, several in incoming.items()}
    return {iri: several for iri, several in chosen.items() if several}


def _chosen(iri: str, several: Iterable[Attribute], there: Entity | None, until: str) -> Iterator[Attribute]:
    present = {one.dataset_id: one for one in there.attributes.get(iri, ())} if there else {}
    for one in several:
        if until and one.observed_at and sortable(one.observed_at) > until:
            continue
        old = present.get(one.dataset_id)
        if old is None or wins(one, old):
            yield one


def may_go(there: Entity, at: str) -> bool:
    """Whether an entity that a partner deleted at that moment goes here too: unless something is newer."""
    every = [one for several in there.attributes.values() for one in several]
    return not any(by_person(one) or time_of(one) > sortable(at) for one in every)
