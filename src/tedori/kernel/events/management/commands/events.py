"""`tedori events status|retry|drop`: how far the consumers are, and what to do with dead letters."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from tedori.kernel.events import actions, queries
from tedori.kernel.organisations.values import system_actor

OPERATOR = system_actor("operator")


class Command(BaseCommand):
    """Look at the delivery of events and mend it."""

    help = "Show how far consumers are; retry or drop dead letters."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """status, retry [--letter ID | --consumer NAME], drop ID."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("status", help="consumers and dead letters")
        again = verbs.add_parser("retry", help="give dead letters fresh attempts; all unless narrowed down")
        again.add_argument("--letter", type=int)
        again.add_argument("--consumer")
        gone = verbs.add_parser("drop", help="throw one dead letter away for good")
        gone.add_argument("letter", type=int)

    def handle(self, *args: object, verb: str, **options: object) -> None:
        """Run one of the three."""
        {"status": self._status, "retry": self._retry, "drop": self._drop}[verb](options)

    def _status(self, options: dict) -> None:
        for one in queries.consumer_states():
            self.stdout.write(f"{one.name}: behind {one.behind}, waiting {one.waiting}, dead {one.dead}")
        for letter in queries.letters(state="dead"):
            event = letter.event
            self.stdout.write(
                f"[{letter.id}] {letter.consumer} {event.topic} {event.key} "
                f"attempts={letter.attempts} {letter.reason}"
            )

    def _retry(self, options: dict) -> None:
        count = actions.retry(
            by=OPERATOR, at=timezone.now(), letter_id=options["letter"], consumer=options["consumer"]
        )
        self.stdout.write(_("{count} 件の配達をやり直します。").format(count=count))

    def _drop(self, options: dict) -> None:
        if not actions.drop(options["letter"], by=OPERATOR, at=timezone.now()):
            raise CommandError(_("その番号の配達不能イベントはありません。"))
