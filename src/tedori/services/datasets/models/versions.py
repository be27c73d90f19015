"""The record of a dataset (its card) and its immutable versions."""

from __future__ import annotations

from django.db import models


class Card(models.Model):
    """What people must know about one dataset of one organisation before they use it."""

    class DataClass(models.TextChoices):
        GOVERNMENT = "government"
        PRIVATE = "private"
        INTERNAL = "internal"

    dataset = models.CharField(max_length=60)
    organisation = models.CharField(max_length=20, db_index=True)
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    description = models.TextField(blank=True)
    description_en = models.TextField(blank=True)
    steward = models.CharField(max_length=150, blank=True)
    steward_contact = models.CharField(max_length=200, blank=True)
    granularity = models.CharField(max_length=200, blank=True)
    update_cycle = models.CharField(max_length=60, blank=True)
    licence = models.CharField(max_length=30, blank=True)
    copyright_by_government = models.BooleanField(default=True)
    copyright_holder = models.CharField(max_length=200, blank=True)
    data_class = models.CharField(max_length=10, choices=DataClass.choices, default=DataClass.GOVERNMENT)
    # Admission of private data: why it serves the public, and on which agreement it is shared.
    public_interest = models.TextField(blank=True)
    agreement = models.CharField(max_length=300, blank=True)
    keywords = models.JSONField(default=list)
    revision = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()
    updated_by = models.CharField(max_length=150)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("dataset", "organisation"), name="datasets_card_once")]


class Version(models.Model):
    """One immutable state of one dataset of one organisation; its rows lie in the lake at `path`."""

    class State(models.TextChoices):
        # The number is taken before the lake is written, so that a killed worker never writes twice.
        WRITING = "writing"
        DRAFT = "draft"
        APPROVED = "approved"
        PUBLISHED = "published"
        SUPERSEDED = "superseded"
        RETRACTED = "retracted"
        DISCARDED = "discarded"

    dataset = models.CharField(max_length=60)
    organisation = models.CharField(max_length=20)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices)
    part = models.ForeignKey("Part", null=True, on_delete=models.SET_NULL, related_name="versions")
    path = models.CharField(max_length=400, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    # The same rows give the same fingerprint, whatever the file around them.
    content = models.CharField(max_length=64, blank=True)
    rows = models.PositiveIntegerField(default=0)
    bytes = models.BigIntegerField(default=0)
    edition = models.CharField(max_length=60, blank=True)
    period = models.CharField(max_length=40, blank=True)
    score = models.FloatField(default=0)
    # item -> [class, filled, rows]
    completeness = models.JSONField(default=dict)
    errors = models.PositiveIntegerField(default=0)
    warnings = models.PositiveIntegerField(default=0)
    repairs = models.PositiveIntegerField(default=0)
    report = models.CharField(max_length=600, blank=True)
    source_name = models.CharField(max_length=255, blank=True)
    source_sha256 = models.CharField(max_length=64, blank=True)
    restored_from = models.PositiveIntegerField(null=True)
    licence = models.CharField(max_length=30, blank=True)
    steward = models.CharField(max_length=150, blank=True)
    difference = models.JSONField(default=dict)
    confirmed = models.CharField(max_length=600, blank=True)
    revision = models.PositiveIntegerField(default=1)
    drafted_at = models.DateTimeField()
    drafted_by = models.CharField(max_length=150)
    # Who that was beyond doubt (names can be equal), for the rule of four eyes.
    drafter = models.CharField(max_length=60, blank=True)
    approved_at = models.DateTimeField(null=True)
    approved_by = models.CharField(max_length=150, blank=True)
    approver = models.CharField(max_length=60, blank=True)
    published_at = models.DateTimeField(null=True, db_index=True)
    published_by = models.CharField(max_length=150, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=150, blank=True)
    ended_because = models.CharField(max_length=600, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("dataset", "organisation", "number"), name="datasets_version_once"
            ),
            models.UniqueConstraint(
                fields=("dataset", "organisation"),
                condition=models.Q(state="published"),
                name="datasets_one_published",
            ),
        ]
        indexes = [models.Index(fields=("state", "dataset", "organisation"), name="datasets_version_state")]
