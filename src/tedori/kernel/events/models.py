"""The tables of the outbox, the consumers' offsets and the letters that could not be delivered."""

from django.db import models


class OutboxEvent(models.Model):
    """A fact, written in the transaction of the change that it tells about.

    `position` is given after the commit, by one sequencer at a time; consumers count positions, never ids,
    because ids become visible out of order when transactions overlap (docs/adr/0004).
    """

    topic = models.CharField(max_length=100)
    version = models.PositiveSmallIntegerField(default=1)
    key = models.CharField(max_length=200)
    organisation = models.CharField(max_length=40, blank=True)
    payload = models.JSONField()
    at = models.DateTimeField()
    position = models.BigIntegerField(null=True, unique=True)

    class Meta:
        """Finding what has no position yet must not scan the history."""

        indexes = [
            models.Index(fields=["id"], condition=models.Q(position=None), name="events_unsequenced"),
            models.Index(fields=["topic", "position"], name="events_topic_position"),
        ]


class Sequence(models.Model):
    """The last position given; its single row is the sequencers' lock."""

    last = models.BigIntegerField(default=0)


class Offset(models.Model):
    """How far one consumer has come; its row is the lock that lets one worker at a time deliver to it."""

    consumer = models.CharField(max_length=100, unique=True)
    position = models.BigIntegerField(default=0)
    # How many more rounds take one event only, after a crash.
    careful = models.PositiveSmallIntegerField(default=0)


class Begun(models.Model):
    """A round of delivery that began with this event and has not ended: what a crash leaves behind."""

    consumer = models.CharField(max_length=100)
    event = models.ForeignKey(OutboxEvent, on_delete=models.CASCADE, related_name="+")
    count = models.PositiveSmallIntegerField(default=0)

    class Meta:
        """One note per consumer and event."""

        constraints = [models.UniqueConstraint(fields=["consumer", "event"], name="events_one_begun")]


class UndeliveredLetter(models.Model):
    """An event that a consumer has not taken yet, with the reason."""

    WAITING, DEAD = "waiting", "dead"

    consumer = models.CharField(max_length=100)
    event = models.ForeignKey(OutboxEvent, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=[(WAITING, WAITING), (DEAD, DEAD)], default=WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    reason = models.TextField(blank=True)
    next_at = models.DateTimeField()

    class Meta:
        """One letter per consumer and event."""

        constraints = [models.UniqueConstraint(fields=["consumer", "event"], name="events_one_letter")]
        indexes = [models.Index(fields=["consumer", "state", "next_at"], name="events_letters_due")]
