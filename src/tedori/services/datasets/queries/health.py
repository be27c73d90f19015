"""What the doctor asks this service: are the tables that the adopter supplied there, and can they be read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tedori.engines.tabular.supplies import SuppliesRefused
from tedori.kernel.operations.rules import Finding
from tedori.services.datasets.queries.supplies import AREAS, CODES, TOWNS, means

SUPPLIES = {
    "towns": (TOWNS, _("町丁目の表")),
    "codes": (CODES, _("団体コードの一覧")),
    "outlines": (AREAS, _("区域")),
}


def supplies() -> Iterator[Finding]:
    """Whether towns, codes and outlines were imported; the engine works without them, but not as well."""
    home = Path(settings.TEDORI_HOME)
    try:
        means(home)
    except (SuppliesRefused, ValueError, KeyError, TypeError) as error:
        yield Finding(
            "supplies-unreadable",
            "error",
            _("取り込んだ表を読めません：{error}").format(error=error),
            _("届いたファイルを処理できません。"),
            _("tedori datasets towns・codes・outlines で取り込み直してください。"),
        )
        return
    there = [str(label) for place, label in SUPPLIES.values() if (home / place).exists()]
    missing = [name for name, (place, _label) in SUPPLIES.items() if not (home / place).exists()]
    said = _("標準化に使う表：{there}。取り込んでいない表：{missing}。")
    yield Finding(
        "supplies", "ok", said.format(there="、".join(there) or "–", missing=", ".join(missing) or "–")
    )
