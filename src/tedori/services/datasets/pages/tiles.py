"""The 62 as a hand-made map of tiles: needs no network, no script, and each tile is a link."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tedori.kernel.pages.values import Tile, TileMap
from tedori.services.datasets.pages.links import level
from tedori.services.datasets.queries.places import Place, municipalities

SCALE = (
    (1, _("50点未満")),
    (2, "50–69"),
    (3, "70–79"),
    (4, "80–89"),
    (5, _("90点以上")),
    (0, _("未公開")),
)


def tile_map(
    caption: str | Promise, *, points: Mapping[str, float], address: Callable[[str], str]
) -> TileMap:
    """The map with a score from 0 to 100 per code; one without is drawn empty, without link."""
    drawn = [one for one in municipalities() if one.column is not None]
    left = min(one.column for one in drawn)
    rows = sorted({one.row for one in drawn})
    # Rows without a municipality shrink; the sea between mainland and islands is half a tile.
    tops = {row: place + (0.5 if row == rows[-1] else 0) for place, row in enumerate(rows)}
    tiles = tuple(
        _tile(one, points.get(one.code), column=one.column - left, row=tops[one.row], address=address)
        for one in drawn
    )
    return TileMap(caption, tiles, SCALE)


def _tile(
    one: Place, points: float | None, *, column: int, row: float, address: Callable[[str], str]
) -> Tile:
    label = "–" if points is None else str(round(points))
    url = address(one.code) if points is not None else ""
    return Tile(column, row, _short(one), label, level(points), url)


def _short(one: Place) -> str:
    """The name without its last letter (区, 市, 町, 村) where two are left."""
    if get_language() == "en":
        return one.name.en
    return one.name.ja[:-1] if len(one.name.ja) > 2 else one.name.ja
