"""Which hubs a write has come through, kept beside the change, so that what follows does not go round.

A change that came with a Via header is told to subscribers with that header, to which this hub adds its name;
a hub that finds its own name there has known the change before.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Protocol

from tedori.services.live.actions.unit import Key, Unit

LONGEST = 1_000  # letters of a Via header that are kept
VIA: ContextVar[str] = ContextVar("via", default="")
"""The Via header of the request that is being answered."""


class Command(Protocol):
    """What the writer carries out."""

    keys: tuple[Key, ...]

    def apply(self, unit: Unit) -> Any:
        """Do it."""


@dataclass(frozen=True, slots=True)
class Passed:
    """A command whose changes have come through other hubs."""

    command: Command
    via: str

    @property
    def keys(self) -> tuple[Key, ...]:
        """Those of the command."""
        return self.command.keys

    def apply(self, unit: Unit) -> Any:
        """Do it, the changes marked."""
        unit.via = self.via
        try:
            return self.command.apply(unit)
        finally:
            unit.via = ""


def marked(command: Command) -> Command:
    """The command with the Via header of the request that it comes from, if there is one."""
    via = VIA.get()
    return Passed(command, via[:LONGEST]) if via else command
