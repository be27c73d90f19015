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


PROTOCOLS = (
    ("ngsi-ld", _("都市OS（NGSI-LD）")),
    ("ngsiv2", _("都市OS（NGSIv2、Orion）")),
    ("mqtt", _("MQTT のトピック")),
    ("csv", _("CSV のある URL")),
    ("json", _("JSON のある URL")),
)
DIRECTIONS = (
    ("in", _("受け取る")),
    ("out", _("渡す")),
    ("both", _("受け取り、渡す")),
)


class LinkForm(forms.Form):
    """A link to another system."""

    name = forms.CharField(label=_("名前"), max_length=100, help_text=_("例: 県の都市OS"))
    protocol = forms.ChoiceField(label=_("相手の種類"), choices=PROTOCOLS, widget=forms.RadioSelect)
    address = forms.CharField(
        label=_("相手の URL"),
        max_length=1_000,
        help_text=_("例: https://orion.example.jp、mqtts://broker.example.jp/sensor/+/state"),
    )
    direction = forms.ChoiceField(label=_("向き"), choices=DIRECTIONS, widget=forms.RadioSelect)
    types = forms.CharField(
        label=_("型"),
        required=False,
        max_length=2_000,
        help_text=_("こちらでの型の名前を、コンマで区切って書きます。例: EvacuationShelter, Toilet"),
    )
    service = forms.CharField(
        label=_("相手のテナント（Fiware-Service / NGSILD-Tenant）"), required=False, max_length=100
    )
    path = forms.CharField(label=_("相手の Fiware-ServicePath"), required=False, max_length=600)
    every = forms.IntegerField(
        label=_("問い合わせの間隔（秒）"), initial=60, min_value=10, max_value=86_400,
        help_text=_("知らせが届かなくても、この間隔で追いつきます。"),
    )  # fmt: skip
    header = forms.CharField(label=_("認証のヘッダー"), initial="Authorization", max_length=100)
    secret = forms.CharField(
        label=_("認証の値"),
        required=False,
        max_length=4_000,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("例: Bearer …。MQTT は「利用者:合言葉」。暗号化して保管し、二度と表示しません。"),
    )


class NewLinkForm(LinkForm):
    """A new link; what is no city OS needs its mapping at once."""

    mapping = forms.CharField(
        label=_("対応表（YAML）"),
        required=False,
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        help_text=_("MQTT・CSV・JSON では必要です。あとから見本で確かめながら直せます。"),
    )


class ChangeLinkForm(LinkForm):
    """Other settings for a link."""

    forget = forms.BooleanField(label=_("いまの認証の値を消す"), required=False)


class MappingForm(forms.Form):
    """A mapping, and a sample to try it on."""

    mapping = forms.CharField(
        label=_("対応表（YAML）"),
        required=False,
        max_length=200_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "false"}),
    )
    sample = forms.CharField(
        label=_("相手のデータの見本"),
        required=False,
        max_length=200_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        help_text=_("一件分の JSON、または見出しつきの CSV。"),
    )


class HoldForm(forms.Form):
    """A value that a person sets, or lets go."""

    urn = forms.CharField(label=_("ID"), max_length=1_000)
    attribute = forms.CharField(label=_("属性"), max_length=256)
    value = forms.CharField(
        label=_("値"), required=False, max_length=2_000, help_text=_("数や true / false はそのまま書きます。")
    )
    reason = forms.CharField(label=_("理由"), max_length=300, help_text=_("証跡に残ります。"))


class ReasonForm(forms.Form):
    """Why somebody does something."""

    reason = forms.CharField(label=_("理由"), max_length=300, help_text=_("証跡に残ります。"))


class LettersForm(ReasonForm):
    """Notifications that were given up, and what becomes of them."""

    letters = forms.MultipleChoiceField(
        label=_("どの通知を"), required=False, widget=forms.CheckboxSelectMultiple
    )
    every = forms.BooleanField(label=_("届かなかった通知のすべて"), required=False)
    field_order = ("letters", "every", "reason")

    def __init__(self, *arguments: object, letters: tuple[tuple[str, str], ...], **others: object) -> None:
        super().__init__(*arguments, **others)
        self.fields["letters"].choices = letters

    def clean(self) -> dict[str, object]:
        """Something must be chosen."""
        given = super().clean()
        if not given.get("every") and not given.get("letters"):
            self.add_error("letters", _("通知を選ぶか、「すべて」に印をつけてください。"))
        return given

    @property
    def chosen(self) -> tuple[int, ...] | None:
        """The numbers of the notifications; None for all."""
        given = self.cleaned_data
        return None if given["every"] else tuple(map(int, given["letters"]))
