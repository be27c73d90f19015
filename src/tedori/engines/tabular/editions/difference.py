"""What changed between two versions of a definition, for the person who replaces one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tedori.engines.tabular.values import Definition, Item, Message
from tedori.vocabulary.folding import fold

Kind = Literal["added", "removed", "renamed", "moved", "demand", "kind", "codes", "edition"]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: what kind, which item (or edition), how it was and how it is."""

    kind: Kind
    item: str
    before: str | None
    after: str | None
    message: Message


def diff(old: Definition, new: Definition) -> tuple[Change, ...]:
    """All differences that matter to data: items added, removed, renamed or moved, their class, type and
    codes, and headings of editions. ValueError when the two are not versions of one dataset."""
    if old.slug != new.slug:
        raise ValueError(f"{old.slug} and {new.slug} are different datasets")
    renamed = dict(_renamed(old, new))
    return (
        *_kept(old, new, renamed),
        *_added(old, new, renamed),
        *_order(old, new, renamed),
        *_editions(old, new),
    )


def _renamed(old: Definition, new: Definition) -> Iterator[tuple[str, str]]:
    """Items that are gone and came back under another name: told by the English name or an alias."""
    gone = _only_in(old, new)
    for item in _only_in(new, old):
        candidate = next((one for one in gone if _same(one, item)), None)
        if candidate is not None:
            gone.remove(candidate)
            yield candidate.name, item.name


def _only_in(one: Definition, other: Definition) -> list[Item]:
    names = {item.name for item in other.items}
    return [item for item in one.items if item.name not in names]


def _same(one: Item, other: Item) -> bool:
    if one.kind != other.kind:
        return False
    aliases = {fold(a) for a in other.aliases}
    return (one.english is not None and one.english == other.english) or fold(one.name) in aliases


def _kept(old: Definition, new: Definition, renamed: dict[str, str]) -> Iterator[Change]:
    """What became of the items that there were."""
    after = {i.name: i for i in new.items}
    for item in old.items:
        name = renamed.get(item.name, item.name)
        if name not in after:
            yield _change("removed", item.name, item.name, None, "項目がなくなった", "item is gone")
            continue
        if name != item.name:
            yield _change("renamed", name, item.name, name, "項目名が変わった", "item has a new name")
        yield from _details(item, after[name])


def _added(old: Definition, new: Definition, renamed: dict[str, str]) -> Iterator[Change]:
    known = {renamed.get(i.name, i.name) for i in old.items}
    for item in new.items:
        if item.name not in known:
            yield _change("added", item.name, None, item.name, "項目が加わった", "item is new")


def _details(old: Item, new: Item) -> Iterator[Change]:
    if old.demand != new.demand:
        yield _change(
            "demand", new.name, old.demand, new.demand, "必須・推奨・任意が変わった", "class changed"
        )
    if old.kind != new.kind:
        yield _change("kind", new.name, old.kind, new.kind, "型が変わった", "type changed")
    yield from _codes(old, new)


def _codes(old: Item, new: Item) -> Iterator[Change]:
    before = old.codes.values if old.codes else ()
    after = new.codes.values if new.codes else ()
    if before != after:
        lost, fresh = [v for v in before if v not in after], [v for v in after if v not in before]
        yield _change("codes", new.name, "、".join(lost), "、".join(fresh), "コードが違う", "codes changed")


def _order(old: Definition, new: Definition, renamed: dict[str, str]) -> Iterator[Change]:
    names_new = [i.name for i in new.items]
    shared_old = [name for i in old.items if (name := renamed.get(i.name, i.name)) in names_new]
    shared_new = [n for n in names_new if n in shared_old]
    for place, name in enumerate(shared_new):
        if shared_old[place] != name:
            was = str(shared_old.index(name) + 1)
            yield _change("moved", name, was, str(place + 1), "順番が変わった", "order changed")


def _editions(old: Definition, new: Definition) -> Iterator[Change]:
    before, after = _headings(old), _headings(new)
    for name in dict.fromkeys((*before, *after)):
        if before.get(name) != after.get(name):
            one, other = (",".join(h.get(name, ())) or None for h in (before, after))
            yield _change("edition", name, one, other, "版の見出しが違う", "headings changed")


def _headings(definition: Definition) -> dict[str, tuple[str, ...]]:
    return {edition.name: edition.header for edition in definition.editions}


def _change(kind: Kind, item: str, before: str | None, after: str | None, ja: str, en: str) -> Change:
    return Change(kind, item, before, after, Message(f"{item}: {ja}", f"{item}: {en}"))
