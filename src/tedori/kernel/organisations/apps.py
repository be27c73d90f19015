"""The app of organisations, people, roles and tokens."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from tedori.kernel.organisations.permissions import Permission, Role
from tedori.kernel.pages.values import Entry


class OrganisationsConfig(AppConfig):
    """Who acts, for which organisation, in which role."""

    name = "tedori.kernel.organisations"
    label = "organisations"
    chores = ("tedori.kernel.organisations.pruning.prune",)
    acts = {
        "organisations.organisation_created": _("組織を登録した"),
        "organisations.person_registered": _("人を登録した"),
        "organisations.member_added": _("構成員に加えた"),
        "organisations.member_removed": _("構成員から外した"),
        "organisations.member_role_changed": _("役割を変えた"),
        "organisations.token_issued": _("APIトークンを発行した"),
        "organisations.token_revoked": _("APIトークンを失効させた"),
        "organisations.signed_in": _("ログインした"),
        "organisations.sign_in_failed": _("ログインに失敗した"),
    }
    subjects = {
        "organisation": _("組織"),
        "user": _("利用者"),
        "token": _("APIトークン"),
        "sign-in": _("ログイン画面"),
    }
    navigation = (
        Entry(_("組織の一覧"), "organisations:organisations", "staff", order=920),
        Entry(_("アカウント"), "organisations:me", "resident", order=990),
    )
    roles = (
        Role("admin", _("管理者")),
        Role("publisher", _("公開責任者")),
        Role("steward", _("担当者")),
        Role("developer", _("開発者")),
        Role("member", _("閲覧者")),
    )
    permissions = (
        Permission("organisations.create", (), _("組織を登録する"), tokens=False),
        Permission("organisations.members", ("admin",), _("構成員を管理する"), tokens=False),
        Permission(
            "organisations.tokens", ("admin", "developer"), _("APIトークンを発行・失効する"), tokens=False
        ),
    )
