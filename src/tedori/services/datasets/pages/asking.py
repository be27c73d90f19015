"""The forms of the public pages: propose a use, wish for data, answer a wish, import page views."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from tedori.services.datasets.queries.places import reachable
from tedori.services.datasets.rules.words import WORDS

USES = (
    ("app", _("アプリ")),
    ("web", _("ウェブサイト・地図")),
    ("study", _("調査・研究")),
    ("class", _("授業・学習")),
    ("work", _("行政での利用")),
)
ANSWERS = (
    ("accepted", _("公開を予定する")),
    ("released", _("公開済み")),
    ("declined", _("見送る")),
)


def dataset_choices() -> list[tuple[str, str]]:
    """The datasets by name."""
    return [(slug, str(words.title)) for slug, words in WORDS.items()]


class UseForm(forms.Form):
    """A use of datasets for the gallery."""

    title = forms.CharField(label=_("名称"), max_length=200)
    address = forms.URLField(label=_("アドレス"), max_length=500, assume_scheme="https")
    author = forms.CharField(label=_("つくった人・団体"), max_length=150)
    kind = forms.ChoiceField(label=_("種類"), choices=USES)
    description = forms.CharField(
        label=_("説明"),
        help_text=_("だれの、どんな困りごとを、どう助けるか"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
    )
    datasets = forms.MultipleChoiceField(
        label=_("使っているデータセット"), widget=forms.CheckboxSelectMultiple, choices=dataset_choices
    )


def organisation_choices() -> list[tuple[str, str]]:
    """Those who can be asked, by name."""
    return [(one.code, str(one.name)) for one in reachable()]


class WishForm(forms.Form):
    """A wish for a dataset."""

    title = forms.CharField(label=_("ほしいデータ"), max_length=200)
    organisation = forms.ChoiceField(label=_("どの自治体・組織に"), choices=organisation_choices)
    purpose = forms.CharField(
        label=_("何に使うか"),
        help_text=_(
            "使い道が分かると、優先して検討できます。公開の記録に載ります。個人情報は書かないでください。"
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
    )
    wanted = forms.CharField(
        label=_("必要な項目や形式"),
        max_length=300,
        required=False,
        help_text=_("例: 名称、緯度経度、更新は月1回"),
    )
    occasion = forms.CharField(
        label=_("きっかけ"),
        max_length=120,
        required=False,
        help_text=_("ラウンドテーブルやハッカソンなどの名前"),
    )


class AnswerForm(forms.Form):
    """The owner's answer to a wish."""

    to = forms.ChoiceField(label=_("回答"), choices=ANSWERS)
    text = forms.CharField(
        label=_("回答の文"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("要望した方に届き、公開の記録に載ります。"),
        max_length=2000,
    )
    release_on = forms.DateField(
        label=_("公開の予定日"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    slug = forms.ChoiceField(
        label=_("公開したデータセット"), required=False, choices=lambda: [("", "–"), *dataset_choices()]
    )


class ViewsForm(forms.Form):
    """Page views counted elsewhere."""

    file = forms.FileField(
        label=_("CSV ファイル"), help_text=_("列は 日付, 数、または 日付, データセット, 数。1行目は見出し。")
    )
    method = forms.CharField(
        label=_("数え方"),
        max_length=200,
        help_text=_("例: アクセス解析のページビュー（職員と検索ロボットを除く）"),
    )
