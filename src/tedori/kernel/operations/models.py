"""The tables of workers that show signs of life, and of the chores they do."""

from django.db import models


class WorkerBeat(models.Model):
    """A worker's last sign of life; gone when it ended in good order."""

    name = models.CharField(max_length=200, unique=True)
    pid = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()


class Chore(models.Model):
    """When a daily chore was last begun, and what came of it."""

    name = models.CharField(max_length=200, unique=True)
    begun_at = models.DateTimeField()
    removed = models.BigIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)
