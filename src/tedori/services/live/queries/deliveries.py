"""How the telling of subscribers fares: whether a notifier works, what waits, what was given up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from django.utils.translation import gettext_lazy as _

from tedori.kernel.operations.rules import Finding
from tedori.services.live.models import Notification, Position, Subscription
from tedori.services.live.queries.subscriptions import NOTIFIER


def notifier() -> Iterator[Finding]:
    """Whether somebody tells subscribers of changes."""
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    wanted = Subscription.objects.count()
    if wanted and not Position.objects.filter(name=NOTIFIER, until__gt=now).exists():
        yield Finding(
            "no-notifier",
            "error",
            _("通知プロセス（tedori notifier）が動いていません。購読：{count} 件。").format(count=wanted),
            _("変化があっても、購読している相手に知らせが届きません。"),
            _("tedori notifier を起動し、サービス管理（systemd など）に登録してください。"),
        )
        return
    dead = Notification.objects.filter(state="dead").count()
    if dead:
        yield Finding(
            "dead-notifications",
            "warning",
            _("届けられなかった通知が {count} 件あります。").format(count=dead),
            _("購読している相手の内容が古いままかもしれません。"),
            _("相手の受け口が動いているか確かめてもらってください。14日たつと消えます。"),
        )
    else:
        yield Finding("notifier", "ok", _("通知は届いています。購読：{count} 件。").format(count=wanted))
