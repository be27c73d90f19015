"""The work in the background: workers, undelivered events, failed jobs, daily chores."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tedori.kernel.events.queries import dead_letters
from tedori.kernel.jobs.queries import count
from tedori.kernel.operations.chores import declared
from tedori.kernel.operations.queries import chores as known_chores
from tedori.kernel.operations.queries import workers as known_workers
from tedori.kernel.operations.rules import Finding


def workers() -> Iterator[Finding]:
    """Whether a worker runs."""
    alive = sum(1 for worker in known_workers(timezone.now()) if worker.alive)
    if alive:
        yield Finding("workers", "ok", _("作業プロセスが {count} 個動いています。").format(count=alive))
    else:
        yield Finding(
            "no-worker",
            "error",
            _("作業プロセス（tedori worker）が動いていません。待っている処理：{count} 件。").format(
                count=count("waiting")
            ),
            _("届いたファイルの処理も、サービスどうしの連絡も進みません。"),
            _("tedori worker を起動し、サービス管理（systemd など）に登録してください。"),
        )


def letters() -> Iterator[Finding]:
    """Whether events could not be delivered."""
    dead = dead_letters()
    if dead:
        yield Finding(
            "dead-letters",
            "error",
            _("届けられなかったイベントが {count} 件あります。").format(count=dead),
            _("サービスの間で内容が食い違っているおそれがあります。"),
            _("「イベントの配達」の画面で理由を確かめ、直したあと tedori events retry を実行してください。"),
        )
    else:
        yield Finding("letters", "ok", _("届けられなかったイベントはありません。"))


def jobs() -> Iterator[Finding]:
    """Whether jobs failed."""
    failed = count("failed")
    if failed:
        yield Finding(
            "failed-jobs",
            "warning",
            _("失敗した処理が {count} 件あります。").format(count=failed),
            _("受け取ったファイルが処理されていないかもしれません。"),
            _("「処理の一覧」の画面で理由を確かめてください。"),
        )
    else:
        yield Finding("jobs", "ok", _("失敗した処理はありません。"))


def chores() -> Iterator[Finding]:
    """Whether old rows and leftovers are cleared away every day."""
    known = {one.name: one for one in known_chores()}
    failed = [one for one in known.values() if one.error]
    late = [
        name
        for name, every in declared().items()
        if name not in known or known[name].begun_at < timezone.now() - 2 * every
    ]
    if failed:
        yield Finding(
            "chores-failed",
            "warning",
            _("毎日の片づけが失敗しました：{what}").format(
                what=", ".join(f"{one.name}: {one.error}" for one in failed)
            ),
            _("古い記録がたまり、ディスクを使い続けます。"),
            _("理由を直してください。翌日に自動でやり直します。"),
        )
    elif late:
        yield Finding(
            "chores-late",
            "warning",
            _("毎日の片づけが {count} 件行われていません。").format(count=len(late)),
            _("古い記録がたまり、ディスクを使い続けます。"),
            _("tedori worker を動かしてください。起動すると片づけます。"),
        )
    else:
        gone = sum(one.removed for one in known.values())
        yield Finding("chores", "ok", _("毎日の片づけは済んでいます（前回 {count} 件）。").format(count=gone))
