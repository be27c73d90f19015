"""The back office: administrators look at the tables, and change nothing behind the actions' backs."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from tedori.services.datasets import models


class LookOnly(admin.ModelAdmin):
    """Rows to look at; every change goes through an action, which leaves evidence."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Never."""
        return False


for name in models.__all__:
    admin.site.register(getattr(models, name), LookOnly)
