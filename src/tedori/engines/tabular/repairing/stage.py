"""The stage itself: each item's column by its rule, then what only several columns prove together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from tedori.engines.tabular.repairing import addresses, datum, hours, points, publisher
from tedori.engines.tabular.repairing.cells import REPAIRS, change, scatter
from tedori.engines.tabular.repairing.gazetteer import Gazetteer
from tedori.engines.tabular.repairing.kinds import Known, rule_of
from tedori.engines.tabular.repairing.points import Axes
from tedori.engines.tabular.values import Decisions, Definition, Finding, Item, PlaceGuess, Repaired
from tedori.engines.tabular.wording import finding
from tedori.vocabulary.municipalities import BY_CODE

NO_REPAIRS = pl.DataFrame(schema=REPAIRS)


@dataclass(frozen=True, slots=True)
class Proofs:
    """What proves more than the values: a table of towns, a heading that names the old datum.

    `suspects` are the rows per column that need a look.
    """

    gazetteer: Gazetteer | None = None
    old_datum: bool = False
    suspects: Mapping[str, pl.Series] = field(default_factory=dict)


def repair(
    frame: pl.DataFrame,
    definition: Definition,
    *,
    place: PlaceGuess,
    decisions: Decisions | None = None,
    gazetteer: Gazetteer | None = None,
    old_datum: bool = False,
    suspects: Mapping[str, pl.Series] | None = None,
) -> Repaired:
    """Repair a standard frame where the values themselves prove what is right.

    Gives the new frame, every repair (row, item, before, after, rule) in the order made, and what was noticed
    on the way. Columns that are not items are left as they are. `old_datum` says that a heading names the
    Tokyo Datum; `suspects` (see scanning) names the rows per column that need a look at all.
    """
    decisions = decisions or Decisions()
    frame, repairs = _columns(frame, definition, place=place, decisions=decisions, suspects=suspects or {})
    frame, done = hours.repair(frame, definition)
    repairs += done
    proofs = Proofs(gazetteer=gazetteer, old_datum=old_datum, suspects=suspects or {})
    frame, done = _together(frame, definition, place=place, proofs=proofs)
    repairs += done
    frame, done = publisher.repair(frame, definition, place=place)
    repairs += done
    listing = pl.concat(repairs) if repairs else pl.DataFrame(schema=REPAIRS)
    return Repaired(frame=frame, repairs=listing, findings=_noticed(listing, definition, frame.columns))


def _together(
    frame: pl.DataFrame, definition: Definition, *, place: PlaceGuess, proofs: Proofs
) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Repair what several columns prove together: points and addresses."""
    repairs: list[pl.DataFrame] = []
    axes, parts = axes_of(definition, frame.columns), addresses.parts_of(definition, frame.columns)
    if axes:
        frame, done = points.repair(frame, axes, suspects=proofs.suspects)
        repairs += done
    if parts:
        frame, done = addresses.repair(frame, parts, place=place, gazetteer=proofs.gazetteer)
        repairs += done
    if axes and (proofs.old_datum or _off(frame, parts, axes, place=place, gazetteer=proofs.gazetteer)):
        frame, done = datum.shift(frame, axes)
        repairs += done
    return frame, repairs


def _off(
    frame: pl.DataFrame,
    parts: addresses.Parts | None,
    axes: Axes,
    *,
    place: PlaceGuess,
    gazetteer: Gazetteer | None,
) -> bool:
    if parts is None or gazetteer is None or not place.code:
        return False
    return datum.proven(frame, parts, axes, code=place.code, gazetteer=gazetteer)


def axes_of(definition: Definition, columns: list[str]) -> Axes | None:
    """Find the two items that hold the point of a row."""
    names = {item.kind: item.name for item in reversed(definition.items) if item.name in columns}
    latitude, longitude = names.get("latitude"), names.get("longitude")
    return Axes(latitude, longitude) if latitude and longitude else None


def known_codes(place: PlaceGuess) -> frozenset[str]:
    """Give the municipality codes that are believed in a file: the known ones, or the one of its place alone.

    The place decides first, because 12203 may be 122033 or 012203.
    """
    return frozenset({place.code}) if place.code else frozenset(BY_CODE)


def _columns(
    frame: pl.DataFrame,
    definition: Definition,
    *,
    place: PlaceGuess,
    decisions: Decisions,
    suspects: Mapping[str, pl.Series],
) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    repairs = []
    known = Known(municipalities=known_codes(place))
    for item in definition.items:
        if item.name not in frame.columns or frame[item.name].null_count() == frame.height:
            continue
        words = decisions.vocabulary.get(item.name, {})
        frame, approved = _approved(frame, item.name, words)
        among = _undecided(frame[item.name], words, among=suspects.get(item.name))
        frame, ruled = _by_rule(frame, item, known=known, among=among)
        repairs += [approved, ruled]
    return frame, [part for part in repairs if part.height]


def _undecided(column: pl.Series, words: Mapping[str, str], *, among: pl.Series | None) -> pl.Series | None:
    """The positions that rules may change: never what a person has decided, even to leave it as written."""
    if not words:
        return among
    free = ~column.str.strip_chars().is_in(list(words.values())).fill_null(False)
    return free.arg_true() if among is None else among.filter(free.gather(among))


def _by_rule(
    frame: pl.DataFrame, item: Item, *, known: Known, among: pl.Series | None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    if among is not None and not among.len():
        return frame, NO_REPAIRS
    rule = rule_of(item, frame[item.name], known=known)
    return points.put(frame, item.name, change(frame[item.name], rule, among=among) if rule else None)


def _approved(frame: pl.DataFrame, name: str, words: Mapping[str, str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Replace the words that a person has approved, blanks at the ends aside."""
    if not words:
        return frame, NO_REPAIRS
    column = frame[name]
    bare = column.str.strip_chars()
    at = bare.is_in(list(words)).fill_null(False).arg_true()
    before = column.gather(at)
    after = bare.gather(at).replace_strict(dict(words), return_dtype=pl.String)
    rule = pl.Series(["vocabulary"], dtype=pl.String).new_from_index(0, at.len())
    return points.put(frame, name, scatter(column, at=at, before=before, after=after, rule=rule))


NOTICED = {
    "zero-coordinates": "coordinate-zero",
    "exchanged-coordinates": "coordinate-exchanged",
    "tokyo-datum": "datum-shifted",
}


def _noticed(repairs: pl.DataFrame, definition: Definition, columns: list[str]) -> tuple[Finding, ...]:
    """Say what a person should know although it was repaired."""
    axes = axes_of(definition, columns)
    if axes is None or not repairs.height:
        return ()
    mine = repairs.filter(pl.col("item") == axes.latitude)
    found = []
    for rule, code in NOTICED.items():
        rows = mine.filter(pl.col("rule") == rule)["row"]
        if rows.len():
            found.append(finding(code, row=rows[0], item=axes.latitude, count=rows.len()))
    return tuple(found)
