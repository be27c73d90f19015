"""The app of events: facts told in the transaction of the change, and carried to who listens."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from tedori.kernel.organisations.permissions import Permission
from tedori.kernel.pages.values import Entry


class EventsConfig(AppConfig):
    """Outbox, consumers with offsets, dead letters."""

    name = "tedori.kernel.events"
    label = "events"
    chores = ("tedori.kernel.events.pruning.prune",)
    acts = {
        "events.retried": _("イベントの配達をやり直した"),
        "events.dropped": _("イベントの配達をあきらめた"),
    }
    subjects = {
        "events": _("イベントの配達"),
    }
    navigation = (Entry(_("イベントの配達"), "events:list", "staff", order=910),)
    # No role carries it: the platform's administrators may do everything, nobody else this.
    permissions = (Permission("events.mend", (), _("イベントの配達を直す"), tokens=False),)
