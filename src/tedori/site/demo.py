"""Builds the demo world: every service's part, in one data folder that says that it is a demo."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.utils.translation import gettext_lazy as _

from tedori.kernel.demo import World
from tedori.kernel.discovery import rooms
from tedori.kernel.errors import UserError, Words
from tedori.site.people import DEMO_PASSWORD, DEMO_PEOPLE, register_demo_people, register_organisations

STARTED, FINISHED = "demo-started", "demo-finished"
KEPT = {"secret-key", STARTED}


class NotADemo(UserError):
    """The data folder holds something that is not a demo world; it is never thrown away."""

    code = "not-a-demo"
    words = Words(
        _("{home} にはデモではないデータがあります。"),
        _("別のフォルダーを TEDORI_HOME に指定してください。何も変更していません。"),
    )


def finished(home: Path) -> bool:
    """Whether there is a whole demo world, or an installation with data of its own."""
    return (home / FINISHED).exists() or (_in_use() and not (home / STARTED).exists())


def prepare(home: Path) -> None:
    """Leave an empty, migrated data folder marked as a demo; raises NotADemo rather than delete real data."""
    if _in_use() and not (home / STARTED).exists():
        raise NotADemo(home=home)
    home.mkdir(parents=True, exist_ok=True)
    (home / STARTED).touch()
    connection.close()
    if connection.vendor != "sqlite":
        call_command("migrate", interactive=False, verbosity=0)
        call_command("flush", interactive=False, verbosity=0)
    for path in home.iterdir():
        if path.name not in KEPT:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    call_command("migrate", interactive=False, verbosity=0)


def build(world: World) -> None:
    """Register who there is, let every service build its part, then mark the world as whole."""
    register_organisations(at=world.at)
    register_demo_people(at=world.at)
    for room in rooms("tedori.services", "demo"):
        room.build(world)
    (world.home / FINISHED).write_text(f"{world.seed} {datetime.isoformat(world.at)}\n")


def logins() -> str:
    """The people one may sign in as, a line each."""
    people = "\n".join(f"  {person.username:<10} {person.name}  {person.does}" for person in DEMO_PEOPLE)
    return f"Sign in at /account/login/ with the password {DEMO_PASSWORD} as\n{people}"


def _in_use() -> bool:
    """Whether the database has tables with people in them."""
    tables = connection.introspection.table_names()
    if "organisations_user" not in tables:
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM organisations_user LIMIT 1")
        return cursor.fetchone() is not None
