"""Which of the processes beside the web server died, written down so that the doctor can tell of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tedori.kernel.operations.rules import Finding

FOLDER = Path("tmp") / "companions"
KEPT = 20  # deaths of one command that are remembered
RECENT = timedelta(hours=1)
MANY = 3  # deaths within that time that are no accident any more


@dataclass(frozen=True, slots=True)
class Falls:
    """How often a command died of late, the exit code of the last time, and when that was."""

    name: str
    count: int
    code: int
    at: datetime


def note(home: Path, name: str, code: int, *, at: datetime) -> None:
    """Write down that a command died."""
    path = _path(home, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    times = [*_read(path).get("times", ()), at.isoformat()][-KEPT:]
    part = path.with_suffix(".part")
    part.write_text(json.dumps({"name": name, "code": code, "times": times}))
    part.replace(path)


def forget(home: Path) -> None:
    """Begin anew: what died under an earlier server says nothing of this one."""
    for path in (home / FOLDER).glob("*.json"):
        path.unlink(missing_ok=True)


def recent(home: Path, now: datetime) -> Iterator[Falls]:
    """The commands that died within the last hour."""
    for path in sorted((home / FOLDER).glob("*.json")):
        kept = _read(path)
        times = [datetime.fromisoformat(time) for time in kept.get("times", ())]
        late = [time for time in times if time > now - RECENT]
        if late:
            yield Falls(kept["name"], len(late), kept["code"], late[-1])


def companions() -> Iterator[Finding]:
    """For the doctor: whether a process beside the web server keeps dying."""
    for one in recent(Path(settings.TEDORI_HOME), datetime.now(UTC)):
        if one.count >= MANY:
            yield Finding(
                "companion-dies",
                "error",
                _("tedori {name} が繰り返し落ちています（1時間に {count} 回、終了コード {code}）。").format(
                    name=one.name, count=one.count, code=one.code
                ),
                _("起動し直していますが、その間、処理や通知が止まります。"),
                _("tedori serve のログで理由を確かめ、直してから tedori serve を起動し直してください。"),
            )
        else:
            yield Finding(
                "companion-died",
                "warning",
                _("tedori {name} が落ちたため、起動し直しました（1時間に {count} 回）。").format(
                    name=one.name, count=one.count
                ),
                _("続くようなら、処理や通知が遅れます。"),
                _("tedori serve のログで理由を確かめてください。"),
            )


def _path(home: Path, name: str) -> Path:
    return home / FOLDER / f"{name.replace(' ', '-')}.json"


def _read(path: Path) -> dict:
    """What a file says; nothing when it is absent or was cut short."""
    try:
        return json.loads(path.read_text())
    except (FileNotFoundError, ValueError):
        return {}
