"""Tenants, entities, the rows by which they are found, their history and the log of changes.

Times are texts `YYYY-MM-DDTHH:MM:SS.ffffffZ`, which sort alike in both databases. The hot code speaks SQL to
these tables; the names of columns are binding (see README.md).
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q


def _belongs(to: str) -> models.ForeignKey:
    """A pointer that the writer itself keeps whole, so that the database need not check every row."""
    return models.ForeignKey(
        to, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )


class Tenant(models.Model):
    """A world of entities of its own; the one without a name is the default."""

    name = models.CharField(max_length=200, unique=True)
    created_at = models.TextField()


class Entity(models.Model):
    """The present state of one entity: `doc` is what `engines.ngsild.storing` dumps.

    `from_history`: it is known from its evolution alone, and goes with it. `due_at`: when the first thing of
    it expires, NULL for never.
    """

    tenant = _belongs("Tenant")
    urn = models.TextField()
    owner = models.CharField(max_length=40)
    scopes = models.TextField(default="")
    doc = models.JSONField()
    created_at = models.TextField()
    modified_at = models.TextField()
    version = models.IntegerField(default=1)
    from_history = models.BooleanField(db_default=False)
    due_at = models.TextField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("tenant", "urn"), name="live_entity_once")]
        indexes = [
            models.Index(fields=("due_at",), condition=Q(due_at__isnull=False), name="live_entity_due"),
            models.Index(fields=("tenant", "id"), name="live_entity_walk"),
        ]


class EntityType(models.Model):
    """One type of one entity."""

    entity = _belongs("Entity")
    tenant = _belongs("Tenant")
    name = models.TextField()

    class Meta:
        indexes = [
            models.Index(fields=("tenant", "name", "entity"), name="live_type_found"),
            models.Index(fields=("entity",), name="live_type_of"),
        ]


class Scope(models.Model):
    """One scope of one entity."""

    entity = _belongs("Entity")
    tenant = _belongs("Tenant")
    path = models.TextField()

    class Meta:
        indexes = [
            models.Index(fields=("tenant", "path", "entity"), name="live_scope_found"),
            models.Index(fields=("entity",), name="live_scope_of"),
        ]


class Value(models.Model):
    """One scalar of one instance of one attribute.

    `kind`: n number, s string, b boolean (`text` true or false), t string that is a date and time (also in
    `instant`, in UTC), u URI of a Relationship, v IRI of a VocabProperty, l text in the language `lang`,
    o anything else (existence only). Arrays give a row per element.
    """

    entity = _belongs("Entity")
    tenant = _belongs("Tenant")
    name = models.TextField()
    dataset = models.TextField(null=True)
    kind = models.CharField(max_length=1)
    number = models.FloatField(null=True)
    text = models.TextField(null=True)
    instant = models.TextField(null=True)
    lang = models.CharField(max_length=100, null=True)
    observed_at = models.TextField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=("entity",), name="live_value_of"),
            models.Index(fields=("tenant", "name", "entity"), name="live_value_named"),
            models.Index(
                fields=("tenant", "name", "number"),
                condition=Q(number__isnull=False),
                name="live_value_number",
            ),
            models.Index(
                fields=("tenant", "name", "instant"),
                condition=Q(instant__isnull=False),
                name="live_value_instant",
            ),
        ]


class Place(models.Model):
    """One geometry of one GeoProperty, with the box around it in degrees."""

    entity = _belongs("Entity")
    tenant = _belongs("Tenant")
    name = models.TextField()
    dataset = models.TextField(null=True)
    geometry = models.TextField()
    minx = models.FloatField()
    miny = models.FloatField()
    maxx = models.FloatField()
    maxy = models.FloatField()

    class Meta:
        indexes = [models.Index(fields=("entity",), name="live_place_of")]


class History(models.Model):
    """One instance of an attribute as it was from one moment on; `deleted` marks its end.

    `value` is the JSON of the value alone, `subs` the JSON of what else the stored instance holds.
    """

    instance = models.TextField()
    tenant = _belongs("Tenant")
    urn = models.TextField()
    owner = models.CharField(max_length=40)
    types = models.TextField()
    name = models.TextField()
    dataset = models.TextField(null=True)
    kind = models.TextField()
    value = models.TextField(null=True)
    number = models.FloatField(null=True)
    text = models.TextField(null=True)
    observed_at = models.TextField(null=True)
    created_at = models.TextField()
    modified_at = models.TextField()
    deleted = models.BooleanField(default=False)
    subs = models.TextField(null=True)

    class Meta:
        indexes = [models.Index(fields=("tenant", "urn", "name", "observed_at"), name="live_history_of")]


class Change(models.Model):
    """One change of one entity, in the order of commits; readers keep their own position in `seq`.

    `operation` is created, updated or deleted; `changed` is JSON {IRI: created|updated|deleted}; `types`,
    `doc` (after) and `before` are JSON, `doc` NULL after a deletion and `before` NULL after a creation. `via`
    names the hubs that it has come through (see actions/passing.py).
    """

    seq = models.BigAutoField(primary_key=True)
    tenant = _belongs("Tenant")
    urn = models.TextField()
    owner = models.CharField(max_length=40)
    types = models.TextField()
    operation = models.CharField(max_length=10)
    changed = models.TextField()
    doc = models.TextField(null=True)
    before = models.TextField(null=True)
    by = models.CharField(max_length=60)
    at = models.TextField()
    via = models.TextField(blank=True, db_default="")
