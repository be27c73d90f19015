"""What staff may be told about a subscription that they look for. Pure."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tedori.kernel.errors import UserError, Words


class NoSuchSubscription(UserError):
    """The subscription does not exist, or belongs to another organisation."""

    code = "no-such-subscription"
    status = 404
    words = Words(_("購読が見つかりません。"), _("一覧から選び直してください。"))
