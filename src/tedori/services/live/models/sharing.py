"""Hosted @contexts, who may read which type, and how much each caller read and wrote."""

from __future__ import annotations

from django.db import models


class Context(models.Model):
    """An @context that this hub hosts, keeps a copy of, or made itself for a request."""

    class Kind(models.TextChoices):
        HOSTED = "Hosted"
        CACHED = "Cached"
        IMPLICIT = "ImplicitlyCreated"

    tenant = models.ForeignKey(
        "Tenant", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    name = models.TextField()
    url = models.TextField(blank=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    body = models.TextField()
    owner = models.CharField(max_length=40, blank=True)
    created_at = models.TextField()
    used_at = models.TextField(null=True)
    uses = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("tenant", "name"), name="live_context_once")]


class Publication(models.Model):
    """Who may read the entities of a type: those of one owner, or of every owner where `owner` is empty.

    What no row names is internal. An owner's own row goes before the general one. Readings older than
    `fresh_minutes` are shown as old; entities of a `relayed` type are told to other services as events.
    """

    class Level(models.TextChoices):
        PUBLIC = "public"
        MEMBERS = "members"
        INTERNAL = "internal"

    tenant = models.ForeignKey(
        "Tenant", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    name = models.TextField()
    owner = models.CharField(max_length=40, blank=True)
    level = models.CharField(max_length=10, choices=Level.choices)
    fresh_minutes = models.IntegerField(null=True)
    relayed = models.BooleanField(db_default=False)
    reason = models.TextField(blank=True, db_default="")
    set_by = models.CharField(max_length=150)
    set_at = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("tenant", "name", "owner"), name="live_publication_once")
        ]


class Use(models.Model):
    """How often one caller read or wrote entities of one type on one day."""

    day = models.DateField()
    tenant = models.ForeignKey(
        "Tenant", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    actor = models.CharField(max_length=60)
    organisation = models.CharField(max_length=40, blank=True)
    verb = models.CharField(max_length=10)
    name = models.TextField(blank=True)
    count = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("day", "tenant", "actor", "organisation", "verb", "name"), name="live_use_once"
            )
        ]
