"""The app of the live service: its label and title, who may do what."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from tedori.kernel.organisations.permissions import Permission
from tedori.kernel.pages.values import Entry, Link


class LiveConfig(AppConfig):
    """What is true now."""

    name = "tedori.services.live"
    label = "live"
    verbose_name = _("ライブ情報")
    checks = (
        "tedori.services.live.queries.checks.trial",
        "tedori.services.live.queries.checks.contexts",
        "tedori.services.live.queries.deliveries.notifier",
    )
    companions = ("notifier",)
    permissions = (
        Permission(
            "live.write",
            ("steward", "publisher", "admin"),
            _("ライブ情報を書き込む"),
            narrows=_("型や地域に限るときは、例: Toilet、EvacuationShelter@131016、@131016。空欄なら自組織のすべて。"),
        ),
        Permission("live.subscribe", ("steward", "publisher", "developer", "admin"), _("変化の通知を受ける")),
        Permission("live.contexts", ("steward", "publisher", "admin"), _("@context を登録する")),
        Permission("live.publication", ("publisher", "admin"), _("型ごとの公開範囲を決める"), tokens=False),
    )
    acts = {"live.publish": _("ライブ情報の公開範囲を決めた")}
    subjects = {"live/type": _("ライブ情報の型")}
    navigation = (
        Entry(_("いまの状況"), "live:types", order=3),
        Entry(_("ライブ情報の公開範囲"), "live:publication", audience="staff", order=40),
    )
    doors_for_programs = (Link(_("ライブ情報の API（NGSI-LD）"), "/ngsi-ld/v1/types"),)
