"""Names, values, units and ages as people read them, in the reader's language."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from tedori.engines.ngsild.languages import best_language
from tedori.engines.ngsild.values import Attribute, Entity
from tedori.services.live.rules.datamodels import Item, Model, Pair, model_of, short
from tedori.services.live.rules.freshness import age

LEVELS: dict[str, tuple[str, str | Promise]] = {
    "public": ("ok", lazy("誰でも")),
    "members": ("info", lazy("参加組織")),
    "internal": ("none", lazy("持ち主だけ")),
}
UNITS: dict[str, str | Promise] = {
    "IE": lazy("人"), "C62": "", "P1": "%", "MIN": lazy("分"), "LTR": "L", "MTS": "m/s", "SEC": lazy("秒"),
    "CEL": "℃", "MTR": "m", "KMH": "km/h", "KWH": "kWh", "MMT": "mm", "MTQ": "m³", "GQ": "µg/m³",
}  # fmt: skip


def of(pair: Pair) -> str:
    """A text of a data model in the reader's language."""
    return pair.ja if get_language() == "ja" else pair.en


def type_label(name: str) -> str:
    """What a type is called: by its model, or by the last part of its IRI."""
    model = model_of(name)
    return of(model.label) if model else short(name)


def item_of(model: Model | None, name: str) -> Item | None:
    """What a model says of an attribute."""
    return model.items.get(short(name)) if model else None


def label(model: Model | None, name: str) -> str:
    """What an attribute is called."""
    item = item_of(model, name)
    return of(item.label) if item else short(name)


def unit(code: str | None) -> str:
    """A unit's sign; the code itself where we know no better."""
    return str(UNITS.get(code or "", code or ""))


def told(one: Attribute, item: Item | None) -> str:
    """The value of an attribute as a text, without its unit."""
    value = one.value
    if one.kind == "LanguageProperty" and isinstance(value, dict):
        return str(value.get(best_language(value, get_language() or "ja"), ""))
    if one.kind == "VocabProperty":
        return "、".join(short(part) for part in ([value] if isinstance(value, str) else value))
    return plain(value, item)


def plain(value: Any, item: Item | None) -> str:
    """A JSON value as a text."""
    if isinstance(value, bool):
        return _("はい") if value else _("いいえ")
    if isinstance(value, int | float):
        return f"{value:,}"
    if isinstance(value, list | tuple):
        return "、".join(plain(part, item) for part in value)
    if isinstance(value, dict):
        return _structured(value)
    word = item.words.get(str(value)) if item else None
    return of(word) if word else "" if value is None else str(value)


def _structured(value: dict[str, Any]) -> str:
    if "@value" in value:
        moment = read(str(value["@value"]))
        return clock(moment) if moment else str(value["@value"])
    if "coordinates" in value:
        return _geometry(value)
    return "、".join(f"{name}: {plain(part, None)}" for name, part in value.items())


def _geometry(value: dict[str, Any]) -> str:
    """A point as latitude and longitude; of any other geometry its kind."""
    if value.get("type") == "Point":
        longitude, latitude = value["coordinates"][:2]
        return f"{latitude:.5f}, {longitude:.5f}"
    return str(value.get("type", ""))


def read(text: str | None) -> datetime | None:
    """A time of the store or of a document; None for what is none."""
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def clock(moment: datetime) -> str:
    """A moment in the installation's time zone."""
    return date_format(timezone.localtime(moment), "Y-m-d H:i")


def ago(moment: datetime, now: datetime) -> str:
    """How long ago: 3分前."""
    number, step = age(moment, now=now)
    if step == "now":
        return _("たった今")
    if step == "minute":
        return ngettext("%(n)s分前", "%(n)s分前", number) % {"n": number}
    if step == "hour":
        return ngettext("%(n)s時間前", "%(n)s時間前", number) % {"n": number}
    return ngettext("%(n)s日前", "%(n)s日前", number) % {"n": number}


def name_of(entity: Entity) -> str:
    """What an entity is called: its name, else the end of its id."""
    for iri, instances in entity.attributes.items():
        if short(iri) == "name" and instances:
            return told(instances[0], None) or entity.id
    return entity.id


def scripted() -> dict[str, object]:
    """The words that the page's script needs to write what is new as the server wrote it."""
    return {
        "yes": _("はい"),
        "no": _("いいえ"),
        "now": _("たった今"),
        "minute": _("{n}分前"),
        "hour": _("{n}時間前"),
        "day": _("{n}日前"),
        "on": _("自動で更新しています"),
        "off": _("つながりを確かめています"),
        "resync": _("見ていない変化があります。読み込み直してください。"),
        "added": _("新しいものが加わりました。読み込み直すと見えます。"),
        "gone": _("なくなりました"),
        "changed": _("{n}件が変わりました"),
        "sep": "、",
    }
