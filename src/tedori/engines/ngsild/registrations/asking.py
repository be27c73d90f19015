"""What a query becomes when a source is asked: never more than it has registered (clause 4.3.6.1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tedori.engines.ngsild.queries.tree import Selection
from tedori.engines.ngsild.registrations.finding import attributes_of, meets
from tedori.engines.ngsild.registrations.sources import Information, Names, Selector, Source


@dataclass(frozen=True, slots=True)
class Question:
    """Entities that a source is asked for; `attrs` None: whole ones. `whole`: it has all their attributes."""

    ids: tuple[str, ...] = ()
    id_pattern: str | None = None
    types: tuple[tuple[str, ...], ...] = ()
    attrs: Names = None
    whole: bool = True


def questions(source: Source, selection: Selection) -> tuple[Question, ...]:
    """What this source is asked for a query; nothing when it cannot have anything of it."""
    found = (
        question
        for information in source.information
        for one in selection.either or (selection,)
        for question in _asked(information, one, selection)
    )
    return tuple(dict.fromkeys(found))


def _asked(information: Information, one: Selection, whole: Selection) -> Iterator[Question]:
    names = _names(information.attrs, whole)
    if names is not None and not names:
        return
    question = Question(one.ids, one.id_pattern, one.types, names, information.attrs is None)
    if not information.selectors:
        yield question
        return
    fitting = [selector for selector in information.selectors if meets(selector, one)]
    plain = [selector for selector in fitting if selector.id is None]
    named = [selector for selector in fitting if selector.id is not None]
    for selector in plain:
        yield _narrowed(question, (selector,), ids=())
    if named:
        yield _narrowed(question, tuple(named), ids=tuple(one.id for one in named if one.id is not None))


def _names(offered: Names, selection: Selection) -> Names:
    """The attributes to ask for: those that are wanted or tested, as far as they are offered."""
    if not selection.attrs:
        return offered
    wanted = frozenset(selection.attrs)
    if offered is None:
        return wanted
    tested = attributes_of(selection.q) | ({selection.geo.name} if selection.geo else set())
    return offered & (wanted | tested)


def _narrowed(question: Question, selectors: tuple[Selector, ...], *, ids: tuple[str, ...]) -> Question:
    kinds = tuple(dict.fromkeys(name for selector in selectors for name in selector.types))
    types = tuple(group for group in question.types if set(group) & set(kinds)) if question.types else ()
    if ids:
        chosen, pattern = tuple(one for one in ids if not question.ids or one in question.ids), None
    else:
        chosen = tuple(one for one in question.ids if selectors[0].names(one))
        pattern = None if chosen else question.id_pattern or selectors[0].pattern
    return replace(question, ids=chosen, id_pattern=pattern, types=types or tuple((name,) for name in kinds))
