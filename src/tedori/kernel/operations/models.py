"""The table of workers that show signs of life."""

from django.db import models


class WorkerBeat(models.Model):
    """A worker's last sign of life; gone when it ended in good order."""

    name = models.CharField(max_length=200, unique=True)
    pid = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
