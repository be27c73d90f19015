"""The tables of cases, their history and their attachments."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class CaseRow(models.Model):
    """A case as it stands."""

    kind = models.CharField(max_length=100)
    state = models.CharField(max_length=40)
    organisation = models.CharField(max_length=40)
    title = models.CharField(max_length=300)
    subject = models.CharField(max_length=300, blank=True)
    facts = models.JSONField(default=dict)
    key = models.CharField(max_length=300, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    owner_name = models.CharField(max_length=200, blank=True)
    deadline = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=200)
    closed_at = models.DateTimeField(null=True)
    has_reporter = models.BooleanField(default=False)
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    reporter_name = models.CharField(max_length=200, blank=True)
    # Of the secret in the reporter's link only the digest is kept.
    secret_digest = models.CharField(max_length=64, null=True, unique=True)
    answered_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """The same kind and key is the same open case."""

        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"],
                condition=Q(closed_at=None) & ~Q(key=""),
                name="cases_one_open_per_key",
            )
        ]
        indexes = [
            models.Index(fields=["organisation", "kind", "state"], name="cases_queue"),
            models.Index(fields=["deadline"], condition=Q(closed_at=None), name="cases_open_by_deadline"),
        ]


class CaseEntry(models.Model):
    """One line of a case's history; lines are only ever added."""

    case = models.ForeignKey(CaseRow, on_delete=models.CASCADE, related_name="entries")
    what = models.CharField(max_length=20)
    by_user = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    frm = models.CharField(max_length=40, blank=True)
    to = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    for_reporter = models.BooleanField(default=False)


class CaseFile(models.Model):
    """A file that belongs to a case; its content lies in the attachments' folder under its sha256."""

    case = models.ForeignKey(CaseRow, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)
    bytes = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    for_reporter = models.BooleanField(default=False)
