"""Convert between the header generations without loss, and compare two versions of a definition."""

from tedori.engines.tabular.editions.conversion import convert, restore
from tedori.engines.tabular.editions.difference import Change, diff

__all__ = ["Change", "convert", "diff", "restore"]
