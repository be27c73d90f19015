"""Links to other systems: city OSes, MQTT brokers, addresses that are polled; and how each of them fares."""

from __future__ import annotations

from django.db import models


class Link(models.Model):
    """One link of an organisation; `types` is a JSON list of IRIs as they are called here.

    `secret` (what the partner wants to see) and `hook` (what the partner shows us) are encrypted. `position`
    is how far the log of changes has been handed on, -1 before the first time; `caught_up` the partner's time
    up to which everything has been taken in. Times are texts as in all tables of this room.
    """

    class Protocol(models.TextChoices):
        NGSI_LD = "ngsi-ld"
        NGSIV2 = "ngsiv2"
        MQTT = "mqtt"
        CSV = "csv"
        JSON = "json"

    class Direction(models.TextChoices):
        IN = "in"
        OUT = "out"
        BOTH = "both"

    tenant = models.ForeignKey(
        "Tenant", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    owner = models.CharField(max_length=40)
    name = models.CharField(max_length=100)
    address = models.TextField()
    protocol = models.CharField(max_length=10, choices=Protocol.choices)
    direction = models.CharField(max_length=5, choices=Direction.choices)
    types = models.TextField()
    service = models.CharField(max_length=100, blank=True)
    path = models.CharField(max_length=600, blank=True)
    every = models.IntegerField(default=60)
    mapping = models.TextField(blank=True)
    header = models.CharField(max_length=100, blank=True)
    secret = models.TextField(blank=True)
    hook = models.TextField(blank=True)
    active = models.BooleanField(default=True)
    created_by = models.CharField(max_length=60)
    created_at = models.TextField()
    version = models.IntegerField(default=1)
    position = models.BigIntegerField(default=-1)
    caught_up = models.TextField(blank=True)
    mark = models.TextField(blank=True)
    subscription = models.TextField(blank=True)
    last_ok = models.TextField(blank=True)
    last_failure = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    failures = models.IntegerField(default=0)
    received = models.BigIntegerField(default=0)
    sent = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("owner", "name"), name="live_link_once")]
