"""Writes a new service from the patterns beside this file, and removes a service without a trace."""

from __future__ import annotations

import re
import shutil
import subprocess
from importlib import import_module
from keyword import iskeyword
from pathlib import Path
from string import Template

from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tedori.kernel.errors import UserError, Words
from tedori.kernel.operations.dropping import clear_away
from tedori.kernel.organisations.values import system_actor
from tedori.site.processes import tedori

PATTERNS = Path(__file__).parent / "service"
ROOMS_OF_A_SERVICE = {"tests", "migrations", "locale", "templates", "static", "management"}


class BadName(UserError):
    """A service's name must be usable as a package, a label and an address."""

    code = "bad-service-name"
    words = Words(
        _("サービス名「{name}」は使えません。"),
        _(
            "英小文字で始まる3〜30字（英小文字・数字・_）で、"
            "tests などの部屋の名前ではないものにしてください。"
        ),
    )


class NameTaken(UserError):
    """There is a service, or another package, of that name."""

    code = "service-name-taken"
    words = Words(_("サービス「{name}」はすでにあります。"), _("別の名前を選んでください。"))


class NoSuchService(UserError):
    """There is no service of that name."""

    code = "no-such-service"
    words = Words(
        _("サービス「{name}」はありません。"), _("src/tedori/services にある名前を指定してください。")
    )


def services_folder() -> Path:
    """Where the services live."""
    return Path(import_module("tedori.services").__path__[0])


def folder_of(name: str) -> Path:
    """The folder of an existing service."""
    folder = services_folder() / name
    if not name.isidentifier() or not (folder / "apps.py").exists():
        raise NoSuchService(name=name)
    return folder


def create(name: str, *, label: str, label_en: str) -> Path:
    """Write the folder of a new service, with its first migration.

    Raises BadName or NameTaken; a folder half written because of an error is removed again.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]{2,29}", name) or name in ROOMS_OF_A_SERVICE or iskeyword(name):
        raise BadName(name=name)
    folder = services_folder() / name
    if folder.exists() or name in {config.label for config in apps.get_app_configs()}:
        raise NameTaken(name=name)
    words = {"name": name, "Name": name.title().replace("_", ""), "label": label, "label_en": label_en}
    try:
        for pattern in sorted(PATTERNS.rglob("*.tmpl")):
            _write(pattern, folder, words)
        subprocess.run(tedori("makemigrations", name, "-v", "0"), check=True)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder


def _write(pattern: Path, folder: Path, words: dict[str, str]) -> None:
    """Fill one pattern; NAME in its path stands for the service's name."""
    relative = pattern.relative_to(PATTERNS).with_suffix("").as_posix().replace("NAME", words["name"])
    place = folder / relative
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(Template(pattern.read_text()).substitute(words))


def remove(name: str) -> None:
    """Take back the service's migrations, forget what it has in the kernel's tables, delete its folder."""
    folder = folder_of(name)
    call_command("migrate", interactive=False, verbosity=0)  # the kernel's tables must be there to look at
    clear_away(f"tedori.services.{name}", by=system_actor("drop"), at=timezone.now())
    call_command("migrate", name, "zero", interactive=False, verbosity=0)
    Permission.objects.filter(content_type__app_label=name).delete()
    ContentType.objects.filter(app_label=name).delete()
    shutil.rmtree(folder)
