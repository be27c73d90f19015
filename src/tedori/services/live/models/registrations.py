"""Who has said that they know or keep what."""

from __future__ import annotations

from django.db import models


class Registration(models.Model):
    """One context source: `document` is what `engines.ngsild.registrations.documents` keeps.

    `secrets` holds the values of its headers that nobody may see, encrypted; `expires_at` is "" for never.
    """

    tenant = models.ForeignKey(
        "Tenant", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    urn = models.TextField()
    owner = models.CharField(max_length=40, blank=True)
    by = models.CharField(max_length=60)
    document = models.TextField()
    secrets = models.TextField(blank=True)
    expires_at = models.TextField(blank=True)
    created_at = models.TextField()
    modified_at = models.TextField()
    times_sent = models.BigIntegerField(default=0)
    times_failed = models.BigIntegerField(default=0)
    last_success = models.TextField(null=True)
    last_failure = models.TextField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("tenant", "urn"), name="live_registration_once")]
