"""The only readers: rows in, frozen values out."""

from tedori.services.datasets.queries.public import request, requests, reuses, targets, usage
from tedori.services.datasets.queries.versions import (
    card,
    cards,
    changes,
    matrix,
    missing,
    published,
    version,
    version_history,
    waiting_versions,
)

__all__ = [
    "card",
    "cards",
    "changes",
    "matrix",
    "missing",
    "published",
    "request",
    "requests",
    "reuses",
    "targets",
    "usage",
    "version",
    "version_history",
    "waiting_versions",
]
