"""Columns that fill several items, and items that several columns fill."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tedori.engines.tabular.definitions import words
from tedori.engines.tabular.mapping.contents import Profile
from tedori.engines.tabular.mapping.publisher import PUBLISHER
from tedori.engines.tabular.mapping.relations import is_hours, is_mostly, is_point, phone_cells
from tedori.engines.tabular.values import ColumnMatch, Definition
from tedori.vocabulary.folding import fold

PARTS = ("prefecture", "city", "town", "house-number")


@dataclass(slots=True)
class Grouping:
    """The matches while groups are being formed."""

    matches: list[ColumnMatch]
    seen: Sequence[Profile]
    definition: Definition
    decided: frozenset[int]

    def filled(self) -> set[str]:
        """The items that some column already fills."""
        return {name for m in self.matches for name in m.items if m.status != "unmapped"}

    def item_of_kind(self, kind: str) -> str | None:
        """The first item of a kind."""
        return next((item.name for item in self.definition.items if item.kind == kind), None)

    def column_of(self, name: str | None) -> int | None:
        """The column that is accepted for an item."""
        found = (m.column for m in self.matches if name in m.items and m.status == "accepted")
        return next(found, None)

    def put(self, column: int, **changes: object) -> None:
        """Change one match."""
        self.matches[column] = replace(self.matches[column], **changes)

    def free(self) -> list[ColumnMatch]:
        """The matches that nobody has decided."""
        return [m for m in self.matches if m.column not in self.decided]


def with_groups(
    matches: tuple[ColumnMatch, ...], seen: Sequence[Profile], definition: Definition, decided: frozenset[int]
) -> tuple[ColumnMatch, ...]:
    """The matches with columns joined and split where that is certain."""
    group = Grouping(list(matches), seen, definition, decided)
    _join_publisher(group)
    _split_points(group)
    _split_hours(group)
    _join_phones(group)
    _split_address(group)
    _join_address(group)
    return tuple(group.matches)


def _join_publisher(group: Grouping) -> None:
    pair = _publisher_columns(group)
    if pair is None or set(pair) & group.decided:
        return
    because = ("都道府県名と市区町村名で地方公共団体名 (prefecture and municipality name the publisher)",)
    joined = {"status": "accepted", "confidence": 0.97, "because": because, "how": "join-name"}
    for one, other in (pair, pair[::-1]):
        group.put(one, items=(PUBLISHER,), along=(other,), **joined)


def _publisher_columns(group: Grouping) -> tuple[int, int] | None:
    """The column that carries the publisher's name with its neighbour that holds the other half."""
    carrier = group.column_of(PUBLISHER)
    if carrier is None:
        return None
    before, after = carrier - 1, carrier + 1
    if before >= 0 and fold(group.matches[before].source) in words("prefecture"):
        return (before, carrier) if group.matches[before].status != "accepted" else None
    # Without telling headings: prefectures here, and the next column would be the same item.
    if not is_mostly(group.seen[carrier], "prefecture") or after >= len(group.matches):
        return None
    following = group.matches[after]
    same = bool(following.choices) and following.choices[0][0] == PUBLISHER
    return (carrier, after) if same and following.status != "accepted" else None


def _split_points(group: Grouping) -> None:
    pair = (group.item_of_kind("latitude"), group.item_of_kind("longitude"))
    if None in pair or group.filled() & set(pair):
        return
    for match in group.free():
        if is_point(group.seen[match.column]):
            because = ("一つの列に緯度と経度 (both coordinates in one cell)",)
            group.put(
                match.column,
                items=pair,
                status="accepted",
                confidence=0.97,
                because=because,
                how="split-point",
            )
            return


def _split_hours(group: Grouping) -> None:
    times = [item.name for item in group.definition.items if item.kind == "time"]
    start = next((n for n in times if "開始" in n and "申込" not in n), None)
    end = next((n for n in times if "終了" in n and "申込" not in n), None)
    if start is None or end is None:
        return
    for match in group.free():
        others = group.filled() - set(match.items)
        if (
            fold(match.source) in words("hours")
            and is_hours(group.seen[match.column])
            and not others & {start, end}
        ):
            because = ("開始と終了が一つの列 (start and end in one cell)",)
            group.put(
                match.column,
                items=(start, end),
                status="accepted",
                confidence=0.95,
                because=because,
                how="split-hours",
            )
            return


def _join_phones(group: Grouping) -> None:
    phones = {item.name for item in group.definition.items if item.kind == "phone"}
    header = [m.source for m in group.matches]
    for match in group.free():
        if not set(match.items) & phones:
            continue
        cells = phone_cells(header, group.seen, match.column)
        if not cells:
            continue
        because = ("電話番号が複数のセルに分かれている (number spread over cells)",)
        first = {"status": "accepted", "confidence": 0.95, "because": because, "how": "join-phone"}
        group.put(match.column, along=cells, **first)
        for cell in cells:
            group.put(cell, items=match.items, along=(match.column,), **first)


def _split_address(group: Grouping) -> None:
    whole = group.item_of_kind("address")
    parts = [name for kind in PARTS if (name := group.item_of_kind(kind))]
    if len(parts) < 3:
        return
    missing = tuple(name for name in parts if name not in group.filled())
    column = group.column_of(whole) if whole else _address_column(group)
    if column is None or not missing or column in group.decided and not whole:
        return
    items = ((whole,) if whole else ()) + missing
    group.put(
        column,
        items=items,
        how="split-address",
        status="accepted",
        confidence=max(group.matches[column].confidence, 0.95),
        because=(*group.matches[column].because, "住所を構成要素にも分ける (also split into its parts)"),
    )


def _address_column(group: Grouping) -> int | None:
    """A whole address in a dataset that has only its parts (教育機関一覧)."""
    for match in group.free():
        named = match.status != "accepted" and fold(match.source) in words("address")
        if named and is_mostly(group.seen[match.column], "address"):
            return match.column
    return None


def _join_address(group: Grouping) -> None:
    whole = group.item_of_kind("address")
    if whole is None or whole in group.filled() or not whole.endswith("連結表記"):
        return
    prefecture, city, town, houses = (group.column_of(group.item_of_kind(kind)) for kind in PARTS)
    # Without its town or its house number an address would be joined to a wrong one.
    if city is None or town is None or houses is None:
        return
    carrier, *others = [c for c in (prefecture, city, town, houses) if c is not None]
    if {carrier, *others} & group.decided:
        return
    match = group.matches[carrier]
    because = (
        *match.because,
        f"{whole}は構成要素をつないで作る (the whole address is joined from its parts)",
    )
    group.put(
        carrier,
        items=(*match.items, whole),
        how="join-address",
        along=tuple(others),
        because=because,
    )
