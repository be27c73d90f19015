"""What the public adds: uses of the data, wishes for data, counted use; and the targets set for quality."""

from __future__ import annotations

from django.db import models


class Reuse(models.Model):
    """An application, a study or a class that uses datasets; `datasets` are slugs."""

    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    description = models.TextField(blank=True)
    description_en = models.TextField(blank=True)
    address = models.URLField(max_length=500)
    author = models.CharField(max_length=150)
    organisation = models.CharField(max_length=20, blank=True)
    kind = models.CharField(max_length=40, blank=True)
    datasets = models.JSONField(default=list)
    visible = models.BooleanField(default=False)
    case = models.BigIntegerField(null=True)
    proposed_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=150)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=150, blank=True)


class Request(models.Model):
    """A wish for a dataset, with the owner's answer and the dataset that came of it."""

    class State(models.TextChoices):
        OPEN = "open"
        ACCEPTED = "accepted"
        RELEASED = "released"
        DECLINED = "declined"

    title = models.CharField(max_length=200)
    purpose = models.TextField()
    wanted = models.CharField(max_length=300, blank=True)
    organisation = models.CharField(max_length=20, db_index=True)
    dataset = models.CharField(max_length=60, blank=True)
    occasion = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN, db_index=True)
    answer = models.TextField(blank=True)
    release_on = models.DateField(null=True)
    case = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=150)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=150, blank=True)


class UsageDay(models.Model):
    """How often a dataset was used on one day; never by whom.

    `method` says how imported page views were counted; counts of our own have none.
    """

    dataset = models.CharField(max_length=60)
    day = models.DateField()
    kind = models.CharField(max_length=10)
    count = models.PositiveIntegerField(default=0)
    method = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("dataset", "day", "kind"), name="datasets_usage_once")]


class Target(models.Model):
    """The missing rate that an item of a dataset should not exceed; item "" is the whole dataset."""

    dataset = models.CharField(max_length=60)
    item = models.CharField(max_length=120, blank=True)
    missing_at_most = models.FloatField()
    set_by = models.CharField(max_length=150)
    set_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("dataset", "item"), name="datasets_target_once")]
