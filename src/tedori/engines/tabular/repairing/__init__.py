"""Repairs with proof only: each one is listed with its rule and can be undone exactly."""

from tedori.engines.tabular.repairing.gazetteer import Gazetteer, Town
from tedori.engines.tabular.repairing.stage import repair
from tedori.engines.tabular.repairing.undo import undo

__all__ = ["Gazetteer", "Town", "repair", "undo"]
