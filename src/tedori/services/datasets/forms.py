"""The forms of intake and of a dataset's record."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from tedori.services.datasets.rules.admission import DATA_CLASSES, LICENCES


class ManyFilesInput(forms.ClearableFileInput):
    """A file input that takes several files at once."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """A file field whose value is a list; each file is judged when it is received, for itself."""

    widget = ManyFilesInput

    def clean(self, data: object, initial: object = None) -> list:
        """The files that were sent, at least one."""
        files = list(data) if isinstance(data, list | tuple) else [data]
        return [super(ManyFilesField, self).clean(file, initial) for file in files or [None]]


class UploadForm(forms.Form):
    """Files to receive; who may act for everybody also says for whom."""

    files = ManyFilesField(
        allow_empty_file=True,
        label=_("ファイル"),
        help_text=_("CSV・TSV・Excel・ZIP・GeoJSON を、手元にあるまま選べます。複数選択もできます。"),
        widget=ManyFilesInput(attrs={"multiple": True, "data-drop": "files"}),
    )
    organisation = forms.ChoiceField(label=_("どの組織のデータか"))

    def __init__(self, *args: object, organisations: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = organisations
        if len(organisations) == 1:
            self.fields["organisation"].widget = forms.HiddenInput()
            self.fields["organisation"].initial = organisations[0][0]


class SourceForm(forms.Form):
    """A place that files come from."""

    kind = forms.ChoiceField(
        label=_("種類"),
        choices=[("url", _("ファイルのアドレス")), ("ckan", _("CKANカタログ"))],
        widget=forms.RadioSelect,
        initial="url",
    )
    address = forms.URLField(label=_("アドレス"), assume_scheme="https", max_length=1000)
    query = forms.CharField(
        label=_("絞り込み（CKANの fq）"),
        required=False,
        max_length=300,
        help_text=_("例: organization:t131016"),
    )


class CardForm(forms.Form):
    """The record of a dataset."""

    title = forms.CharField(label=_("名称"), max_length=200)
    title_en = forms.CharField(label=_("名称（英語）"), max_length=200, required=False)
    description = forms.CharField(label=_("説明"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    description_en = forms.CharField(
        label=_("説明（英語）"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    steward = forms.CharField(
        label=_("担当者"),
        max_length=150,
        help_text=_("氏名と所属。公開するデータの責任者として表示されます。"),
    )
    steward_contact = forms.CharField(
        label=_("連絡先"), max_length=200, required=False, help_text=_("部署の電話番号やメールアドレス。")
    )
    granularity = forms.CharField(
        label=_("粒度"),
        max_length=200,
        required=False,
        help_text=_("1行が何を表すか。例: 施設ごと、町丁目・年齢階級ごと"),
    )
    update_cycle = forms.CharField(label=_("更新頻度"), max_length=60, required=False)
    licence = forms.ChoiceField(
        label=_("ライセンス"),
        choices=[("", _("選んでください")), *((one.code, one.label) for one in LICENCES)],
    )
    copyright_by_government = forms.BooleanField(
        label=_("著作権は行政が持っている"), required=False, initial=True
    )
    copyright_holder = forms.CharField(label=_("著作権者（行政以外のとき）"), max_length=200, required=False)
    data_class = forms.ChoiceField(
        label=_("データ区分"),
        choices=list(DATA_CLASSES.items()),
        widget=forms.RadioSelect,
        initial="government",
    )
    public_interest = forms.CharField(
        label=_("公共性の説明（民間データのとき）"), widget=forms.Textarea(attrs={"rows": 2}), required=False
    )
    agreement = forms.CharField(label=_("提供元との合意（文書名・日付）"), max_length=300, required=False)
    keywords = forms.CharField(
        label=_("キーワード"), max_length=300, required=False, help_text=_("読点か空白で区切る")
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean_keywords(self) -> tuple[str, ...]:
        """The words one by one."""
        text = self.cleaned_data["keywords"].replace("、", " ").replace(",", " ")
        return tuple(dict.fromkeys(text.split()))
