"""Checks against the definition, the privacy gate, and checks between datasets."""

from tedori.engines.tabular.checking.across import across
from tedori.engines.tabular.checking.privacy import masked, privacy, stopped
from tedori.engines.tabular.checking.stage import check

__all__ = ["across", "check", "masked", "privacy", "stopped"]
