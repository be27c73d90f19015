"""What the doctor looks at in this room: trial mode, and the mirror of @contexts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import orjson
from django.utils.translation import gettext_lazy as _

from tedori.kernel.operations.rules import Finding
from tedori.services.live.queries.contexts import mirror
from tedori.services.live.queries.options import options


def trial() -> Iterator[Finding]:
    """Whether the hub stands open to this machine's own callers."""
    if options().trial:
        yield Finding(
            "live-trial",
            "warning",
            _("ライブ情報の試用モードが有効です（TEDORI_LIVE_TRIAL=yes）。"),
            _("この機械からの呼び出しは、トークンなしで何でも読み書きできます。"),
            _("試用が終わったら、TEDORI_LIVE_TRIAL を消して再起動してください。"),
        )
    else:
        yield Finding("live-trial", "ok", _("ライブ情報への書き込みには、トークンが必要です。"))


def contexts() -> Iterator[Finding]:
    """Whether the mirror of @contexts can be read, and everything that it names."""
    path = options().contexts
    if path is None:
        return
    wrong = _unreadable(path)
    if wrong:
        yield Finding(
            "live-contexts",
            "error",
            _("@context の写しを読めません：{wrong}").format(wrong=wrong),
            _("ネットワークの外の @context を使う要求が失敗します。"),
            _("TEDORI_LIVE_CONTEXTS の JSON（URL からファイルまたは URL へ）を直してください。"),
        )
    else:
        yield Finding("live-contexts", "ok", _("@context の写し {path} を読めます。").format(path=path))


def _unreadable(path: Path) -> str:
    """The first thing of the mirror that cannot be read, with why; empty when all is well."""
    place = str(path)
    try:
        path.stat()
        for place in mirror().values():
            if not place.startswith(("http://", "https://")) and "@context" not in _read(place):
                return f"{place}: @context"
    except (OSError, ValueError) as error:
        return f"{place}: {error}"
    return ""


def _read(place: str) -> dict:
    found = orjson.loads(Path(place).read_bytes())
    return found if isinstance(found, dict) else {}
