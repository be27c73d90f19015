"""The chain's table, which only grows, and its head."""

from django.db import models


class EvidenceRefused(RuntimeError):
    """Code tried to change or delete what is written: a bug."""


class AppendOnly(models.QuerySet):
    """A queryset that reads and adds, nothing else; the database's own triggers refuse the rest as well."""

    def _refuse(self, *args: object, **kwargs: object) -> None:
        raise EvidenceRefused("evidence is append-only")

    update = delete = bulk_update = update_or_create = _refuse


class Entry(models.Model):
    """One link; `grounds` is canonical JSON kept as text, because the hash is over that very text."""

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    action = models.CharField(max_length=100)
    actor = models.CharField(max_length=100)
    actor_organisation = models.CharField(max_length=40, blank=True)
    organisation = models.CharField(max_length=40, blank=True)
    subject = models.CharField(max_length=300)
    grounds = models.TextField(default="{}")
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    objects = AppendOnly.as_manager()

    class Meta:
        ordering = ("number",)
        indexes = (
            models.Index(fields=("organisation", "number"), name="evidence_organisation"),
            models.Index(fields=("subject", "number"), name="evidence_subject"),
            models.Index(fields=("action", "number"), name="evidence_action"),
        )

    def save(self, *args: object, **kwargs: object) -> None:
        """Add a link; raises EvidenceRefused for one that is already written."""
        if not self._state.adding:
            raise EvidenceRefused("evidence is append-only")
        super().save(*args, force_insert=True)

    def delete(self, *args: object, **kwargs: object) -> None:
        """Raise EvidenceRefused."""
        raise EvidenceRefused("evidence is append-only")


class Head(models.Model):
    """The chain's last link, in the one row that writers lock."""

    number = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)
