"""The web side: host names, https, static files."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.utils.translation import gettext_lazy as _

from tedori.kernel.operations.rules import Finding


def hosts() -> Iterator[Finding]:
    """Whether the public address is one that the site answers to."""
    public = urlsplit(settings.TEDORI_PUBLIC_URL).hostname or ""
    allowed = settings.ALLOWED_HOSTS
    if "*" in allowed:
        yield Finding(
            "hosts-any",
            "warning",
            _("TEDORI_HOSTS が * のため、どの名前でも応答します。"),
            _("偽の名前で作られたリンクがメールやキャッシュに入るおそれがあります。"),
            _("TEDORI_HOSTS に実際のホスト名だけを書いてください。"),
        )
    elif public not in {name.strip("[].") for name in allowed} and not _below(public, allowed):
        yield Finding(
            "hosts-miss-public",
            "error",
            _("公開アドレスの {host} が TEDORI_HOSTS にありません。").format(host=public),
            _("利用者がそのアドレスを開くと 400 エラーになります。"),
            _("TEDORI_HOSTS に {host} を加えてください。").format(host=public),
        )
    else:
        yield Finding("hosts", "ok", _("公開アドレスは {url} です。").format(url=settings.TEDORI_PUBLIC_URL))


def _below(host: str, allowed: list[str]) -> bool:
    return any(name.startswith(".") and host.endswith(name) for name in allowed)


def https() -> Iterator[Finding]:
    """Whether passwords travel encrypted, and nothing of the inside is shown."""
    address = urlsplit(settings.TEDORI_PUBLIC_URL)
    if settings.DEBUG:
        yield Finding(
            "debug",
            "error",
            _("開発用の表示（TEDORI_DEBUG）が有効です。"),
            _("エラーの画面に内部の情報が出ます。"),
            _("TEDORI_DEBUG を外して再起動してください。"),
        )
    if address.scheme == "https" or _is_loopback(address.hostname or ""):
        yield Finding("https", "ok", _("通信の設定に問題はありません。"))
    else:
        yield Finding(
            "https-missing",
            "error",
            _("公開アドレスが http:// です。"),
            _("パスワードとセッションが暗号化されずに流れます。"),
            _("TLS を終端するプロキシーを置き、TEDORI_PUBLIC_URL を https:// にしてください。"),
        )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def static() -> Iterator[Finding]:
    """Whether style sheets and scripts can be found."""
    if finders.find("pages/house.css"):
        yield Finding("static", "ok", _("画面の部品がそろっています。"))
    else:
        yield Finding(
            "static-missing",
            "error",
            _("画面の部品（CSS）が見つかりません。"),
            _("ページが崩れて表示されます。"),
            _("make install をやり直してください。"),
        )
