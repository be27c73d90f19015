"""What people may fill in; every choice comes from what the reader may see."""

from __future__ import annotations

from datetime import datetime, time

from django import forms
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tedori.kernel.organisations.models import Organisation
from tedori.kernel.organisations.permissions import grantable, roles
from tedori.kernel.organisations.rules import allowed
from tedori.kernel.organisations.values import Actor


def role_choices() -> list[tuple[str, object]]:
    """The roles a member may have."""
    return [(one.name, one.label) for one in roles()]


class MemberForm(forms.Form):
    """A person and a role."""

    username = forms.CharField(
        label=_("利用者名"), max_length=150, help_text=_("本人がサインインに使う名前です。")
    )
    role = forms.ChoiceField(label=_("役割"), choices=role_choices)


class RoleForm(forms.Form):
    """A role alone."""

    role = forms.ChoiceField(label=_("役割"), choices=role_choices)


class TokenForm(forms.Form):
    """What a token is for, what it may do, until when."""

    label = forms.CharField(
        label=_("用途"), max_length=100, help_text=_("例：防災アプリの取込み。秘密の値は書かないでください。")
    )
    scopes = forms.MultipleChoiceField(
        label=_("権限"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("何も選ばないトークンは、公開データの利用だけに使えます。"),
    )
    expires = forms.DateField(
        label=_("有効期限"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("この日の終わりまで使えます。空欄にすると無期限です。"),
    )

    def __init__(self, *args: object, by: Actor, organisation: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        own = [one for one in grantable() if allowed(by, one.name, organisation=organisation)]
        self.fields["scopes"].choices = [(one.name, one.label) for one in own]
        self.narrowed = {f"only-{one.name}": one.name for one in own if one.narrows}
        for one in own:
            if one.narrows:
                label = format_lazy(_("「{permission}」の範囲"), permission=one.label)
                self.fields[f"only-{one.name}"] = forms.CharField(
                    label=label, required=False, max_length=500, help_text=one.narrows
                )

    def chosen(self) -> list[str]:
        """The scopes, each narrowed to what was written beside it."""
        found = list(self.cleaned_data["scopes"])
        for field, name in self.narrowed.items():
            limits = self.cleaned_data[field].replace(",", " ").split()
            if name in found and limits:
                found.remove(name)
                found += [f"{name}:{limit}" for limit in limits]
        return found

    def end(self) -> datetime | None:
        """The last moment of the day of expiry, in the installation's time zone."""
        day = self.cleaned_data["expires"]
        return timezone.make_aware(datetime.combine(day, time.max)) if day else None


class OrganisationForm(forms.Form):
    """A new organisation."""

    code = forms.RegexField(
        r"^[0-9A-Za-z-]+$",
        label=_("コード"),
        max_length=40,
        help_text=_("公的なコードがあればそれを使います。半角英数字とハイフン。"),
    )
    name = forms.CharField(label=_("名称"), max_length=200)
    name_en = forms.CharField(label=_("名称（英語）"), max_length=200, required=False)
    kind = forms.ChoiceField(label=_("種別"), choices=Organisation.Kind.choices)
    parent = forms.CharField(label=_("上位組織のコード"), max_length=40, required=False)
