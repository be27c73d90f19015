"""How many minutes of retyping a file saved its steward, with the assumptions said aloud."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Assumption:
    """One stated assumption: so many minutes for each of something."""

    name: str
    minutes: float
    label: str | Promise


ASSUMPTIONS = (
    Assumption("columns", 2.0, _("列ひとつを標準の項目に合わせる")),
    Assumption("repairs", 0.25, _("セルひとつを見つけて直す")),
    Assumption("findings", 0.5, _("確認が必要な行をひとつ見つける")),
    Assumption("decisions", -0.5, _("画面で判断をひとつ行う（かかった時間）")),
)


@dataclass(frozen=True, slots=True)
class Saved:
    """Minutes saved, and how they add up: (assumption, count, minutes)."""

    minutes: float
    parts: tuple[tuple[Assumption, int, float], ...]


def saved(*, columns: int, repairs: int, findings: int, decisions: int) -> Saved:
    """Minutes saved against doing the same by hand; never below zero."""
    counts = {"columns": columns, "repairs": repairs, "findings": findings, "decisions": decisions}
    parts = tuple((one, counts[one.name], one.minutes * counts[one.name]) for one in ASSUMPTIONS)
    return Saved(max(0.0, round(sum(minutes for _, _, minutes in parts), 1)), parts)
