"""The table of jobs."""

from django.db import models
from django.db.models import Q

WAITING, RUNNING, DONE, FAILED, CANCELLED = "waiting", "running", "done", "failed", "cancelled"
STATES = (WAITING, RUNNING, DONE, FAILED, CANCELLED)


class JobRow(models.Model):
    """One piece of work and where it stands."""

    name = models.CharField(max_length=100)
    args = models.JSONField()
    organisation = models.CharField(max_length=40, blank=True)
    key = models.CharField(max_length=200, blank=True)
    priority = models.SmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=[(s, s) for s in STATES], default=WAITING)

    by_user = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=200)
    by = models.JSONField()
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    attempts = models.PositiveSmallIntegerField(default=0)
    crashes = models.PositiveSmallIntegerField(default=0)
    worker = models.CharField(max_length=200, blank=True)
    lease_until = models.DateTimeField(null=True)
    cancel_asked = models.BooleanField(default=False)

    step = models.BigIntegerField(default=0)
    steps = models.BigIntegerField(default=0)
    say_ja = models.CharField(max_length=300, blank=True)
    say_en = models.CharField(max_length=300, blank=True)

    result = models.JSONField(null=True)
    error_code = models.CharField(max_length=100, blank=True)
    error_ja = models.TextField(blank=True)
    error_en = models.TextField(blank=True)
    reference = models.CharField(max_length=20, blank=True)

    class Meta:
        """The same name and key is the same job, unless the earlier one failed or was cancelled."""

        constraints = [
            models.UniqueConstraint(
                fields=["name", "key"],
                condition=Q(state__in=[WAITING, RUNNING, DONE]) & ~Q(key=""),
                name="jobs_one_per_key",
            )
        ]
        indexes = [
            models.Index(
                fields=["-priority", "id"], condition=Q(state=WAITING), name="jobs_waiting_in_order"
            ),
            models.Index(fields=["lease_until"], condition=Q(state=RUNNING), name="jobs_running_leases"),
            models.Index(fields=["organisation", "-id"], name="jobs_of_organisation"),
        ]
