"""What can be wrong with a file of evidence."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tedori.kernel.errors import UserError, Words


class UnreadableExport(UserError):
    """The file is not an export of evidence."""

    code = "unreadable-export"
    words = Words(
        _("証跡の書き出しファイルとして読めません。"),
        _("tedori evidence export で書き出したファイルを指定してください。"),
    )


# Why a chain breaks, by the code that the check gives.
BECAUSE = {
    "content": _("記録の内容が書き換えられています。"),
    "previous": _("前の記録とのつながりが切れています。"),
    "gap": _("記録が抜けています。"),
    "order": _("記録の順序が入れ替わっているか、余分な記録があります。"),
    "head": _("末尾の記録が失われているか、余分な記録があります。"),
}
