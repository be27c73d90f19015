"""The components of the design, as template tags: `{% load components %}`; /styleguide shows each."""

from __future__ import annotations

from django import template
from django.forms import BoundField
from django.forms.widgets import CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe

from tedori.kernel.pages.values import Cell, Chart, Crumb, Link, Pages, Progress, Status, Table, TileMap

register = template.Library()

TILE = 58
ICONS = {"ok": "✓", "wait": "!", "stop": "×", "info": "i", "none": "–"}
NOTICES = {"success": "ok", "warning": "wait", "error": "stop", "danger": "stop", "debug": "info"}


@register.inclusion_tag("pages/parts/status.html")
def status(kind: str, label: str | Promise) -> dict[str, object]:
    """A chip: `{% status "ok" "公開中" %}`; kinds ok, wait, stop, info, none."""
    return {"kind": kind, "label": label, "icon": ICONS.get(kind, "")}


@register.simple_block_tag
def notice(content: str, kind: str = "info", title: str | Promise = "") -> SafeString:
    """A banner: `{% notice "wait" "題" %}…{% endnotice %}`; kinds ok, wait, stop, info and message levels."""
    kind = NOTICES.get(kind, kind)
    return mark_safe(  # noqa: S308 - rendered by a template that escapes
        render_to_string(
            "pages/parts/notice.html",
            {"kind": kind, "title": title, "content": content, "icon": ICONS.get(kind, "i")},
        )
    )


@register.inclusion_tag("pages/parts/empty.html")
def empty(title: str | Promise, text: str | Promise = "", url: str = "", label: str | Promise = "") -> dict:
    """What stands where a list would be: why it is empty and what to do next."""
    return {"title": title, "text": text, "url": url, "label": label}


@register.inclusion_tag("pages/parts/crumbs.html", takes_context=True)
def crumbs(context: template.Context, *steps: object) -> dict[str, object]:
    """The way from the front page: `{% crumbs steps %}` with Crumbs, or `{% crumbs label url label %}`."""
    if len(steps) == 1 and isinstance(steps[0], tuple | list):
        trail = tuple(steps[0])
    else:
        pairs = [steps[place : place + 2] for place in range(0, len(steps), 2)]
        trail = tuple(Crumb(*pair) for pair in pairs)
    return {"steps": trail, "house": context.get("house")}


@register.inclusion_tag("pages/parts/pager.html", takes_context=True)
def pager(context: template.Context, pages: Pages, name: str = "page") -> dict[str, object]:
    """Links to the other pages of a list, keeping the rest of the query."""
    request = context.get("request")
    query = request.GET.copy() if request else {}
    query.pop(name, None)
    rest = query.urlencode() if request else ""
    return {"pages": pages, "start": f"?{rest}&{name}=" if rest else f"?{name}="}


@register.inclusion_tag("pages/parts/field.html")
def field(bound: BoundField) -> dict[str, object]:
    """A form field whole: label, help, error, input, tied together for screen readers."""
    widget = bound.field.widget
    return {
        "field": bound,
        "group": isinstance(widget, RadioSelect | CheckboxSelectMultiple),
        "tick": isinstance(widget, CheckboxInput),
    }


@register.inclusion_tag("pages/parts/progress.html")
def progress(state: Progress) -> dict[str, object]:
    """How far a job has come; asks again every second where there is JavaScript, offers a link where not."""
    return {"state": state}


@register.inclusion_tag("pages/parts/table.html")
def table(value: Table, identity: str = "") -> dict[str, object]:
    """A Table value, scrollable by itself on a narrow screen."""
    rows = [[(column, cell) for column, cell in zip(value.columns, row, strict=True)] for row in value.rows]
    return {"table": value, "rows": rows, "identity": identity}


@register.inclusion_tag("pages/parts/cell.html")
def cell(content: Cell) -> dict[str, object]:
    """The inside of a table cell: text, number, Link or Status; a dash for nothing."""
    return {
        "content": content,
        "link": isinstance(content, Link),
        "status": isinstance(content, Status),
        "number": isinstance(content, int | float) and not isinstance(content, bool),
        "nothing": content is None or content == "",
    }


@register.inclusion_tag("pages/parts/chart.html")
def chart(value: Chart, beside: bool = True) -> dict[str, object]:
    """A Chart with its table beside it; `beside=False` only where the page shows the same table already."""
    return {"chart": value, "beside": beside}


@register.inclusion_tag("pages/parts/tiles.html")
def tiles(value: TileMap) -> dict[str, object]:
    """A TileMap: needs no network and no script; each tile with an address is a link."""
    drawn = [(tile, tile.column * TILE, round(tile.row * TILE), _fits(tile.name)) for tile in value.tiles]
    width = max((x for _, x, _, _ in drawn), default=0) + TILE
    height = max((y for _, _, y, _ in drawn), default=0) + TILE
    return {"map": value, "drawn": drawn, "width": width, "height": height, "side": TILE - 2}


def _fits(name: str) -> str:
    """The class of a tile's name: Latin letters are half as wide."""
    width = sum(1.15 if letter.isascii() else 2 for letter in name)
    return "tiny" if width > 8 else "small" if width > 6 else ""


@register.filter
def number(value: object) -> str:
    """A number with its thousands parted: 35615 → 35,615; anything else as it is."""
    whole = isinstance(value, int | float) and not isinstance(value, bool)
    return f"{value:,}" if whole else str(value)


@register.inclusion_tag("pages/parts/map.html", takes_context=True, name="map")
def map_of(
    context: template.Context, list_id: str, label: str | Promise, outlines: str = ""
) -> dict[str, object]:
    """A map of the elements with `data-lat` and `data-lon` in the list or table `#list_id`.

    The list is the content, the map an enhancement of it: without JavaScript there is only the list.
    `outlines` may be the address of a GeoJSON file drawn beneath the points.
    """
    return {"list_id": list_id, "label": label, "outlines": outlines, "house": context.get("house")}
