"""The app of the datasets service: its label and title."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from tedori.kernel.organisations.permissions import Permission
from tedori.kernel.pages.values import Entry, Link


class DatasetsConfig(AppConfig):
    """Many files, one open dataset."""

    name = "tedori.services.datasets"
    label = "datasets"
    verbose_name = _("データセット")
    home = "tedori.services.datasets.queries.home.cards"
    home_picture = "tedori.services.datasets.pages.places.picture"
    checks = ("tedori.services.datasets.queries.health.supplies",)
    permissions = (
        Permission("datasets.intake", ("steward", "publisher", "admin"), _("ファイルを登録する")),
        Permission("datasets.decide", ("steward", "admin"), _("列や用語の判断をする"), tokens=False),
        Permission("datasets.card", ("steward", "publisher", "admin"), _("データセットの台帳を編集する")),
        Permission("datasets.publish", ("publisher", "admin"), _("承認・公開・取り下げをする"), tokens=False),
        Permission("datasets.sources", ("steward", "admin"), _("取得元を登録する"), tokens=False),
        Permission("datasets.answer", ("steward", "publisher", "admin"), _("要望や活用事例に回答する")),
        Permission(
            "datasets.targets", ("admin",), _("欠損率の目標を決める"), kinds=("bureau",), tokens=False
        ),
    )
    doors_for_programs = (
        Link(_("データの API（OpenAPI の説明つき）"), "/api/v1/docs"),
        Link(_("地図のための API（OGC API Features）"), "/ogc/"),
        Link(_("CKAN 互換の API（読み取り）"), "/api/3/action/package_list"),
        Link(_("カタログの機械可読な目録（DCAT-AP）"), "/dcat/catalog.jsonld"),
        Link(_("更新情報（Atom）"), "/datasets/updates.atom"),
    )
    navigation = (
        Entry(_("データをさがす"), "datasets:catalogue", order=1),
        Entry(_("自治体から探す"), "datasets:places", order=2),
        Entry(_("品質"), "datasets:quality", order=3),
        Entry(_("活用事例"), "datasets:reuses", order=4),
        Entry(_("データの要望"), "datasets:requests", order=5),
        Entry(_("利用の数"), "datasets:usage", order=6),
        Entry(_("担当者の机"), "datasets:desk", audience="staff", order=10),
        Entry(_("ファイルを送る"), "datasets:intake", audience="staff", order=20),
        Entry(_("公開の承認"), "datasets:publish", audience="staff", order=30),
    )
