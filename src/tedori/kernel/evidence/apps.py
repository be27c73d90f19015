"""The app of the evidence."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from tedori.kernel.organisations.permissions import Permission
from tedori.kernel.pages.values import Entry


class EvidenceConfig(AppConfig):
    """Who did what on which grounds."""

    name = "tedori.kernel.evidence"
    label = "evidence"
    navigation = (Entry(_("証跡"), "evidence:list", audience="staff", order=900),)
    permissions = (Permission("evidence.read", ("admin", "publisher", "steward"), _("証跡を読む")),)
