"""The app of jobs."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from tedori.kernel.pages.values import Entry


class JobsConfig(AppConfig):
    """Jobs with leases, progress, retry and cancelling."""

    name = "tedori.kernel.jobs"
    label = "jobs"
    chores = ("tedori.kernel.jobs.pruning.prune",)
    acts = {
        "jobs.cancelled": _("処理を取りやめた"),
    }
    subjects = {
        "job": _("処理"),
    }
    navigation = (Entry(_("処理の一覧"), "jobs:list", "staff", order=820),)
