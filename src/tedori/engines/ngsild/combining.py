"""What becomes of one instance of an attribute: stamped, overlaid, merged (clauses 5.5.8 and 5.5.12)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from tedori.engines.ngsild.errors import bad_request
from tedori.engines.ngsild.kinds import ABSENT, DELETED, NO_DATASET
from tedori.engines.ngsild.values import NONE, Attribute

Instances = tuple[Attribute, ...]
Combine = Callable[[Attribute | None, Attribute], Attribute | None]
DEEP = frozenset(("Property", "LanguageProperty", "JsonProperty"))


def stamped(new: Attribute, at: str, old: Attribute | None = None) -> Attribute:
    """An instance, and everything in it, with the times of its creation and of this change."""
    subs: Mapping[str, Instances] = NONE
    if new.attributes:
        subs = {
            iri: tuple([stamped(one, at, _same(old, iri, one.dataset_id)) for one in instances])
            for iri, instances in new.attributes.items()
        }
    # Written out: it runs for every instance of every write, and dataclasses.replace takes thrice as long.
    return Attribute(
        new.kind,
        new.value,
        new.dataset_id,
        new.observed_at,
        new.unit_code,
        new.object_types,
        subs,
        at if old is None or old.created_at is None else old.created_at,
        at,
        None,
        new.expires_at,
        new.instance_id,
        None,
        new.value_type,
    )


def overlaid(old: Attribute, new: Attribute, at: str) -> Attribute:
    """The old instance with the members that the new one gives in their place (5.5.8).

    Raises BadRequestData when the new one is of another kind.
    """
    if new.kind and new.kind != old.kind:
        raise bad_request(f"The attribute is a {old.kind} and cannot become a {new.kind}.", where="$.type")
    value = old.value if new.value is ABSENT else new.value
    return _renewed(old, new, value, _subs(old, new, lambda was, one: _placed(was, one, at)), at)


def merged(
    old: Attribute | None, new: Attribute, *, at: str, observed_at: str | None = None, lang: str | None = None
) -> Attribute | None:
    """What a merge makes of an instance, at any depth (5.5.12); None when it is to be deleted."""
    if new.value == DELETED:
        return None
    if old is None or new.kind not in ("", old.kind, _plain_kind(old, new)):
        return _fresh(new, at, old)
    value = _merged_value(old, new, lang)
    if value == {} and old.kind == "LanguageProperty":
        return None  # its last language went
    if observed_at and old.observed_at and new.observed_at is None and new.value is not ABSENT:
        new = replace(new, observed_at=observed_at)

    def combine(was: Attribute | None, one: Attribute) -> Attribute | None:
        return merged(was, one, at=at, observed_at=observed_at, lang=lang)

    return _renewed(old, new, value, _subs(old, new, combine), at)


def merge_json(old: Any, new: Any) -> Any:
    """JSON Merge Patch (RFC 7396) with the standard's null in the place of null."""
    if not isinstance(new, dict):
        return new
    result = dict(old) if isinstance(old, dict) else {}
    for key, value in new.items():
        if value == DELETED:
            result.pop(key, None)
        else:
            result[key] = merge_json(result.get(key), value)
    return result


def without_nulls(new: Attribute) -> Attribute:
    """An instance without what its nulls delete: it is new, so that there is nothing to delete."""
    value = merge_json(None, new.value) if new.kind in DEEP else new.value
    if not new.attributes and DELETED not in (new.observed_at, new.unit_code, new.expires_at):
        return new if value is new.value or value == new.value else replace(new, value=value)
    subs = {
        iri: kept
        for iri, instances in new.attributes.items()
        if (kept := tuple(without_nulls(one) for one in instances if one.value != DELETED))
    }
    return replace(
        new,
        value=value,
        attributes=subs or NONE,
        observed_at=_kept(None, new.observed_at),
        unit_code=_kept(None, new.unit_code),
        expires_at=_kept(None, new.expires_at),
    )


def _fresh(new: Attribute, at: str, old: Attribute | None) -> Attribute:
    if new.value is ABSENT:
        raise bad_request("A new attribute needs a value.")
    return stamped(without_nulls(new), at, old)


def _placed(old: Attribute | None, new: Attribute, at: str) -> Attribute | None:
    """A sub-attribute of a partial update: it takes the place of the old one."""
    if new.value == DELETED:
        return None
    if new.value is ABSENT and old is not None:
        return overlaid(old, new, at)
    return _fresh(new, at, old)


def _plain_kind(old: Attribute, new: Attribute) -> str:
    """The kind that a plain text comes with when it is for one language of a LanguageProperty."""
    return "Property" if old.kind == "LanguageProperty" and isinstance(new.value, str) else old.kind


def _merged_value(old: Attribute, new: Attribute, lang: str | None) -> Any:
    if new.value is ABSENT:
        return old.value
    if old.kind == "LanguageProperty" and isinstance(new.value, str):
        return merge_json(old.value, {lang or NO_DATASET: new.value})
    return merge_json(old.value, new.value) if old.kind in DEEP else new.value


def _subs(old: Attribute, new: Attribute, combine: Combine) -> Mapping[str, Instances]:
    """The sub-attributes of the old instance with those of the new one worked in."""
    if not new.attributes:
        return old.attributes
    subs = dict(old.attributes)
    for iri, instances in new.attributes.items():
        present = {one.dataset_id: one for one in subs.pop(iri, ())}
        for one in instances:
            made = combine(present.pop(one.dataset_id, None), one)
            if made is not None:
                present[one.dataset_id] = made
        if present:
            subs[iri] = tuple(present.values())
    return subs or NONE


def _renewed(old: Attribute, new: Attribute, value: Any, subs: Mapping[str, Instances], at: str) -> Attribute:
    return Attribute(
        old.kind,
        value,
        old.dataset_id,
        _kept(old.observed_at, new.observed_at),
        _kept(old.unit_code, new.unit_code),
        new.object_types or old.object_types,
        subs,
        old.created_at or at,
        at,
        None,
        _kept(old.expires_at, new.expires_at),
        old.instance_id,
        None,
        _kept(old.value_type, new.value_type),
    )


def _kept(old: str | None, new: str | None) -> str | None:
    return old if new is None else None if new == DELETED else new


def _same(old: Attribute | None, iri: str, dataset_id: str | None) -> Attribute | None:
    if old is None:
        return None
    return next((one for one in old.attributes.get(iri, ()) if one.dataset_id == dataset_id), None)
