"""Pure decisions and errors of the datasets service."""

from tedori.services.datasets.rules.kinds import CASE_KINDS

__all__ = ["CASE_KINDS"]
