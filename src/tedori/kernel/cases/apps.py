"""The app of cases."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from tedori.kernel.pages.values import Entry


class CasesConfig(AppConfig):
    """Whatever a person must judge."""

    name = "tedori.kernel.cases"
    label = "cases"
    acts = {
        "cases.opened": _("案件を登録した"),
        "cases.moved": _("案件の状態を変えた"),
        "cases.assigned": _("案件の担当を決めた"),
        "cases.answered": _("報告した人に答えた"),
        "cases.attached": _("案件に添付した"),
    }
    subjects = {
        "case": _("案件"),
    }
    navigation = (
        Entry(_("案件"), "cases:list", "staff", order=200),
        Entry(_("わたしの報告"), "reports:list", "resident", order=210),
    )
