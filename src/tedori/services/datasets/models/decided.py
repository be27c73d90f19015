"""What people have decided, per organisation and layout, so that it is never asked again."""

from __future__ import annotations

from django.db import models


class Layout(models.Model):
    """A header as one organisation writes it; decisions hang on it."""

    organisation = models.CharField(max_length=20)
    fingerprint = models.CharField(max_length=64)
    dataset = models.CharField(max_length=60, blank=True)
    header = models.JSONField(default=list)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("organisation", "fingerprint"), name="datasets_layout_once")
        ]


class Decision(models.Model):
    """One answer of one person; undone, never deleted.

    `subject` is the source header (column), the item (vocabulary, privacy) or "" (dataset, municipality,
    rival); `written` is the value as written (vocabulary) or the content (rival). `answer` is the item,
    the standard value, "publish"/"withhold", the slug or the code; "" leaves a column out.
    """

    class Kind(models.TextChoices):
        COLUMN = "column"
        VOCABULARY = "vocabulary"
        PRIVACY = "privacy"
        DATASET = "dataset"
        MUNICIPALITY = "municipality"
        RIVAL = "rival"

    layout = models.ForeignKey(Layout, on_delete=models.CASCADE, related_name="decisions")
    kind = models.CharField(max_length=14, choices=Kind.choices)
    subject = models.CharField(max_length=300, blank=True)
    written = models.CharField(max_length=300, blank=True)
    answer = models.CharField(max_length=300, blank=True)
    reason = models.CharField(max_length=600, blank=True)
    grounds = models.JSONField(default=dict)
    part = models.BigIntegerField(null=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    undone_by = models.CharField(max_length=150, blank=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("layout", "kind", "subject", "written"),
                condition=models.Q(undone_at=None),
                name="datasets_decision_once",
            )
        ]
