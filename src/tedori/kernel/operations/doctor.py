"""Runs every check that the apps of the house declare."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db import DatabaseError
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from tedori.kernel.operations.rules import Finding


def examine() -> Iterator[Finding]:
    """What every check finds, app by app, the house's own checks in the order of its declaration."""
    for config in apps.get_app_configs():
        for name in getattr(config, "checks", ()):
            yield from _findings(name)


def _findings(name: str) -> Iterator[Finding]:
    """What one check finds; a database that fails in it is itself a finding."""
    try:
        yield from import_string(name)()
    except DatabaseError as error:
        yield Finding(
            "check-impossible",
            "error",
            _("{check} を調べられません：{error}").format(check=name.rsplit(".", 1)[-1], error=error),
            _("データベースが答えないか、形が合っていません。"),
            _("先に database の項目を直してください。"),
        )
