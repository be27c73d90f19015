"""What can be wrong with a rule or with a household, in words for the person who can mend it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: a code for programs, the place, and what to do, in Japanese and English."""

    code: str
    where: str
    ja: str
    en: str


class RuleFault(ValueError):
    """A rule that does not load: nothing of it is used."""

    def __init__(self, code: str, where: str, ja: str, en: str) -> None:
        """The fault's parts, as in Fault."""
        self.fault = Fault(code, where, ja, en)
        super().__init__(f"{code} at {where}: {en}")


class HouseholdFault(ValueError):
    """A household that cannot be: the answer says so instead of computing with it."""

    def __init__(self, code: str, where: str, ja: str, en: str) -> None:
        """The fault's parts, as in Fault."""
        self.fault = Fault(code, where, ja, en)
        super().__init__(f"{code} at {where}: {en}")
