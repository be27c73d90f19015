"""What a job is, which functions can be run as one, and what becomes of one that goes wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Protocol

from django.db import OperationalError
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext_lazy as _

from tedori.kernel.discovery import rooms
from tedori.kernel.errors import UserError, Words
from tedori.kernel.organisations.values import Actor

LEASE = timedelta(seconds=60)
# A job that takes its worker down this often is not tried again.
FATAL_CRASHES = 3
OPEN = frozenset({"waiting", "running"})

LABELS = {
    "waiting": _("待機中"),
    "running": _("実行中"),
    "done": _("完了"),
    "failed": _("失敗"),
    "cancelled": _("取消済み"),
}

KILLED_WORKER = gettext_noop(
    "この処理の途中で作業プロセスが{times}回停止したため、処理を打ち切りました。"
    "ファイルが大きすぎるか、メモリーが足りない可能性があります。"
    "管理者に受付番号 {reference} をお知らせください。"
)
UNEXPECTED = gettext_noop(
    "予期しないエラーで処理が止まりました。管理者に受付番号 {reference} をお知らせください。"
)


class Progress(Protocol):
    """What a running job may tell."""

    job_id: int
    by: Actor
    organisation: str

    def say(self, done: int, total: int, text_ja: str = "", text_en: str = "") -> None:
        """Tell how far the work is; raises Cancelled when a person asked for an end."""


class Cancelled(Exception):
    """Ends a running job because a person cancelled it, or because another worker has taken it over."""


class Wiring(Exception):
    """A programming error in how jobs are declared."""


class NoSuchJob(UserError):
    """The job does not exist, or is not the asker's to see."""

    code = "no-such-job"
    status = 404
    words = Words(_("処理が見つかりません。"), _("一覧から選び直してください。"))


class JobEnded(UserError):
    """Only open jobs can be cancelled, only ended ones tried again."""

    code = "job-state"
    status = 409
    words = Words(
        _("この処理は「{state}」のため、その操作はできません。"), _("画面を読み込み直してください。")
    )


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work and where it stands; `say` and `error` are in the reader's language."""

    id: int
    name: str
    label: str
    args: Mapping[str, object]
    organisation: str
    key: str
    state: str
    by_user: int | None
    by_name: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    attempts: int
    cancel_asked: bool
    step: int
    steps: int
    say: str
    result: Mapping[str, object] | None
    error: str
    error_code: str
    reference: str

    @property
    def open(self) -> bool:
        """Whether it waits or runs."""
        return self.state in OPEN

    @property
    def percent(self) -> int | None:
        """How far it is in 0–100; None as long as nobody knows."""
        return min(100, self.step * 100 // self.steps) if self.steps else None

    @property
    def state_label(self) -> str:
        """The state in the reader's language."""
        return str(LABELS[self.state])


Work = Callable[[Mapping[str, object], Progress], Mapping[str, object] | None]


@dataclass(frozen=True, slots=True)
class Trade:
    """A kind of job: the function, its name for people, and what is worth another try."""

    name: str
    label: str
    work: Work
    attempts: int
    retry_on: tuple[type[Exception], ...]


_TRADES: dict[str, Trade] = {}


def job(
    name: str,
    *,
    label: object = "",
    attempts: int = 3,
    retry_on: tuple[type[Exception], ...] = (OperationalError,),
) -> Callable[[Work], Work]:
    """Mark a function `f(args, progress) -> result dict or None` in `feeds.py` as a job.

    It may run again after a crash, so it has to be idempotent. A UserError ends it with the error's text;
    an error of `retry_on` is tried again up to `attempts` times; any other error ends it with a reference
    number that is also in the log.
    """

    def mark(work: Work) -> Work:
        known = _TRADES.setdefault(name, Trade(name, label or name, work, attempts, retry_on))
        if known.work is not work:
            raise Wiring(f"job {name!r} is declared twice")
        return work

    return mark


@cache
def _discover() -> None:
    for parent in ("tedori.kernel", "tedori.services"):
        for _room in rooms(parent, "feeds"):
            pass


def trade(name: str) -> Trade | None:
    """The declared job of this name; None when no room declares it (any more)."""
    _discover()
    return _TRADES.get(name)


def trades() -> tuple[Trade, ...]:
    """Every declared job, by name."""
    _discover()
    return tuple(one for _, one in sorted(_TRADES.items()))


def wait_after(attempts: int) -> timedelta:
    """How long a job rests after so many failed attempts."""
    return timedelta(seconds=min(5 * 6 ** (attempts - 1), 3600))


def in_readers_language(ja: str, en: str) -> str:
    """Of a text kept in both languages the one for the active language."""
    return ja if (get_language() or "ja").startswith("ja") or not en else en


def actor_as_json(actor: Actor) -> dict[str, object]:
    """An actor as it is kept with a job."""
    return {**asdict(actor), "roles": sorted(actor.roles), "scopes": sorted(actor.scopes)}


def actor_from_json(kept: Mapping[str, object]) -> Actor:
    """The actor that asked for a job."""
    sets = {name: frozenset(kept[name]) for name in ("roles", "scopes")}
    return Actor(**{**kept, **sets})
