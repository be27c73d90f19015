"""Addresses: what the joined writing proves about its parts, and the parts about the joined writing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from tedori.engines.tabular.repairing.cells import REPAIRS, scatter
from tedori.engines.tabular.repairing.gazetteer import Gazetteer, Town, kanji_blocks
from tedori.engines.tabular.repairing.houses import house_number
from tedori.engines.tabular.repairing.points import put
from tedori.engines.tabular.values import Definition, PlaceGuess
from tedori.vocabulary.municipalities import PREFECTURE_NAMES

KNOWN_ENOUGH = 0.8
PARTS_BEFORE = ("prefecture", "city", "town")
COUNTY = "(?:[^0-9\\s]{1,4}郡)?"


@dataclass(frozen=True, slots=True)
class Parts:
    """The names of the items that make up an address; None for those that the dataset does not have."""

    joined: str
    prefecture: str | None
    city: str | None
    town: str | None
    house: str | None
    town_id: str | None
    code: str | None


def parts_of(definition: Definition, columns: list[str]) -> Parts | None:
    """Find the items of the address in a definition; None when there is no joined address."""

    def first(kind: str, *, holding: str = "") -> str | None:
        names = (item.name for item in definition.items if item.kind == kind and holding in item.name)
        return next((name for name in names if name in columns), None)

    joined = first("address")
    if joined is None:
        return None
    return Parts(
        joined=joined,
        prefecture=first("prefecture"),
        city=first("city"),
        town=first("town"),
        house=first("house-number"),
        town_id=first("code-town"),
        code=first("code-municipality", holding="所在地"),
    )


def repair(
    frame: pl.DataFrame, parts: Parts, *, place: PlaceGuess, gazetteer: Gazetteer | None
) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Fill what is proven; gives the new frame and the lists of repairs."""
    frame, repairs = _join(frame, parts)
    if _known(place) and _unfinished(frame, parts, place):
        for step in (_with_prefecture, _parts_from_joined):
            frame, done = step(frame, parts, place)
            repairs += done
    frame, done = _towns(frame, parts, place.code, gazetteer)
    repairs += done
    frame, done = _houses(frame, parts)
    repairs += done
    return frame, [part for part in repairs if part.height]


def _known(place: PlaceGuess) -> bool:
    """Tell whether the place is a municipality that is known well enough to prove anything."""
    named = bool(place.name and place.code) and place.confidence >= KNOWN_ENOUGH
    return named and place.name != _prefecture(place)


def _unfinished(frame: pl.DataFrame, parts: Parts, place: PlaceGuess) -> bool:
    """Tell whether any address lacks its beginning or any part of it is empty."""
    names = [name for name in (parts.prefecture, parts.city, parts.code) if name]
    if any(frame[name].null_count() for name in names):
        return True
    beginning = _prefecture(place) + (place.name or "")
    return not frame.select(pl.col(parts.joined).str.starts_with(beginning).all()).item()


def fill(frame: pl.DataFrame, name: str, value: pl.Expr, *, where: pl.Expr, rule: str) -> tuple[
    pl.DataFrame, pl.DataFrame
]:  # fmt: skip
    """Write `value` into the rows `where` of one item."""
    at = frame.select(where.fill_null(False)).to_series().arg_true()
    if not at.len():
        return frame, pl.DataFrame(schema=REPAIRS)
    after = frame[at].select(value.cast(pl.String).alias("after"))["after"]
    if after.len() != at.len():
        after = after.new_from_index(0, at.len())
    names = pl.Series([rule], dtype=pl.String).new_from_index(0, at.len())
    return put(
        frame, name, scatter(frame[name], at=at, before=frame[name].gather(at), after=after, rule=names)
    )


def _prefecture(place: PlaceGuess) -> str:
    return PREFECTURE_NAMES[(place.code or "00")[:2]]


def _join(frame: pl.DataFrame, parts: Parts) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Write the joined address where it is empty and prefecture, municipality and town are there."""
    names = [name for name in (parts.prefecture, parts.city, parts.town, parts.house) if name]
    if len(names) < len(PARTS_BEFORE) + 1 or not frame[parts.joined].null_count():
        return frame, []
    there = pl.all_horizontal([pl.col(name).is_not_null() for name in names])
    value = pl.concat_str([pl.col(name) for name in names])
    frame, done = fill(
        frame, parts.joined, value, where=pl.col(parts.joined).is_null() & there, rule="address-joined"
    )
    return frame, [done]


def _with_prefecture(
    frame: pl.DataFrame, parts: Parts, place: PlaceGuess
) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Put the prefecture before an address that starts with the municipality, and close blanks there."""
    prefecture, city = _prefecture(place), place.name or ""
    joined = pl.col(parts.joined)
    head = rf"^({COUNTY}{re.escape(city)})"
    frame, first = fill(
        frame,
        parts.joined,
        joined.str.replace(rf"^{prefecture}[ 　]*({COUNTY}{re.escape(city)})[ 　]*", prefecture + "${1}"),
        where=joined.str.contains(
            rf"^{prefecture}(?:[ 　]+{COUNTY}{re.escape(city)}|{COUNTY}{re.escape(city)}[ 　])"
        ),
        rule="address-blank",
    )
    frame, second = fill(
        frame,
        parts.joined,
        pl.lit(prefecture) + joined.str.replace(rf"{head}[ 　]*", "${1}"),
        where=joined.str.contains(head),
        rule="address-prefecture",
    )
    return frame, [first, second]


def _parts_from_joined(
    frame: pl.DataFrame, parts: Parts, place: PlaceGuess
) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Fill prefecture and municipality from an address that starts with both."""
    prefecture, city = _prefecture(place), place.name or ""
    begins = rf"^{prefecture}({COUNTY}{re.escape(city)})"
    proven = pl.col(parts.joined).str.contains(begins)
    repairs = []
    wanted = (
        (parts.prefecture, pl.lit(prefecture)),
        (parts.city, pl.col(parts.joined).str.extract(begins, 1)),
        (parts.code, pl.lit(place.code)),
    )
    for name, value in wanted:
        if name and frame[name].null_count():
            frame, done = fill(frame, name, value, where=pl.col(name).is_null() & proven, rule="address-part")
            repairs.append(done)
    return frame, repairs


def _houses(frame: pl.DataFrame, parts: Parts) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Fill the house number where it is all that follows prefecture, municipality and town."""
    before = [name for name in (parts.prefecture, parts.city, parts.town) if name]
    if len(before) < len(PARTS_BEFORE) or parts.house is None or not frame[parts.house].null_count():
        return frame, []
    table = frame.select(
        joined=pl.col(parts.joined), house=pl.col(parts.house), start=pl.concat_str(before)
    ).with_columns(rest=pl.col("joined").str.strip_prefix(pl.col("start")))
    open_rows = table.select(pl.col("house").is_null() & (pl.col("rest") != pl.col("joined"))).to_series()
    at = open_rows.fill_null(False).arg_true()
    if not at.len():
        return frame, []
    rest = table["rest"].gather(at)
    distinct = rest.unique()
    numbers = pl.Series([house_number(text) for text in distinct], dtype=pl.String)
    after = rest.replace_strict(distinct, numbers, return_dtype=pl.String)
    rule = pl.Series(["address-part"], dtype=pl.String).new_from_index(0, at.len())
    nothing = frame[parts.house].gather(at)
    frame, done = put(
        frame, parts.house, scatter(frame[parts.house], at=at, before=nothing, after=after, rule=rule)
    )
    return frame, [done]


def _towns(
    frame: pl.DataFrame, parts: Parts, code: str | None, gazetteer: Gazetteer | None
) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Fill town, house number and 町字ID where the gazetteer knows how the address goes on."""
    known = ((parts.town, "town"), (parts.house, "house"), (parts.town_id, "town_id"))
    wanted = {name: part for name, part in known if name}
    if not (wanted and gazetteer and code):
        return frame, []
    asked = frame.filter(_is_open(wanted, parts.town))[parts.joined].drop_nulls().unique()
    table = _looked_up(asked, code, gazetteer)
    if not table.height:
        return frame, []
    found = frame.select(pl.col(parts.joined).alias("joined")).join(
        table, on="joined", how="left", maintain_order="left"
    )
    repairs = []
    agrees = _agrees(frame, found, parts.town)
    for name, part in wanted.items():
        # A town that is written already takes the spelling of the gazetteer; other parts are only filled.
        frame, done = _put_found(frame, name, found[part], where=agrees, anew=part == "town")
        repairs.append(done)
    return frame, repairs


def _is_open(columns: Iterable[str], town: str | None) -> pl.Expr:
    """Rows that lack a part, or write the number of a 丁目 in figures."""
    lacking = pl.any_horizontal([pl.col(name).is_null() for name in columns])
    return lacking | pl.col(town).str.contains("[0-9]丁目") if town else lacking


def _put_found(
    frame: pl.DataFrame, name: str, found: pl.Series, *, where: pl.Series, anew: bool
) -> tuple[pl.DataFrame, pl.DataFrame]:
    rows = where if anew else where & frame[name].is_null()
    at = (rows & found.is_not_null()).arg_true()
    rule = pl.Series(["gazetteer"], dtype=pl.String).new_from_index(0, at.len())
    before, after = frame[name].gather(at), found.gather(at)
    return put(frame, name, scatter(frame[name], at=at, before=before, after=after, rule=rule))


def _agrees(frame: pl.DataFrame, found: pl.DataFrame, town: str | None) -> pl.Series:
    """Tell where the town that is already written, if any, is the one that the gazetteer found.

    3丁目 and 三丁目 are the same.
    """
    if town is None:
        return pl.repeat(True, frame.height, eager=True)
    words = frame[town].drop_nulls().unique()
    spelled = frame[town].replace(words, pl.Series([kanji_blocks(word) for word in words], dtype=pl.String))
    return (spelled == found["town"]).fill_null(value=False) | frame[town].is_null()


def _looked_up(addresses: pl.Series, code: str, gazetteer: Gazetteer) -> pl.DataFrame:
    rows = []
    for address in addresses:
        hit = located(address, code, gazetteer)
        if hit:
            town, rest = hit
            rows.append((address, town.name, house_number(rest), town.town_id))
    schema = {"joined": pl.String, "town": pl.String, "house": pl.String, "town_id": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def located(address: str, code: str, gazetteer: Gazetteer) -> tuple[Town, str] | None:
    """Find the town of a full address of the municipality `code`."""
    prefecture = PREFECTURE_NAMES.get(code[:2], "")
    if not address.startswith(prefecture):
        return None
    rest = re.sub(r"^(?:[^0-9\s]{1,4}郡)?[^0-9\s]{1,6}?[市区町村]", "", address[len(prefecture) :], count=1)
    return gazetteer.find(code, rest)
