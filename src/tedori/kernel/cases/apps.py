"""The app of cases."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from tedori.kernel.pages.values import Entry


class CasesConfig(AppConfig):
    """Whatever a person must judge."""

    name = "tedori.kernel.cases"
    label = "cases"
    navigation = (
        Entry(_("案件"), "cases:list", "staff", order=200),
        Entry(_("わたしの報告"), "reports:list", "resident", order=210),
    )
