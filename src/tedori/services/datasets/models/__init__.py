"""The tables of the datasets service; organisations are referred to by their code."""

from tedori.services.datasets.models.decided import Decision, Layout
from tedori.services.datasets.models.public import Request, Reuse, Target, UsageDay
from tedori.services.datasets.models.received import Delivery, Link, Part, Source
from tedori.services.datasets.models.versions import Card, Version

__all__ = [
    "Card",
    "Decision",
    "Delivery",
    "Layout",
    "Link",
    "Part",
    "Request",
    "Reuse",
    "Source",
    "Target",
    "UsageDay",
    "Version",
]
