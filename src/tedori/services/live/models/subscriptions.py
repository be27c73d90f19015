"""Who wants to hear of changes, what still has to be said to whom, and how far each reader of changes is."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Subscription(models.Model):
    """One subscription: `document` is what `engines.ngsild.subscriptions.documents` keeps.

    `contexts` is JSON: the sources of the @context of `q` and of that of notifications; of a subscription of
    NGSIv2 also its own document (`ngsiv2`) and the `headers` of its tenant and path. It hears of changes
    after `since`, a position in the log of changes. `version` grows with every write of any subscription.
    `about` is "sources" for those that ask for registrations of context sources, NULL for entities.
    """

    tenant = models.ForeignKey(
        "Tenant", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    urn = models.TextField()
    owner = models.CharField(max_length=40, blank=True)
    by = models.CharField(max_length=60)
    document = models.TextField()
    contexts = models.TextField()
    since = models.BigIntegerField(default=0)
    version = models.BigIntegerField(default=0)
    created_at = models.TextField()
    modified_at = models.TextField()
    times_sent = models.BigIntegerField(default=0)
    times_failed = models.BigIntegerField(default=0)
    failures = models.IntegerField(default=0)
    last_notification = models.TextField(null=True)
    last_success = models.TextField(null=True)
    last_failure = models.TextField(null=True)
    next_at = models.TextField(null=True)
    about = models.CharField(max_length=10, null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("tenant", "urn"), name="live_subscription_once")]


class Notification(models.Model):
    """One notification on its way: `waiting` to be sent, `held` until its throttling ends, `paused` with its
    subscription, or `dead`.

    `body` is JSON: of a held one the entities by their URN, of all others the message. `key` is the
    notification's own id, the same at every attempt.
    """

    key = models.TextField(unique=True)
    subscription = models.ForeignKey(
        "Subscription", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    endpoint = models.TextField()
    seq = models.BigIntegerField(default=0)
    state = models.CharField(max_length=8, default="waiting")
    body = models.TextField()
    attempts = models.IntegerField(default=0)
    at = models.TextField()
    due_at = models.TextField()
    reason = models.TextField(default="")
    via = models.TextField(blank=True, db_default="")

    class Meta:
        indexes = [
            models.Index(
                fields=("endpoint", "id"), condition=Q(state="waiting"), name="live_notification_lane"
            ),
            models.Index(fields=("subscription",), name="live_notification_of"),
            models.Index(fields=("at",), condition=Q(state="dead"), name="live_notification_dead"),
        ]


class Position(models.Model):
    """A number that its holder alone moves on: how far the notifier is, which version subscriptions have."""

    name = models.CharField(max_length=40, primary_key=True)
    position = models.BigIntegerField(default=0)
    holder = models.CharField(max_length=80, blank=True)
    until = models.TextField(blank=True)
