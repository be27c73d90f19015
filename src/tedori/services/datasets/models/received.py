"""What came in: sources, the links found there, files received, and the tables inside the files."""

from __future__ import annotations

from django.db import models


class Source(models.Model):
    """A place that files come from: a folder, an address or a CKAN catalogue of one organisation."""

    class Kind(models.TextChoices):
        UPLOAD = "upload"
        FOLDER = "folder"
        URL = "url"
        CKAN = "ckan"

    organisation = models.CharField(max_length=20)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    address = models.CharField(max_length=1000, blank=True)
    query = models.CharField(max_length=300, blank=True)
    # How far a walk through a catalogue has come; a stopped walk goes on from here.
    cursor = models.PositiveIntegerField(default=0)
    listed = models.BooleanField(default=False)
    walk_started_at = models.DateTimeField(null=True)
    active = models.BooleanField(default=True)
    checked_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=400, blank=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("organisation", "kind", "address", "query"), name="datasets_source_once"
            )
        ]


class Link(models.Model):
    """One address that a source offers, with what the last visit found there."""

    class State(models.TextChoices):
        NEW = "new"
        FETCHED = "fetched"
        UNCHANGED = "unchanged"
        DEAD = "dead"
        REFUSED = "refused"

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="links")
    organisation = models.CharField(max_length=20)
    address = models.CharField(max_length=2000)
    name = models.CharField(max_length=300, blank=True)
    title = models.CharField(max_length=300, blank=True)
    licence = models.CharField(max_length=100, blank=True)
    etag = models.CharField(max_length=200, blank=True)
    last_modified = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEW)
    status = models.PositiveSmallIntegerField(null=True)
    reason = models.CharField(max_length=400, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    checked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("source", "address"), name="datasets_link_once")]


class Delivery(models.Model):
    """One file as received; the bytes lie beside the database at `path`, below the data folder."""

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        REVIEW = "review"
        READY = "ready"
        UNCHANGED = "unchanged"
        REFUSED = "refused"

    organisation = models.CharField(max_length=20, db_index=True)
    source = models.ForeignKey(Source, null=True, on_delete=models.SET_NULL, related_name="deliveries")
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    path = models.CharField(max_length=600)
    origin = models.CharField(max_length=2000, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING, db_index=True)
    refusal_code = models.CharField(max_length=60, blank=True)
    refusal_ja = models.CharField(max_length=600, blank=True)
    refusal_en = models.CharField(max_length=600, blank=True)
    job = models.BigIntegerField(null=True)
    # How often it has been standardised; a new round is a new job.
    round = models.PositiveIntegerField(default=1)
    received_at = models.DateTimeField(db_index=True)
    received_by = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("organisation", "sha256"), name="datasets_delivery_once")
        ]


class Part(models.Model):
    """One table inside a delivery: what the engine made of it, and what a person must still decide."""

    class State(models.TextChoices):
        REVIEW = "review"
        READY = "ready"
        UNCHANGED = "unchanged"
        # A rival copy was chosen instead.
        ASIDE = "aside"
        REFUSED = "refused"

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="parts")
    position = models.PositiveSmallIntegerField()
    organisation = models.CharField(max_length=20, db_index=True)
    dataset = models.CharField(max_length=60, blank=True)
    municipality = models.CharField(max_length=6, blank=True)
    label = models.CharField(max_length=300, blank=True)
    layout = models.CharField(max_length=64, blank=True)
    header = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State.choices, db_index=True)
    # The questions to a person, as rules.doubts words them; emptied by deciding and standardising again.
    doubts = models.JSONField(default=list)
    # Goes up with every decision, so that a page seen earlier cannot overwrite a later decision.
    revision = models.PositiveIntegerField(default=1)
    # kind of doubt -> the case that was opened for it
    cases = models.JSONField(default=dict)
    report = models.CharField(max_length=600, blank=True)
    rows = models.PositiveIntegerField(default=0)
    refusal_code = models.CharField(max_length=60, blank=True)
    refusal_ja = models.CharField(max_length=600, blank=True)
    refusal_en = models.CharField(max_length=600, blank=True)
    standardised_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("delivery", "position"), name="datasets_part_once")]
