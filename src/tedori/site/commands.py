"""The commands that need the whole house: Django's own and those of kernel and services."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from django.core.management import ManagementUtility

from tedori.kernel.errors import UserError


def run(arguments: Sequence[str]) -> int:
    """Run one command; an error that is the caller's to mend is told without a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tedori.site.settings")
    try:
        ManagementUtility(["tedori", *arguments]).execute()
    except UserError as error:
        print(f"tedori: {error}", file=sys.stderr)
        return 1
    return 0
