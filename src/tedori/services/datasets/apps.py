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
    lake_tables = ("tedori.services.datasets.queries.versions.public_tables",)
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
    acts = {
        "datasets.receive": _("ファイルを受け取った"),
        "datasets.draft": _("下書きを作った"),
        "datasets.card": _("台帳を保存した"),
        "datasets.decide": _("判断した"),
        "datasets.undo": _("判断を取り消した"),
        "datasets.approve": _("承認した"),
        "datasets.publish": _("公開した"),
        "datasets.retract": _("取り下げた"),
        "datasets.discard": _("下書きを破棄した"),
        "datasets.restore": _("前の版を下書きに戻した"),
        "datasets.return": _("自治体に返すファイルを作った"),
        "datasets.source": _("取得元を登録した"),
        "datasets.outlines": _("区域を取り込んだ"),
        "datasets.supplies": _("標準化に使う表を取り込んだ"),
        "datasets.reuse": _("活用事例の掲載を決めた"),
        "datasets.targets": _("欠損率の目標を決めた"),
        "datasets.views_imported": _("閲覧数を取り込んだ"),
    }
    subjects = {
        "datasets/delivery": _("受け取ったファイル"),
        "datasets/version": _("版"),
        "datasets/part": _("表"),
        "datasets/decision": _("判断"),
        "datasets/card": _("台帳"),
        "datasets/source": _("取得元"),
        "datasets/request": _("データの要望"),
        "datasets/reuse": _("活用事例"),
        "datasets/supplies": _("標準化に使う表"),
        "datasets/outlines": _("区域"),
        "datasets/targets": _("欠損率の目標"),
        "datasets/usage": _("利用の数"),
    }
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
