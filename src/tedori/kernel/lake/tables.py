"""Tables in the lake that anybody may read, by name: apps offer theirs, so that others can use them.

An app's config names functions in `lake_tables` (dotted paths); each gives the stored paths of its tables by
name. A name that two of them give is a programming error.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.apps import apps
from django.utils.module_loading import import_string

Tables = Mapping[str, tuple[str, ...]]


def public_tables() -> Tables:
    """The stored paths of every table that is public now, by its name."""
    found: dict[str, tuple[str, ...]] = {}
    for app in apps.get_app_configs():
        for offered in getattr(app, "lake_tables", ()):
            tables: Tables = import_string(offered)()
            if twice := found.keys() & tables.keys():
                raise ValueError(f"tables of the lake are offered twice: {', '.join(sorted(twice))}")
            found |= tables
    return found
