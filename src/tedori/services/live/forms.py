"""The forms of the live service."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from tedori.services.live.actions.publications import REASON

LEVELS = (
    ("public", _("誰でも（トークンなしで読める）")),
    ("members", _("参加している組織だけ")),
    ("internal", _("持ち主の組織だけ")),
)


class PublicationForm(forms.Form):
    """How a type is published."""

    level = forms.ChoiceField(label=_("見られる人"), choices=LEVELS, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("理由"),
        max_length=REASON,
        help_text=_("証跡に残ります。例: 住民が避難先を選ぶために必要なため。"),
    )
    fresh_minutes = forms.IntegerField(
        label=_("何分たったら「古い」とするか"),
        required=False,
        min_value=1,
        max_value=525_600,
        help_text=_("空欄にすると、データモデルの値を使います。"),
    )
    relayed = forms.BooleanField(label=_("変化を、この基盤のほかのサービスへも伝える"), required=False)
