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
        "tedori.services.live.queries.keeping.held_back",
    )
    chores = ("tedori.services.live.actions.pruning.prune",)
    hourly_chores = ("tedori.services.live.actions.shelving.shelve",)
    companions = ("notifier", "links")
    permissions = (
        Permission(
            "live.write",
            ("steward", "publisher", "admin"),
            _("ライブ情報を書き込む"),
            narrows=_(
                "型や地域に限るときは、例: Toilet、EvacuationShelter@131016、@131016。空欄ならすべて。"
            ),
        ),
        Permission("live.subscribe", ("steward", "publisher", "developer", "admin"), _("変化の通知を受ける")),
        Permission(
            "live.registrations",
            ("steward", "publisher", "admin"),
            _("連携先（コンテキストソース）を登録する"),
        ),
        Permission("live.contexts", ("steward", "publisher", "admin"), _("@context を登録する")),
        Permission("live.links", ("admin",), _("他のシステムとの連携を設定する"), tokens=False),
        Permission("live.hold", ("steward", "publisher", "admin"), _("値を手で決める"), tokens=False),
        Permission("live.publication", ("publisher", "admin"), _("型ごとの公開範囲を決める"), tokens=False),
    )
    acts = {
        "live.publish": _("ライブ情報の公開範囲を決めた"),
        "live.link_made": _("連携を設定した"),
        "live.link_changed": _("連携の設定を変えた"),
        "live.link_mapped": _("連携の対応表を変えた"),
        "live.link_paused": _("連携を止めた"),
        "live.link_resumed": _("連携を再開した"),
        "live.link_ended": _("連携をやめた"),
        "live.subscription_paused": _("購読を止めた"),
        "live.subscription_resumed": _("購読を再開した"),
        "live.notifications_sent_again": _("届かなかった通知を送り直した"),
        "live.notifications_dropped": _("届かなかった通知を捨てた"),
        "live.held": _("値を手で決めた"),
        "live.released": _("手で決めた値を解除した"),
    }
    subjects = {
        "live/type": _("ライブ情報の型"),
        "live/link": _("連携"),
        "live/subscription": _("購読"),
        "live/entity": _("ライブ情報のもの"),
    }
    navigation = (
        Entry(_("いまの状況"), "live:types", order=3),
        Entry(_("ライブ情報の公開範囲"), "live:publication", audience="staff", order=40),
        Entry(_("他のシステムとの連携"), "live:links", audience="staff", order=41),
        Entry(_("変化の通知先"), "live:subscriptions", audience="staff", order=42),
    )
    doors_for_programs = (
        Link(_("ライブ情報の API（NGSI-LD）"), "/ngsi-ld/v1/types"),
        Link(_("ライブ情報の API（NGSIv2）"), "/v2"),
        Link(_("ライブ情報の API の説明（OpenAPI）"), "/ngsi-ld/v1/openapi.json"),
    )
