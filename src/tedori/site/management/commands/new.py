"""`tedori new NAME`: a working service with a page, a rule, a table and green tests."""

from __future__ import annotations

from django.core.management import BaseCommand

from tedori.site import scaffold


class Command(BaseCommand):
    """Write a new service folder."""

    help = "Create a working service: tedori new NAME --label 日本語の名前 --label-en 'English name'"

    def add_arguments(self, parser) -> None:
        """The service's name and its labels."""
        parser.add_argument("name", help="lower-case letters, digits and _, such as water")
        parser.add_argument("--label", default="", help="its name in Japanese")
        parser.add_argument("--label-en", default="", help="its name in English")

    def handle(self, *, name: str, label: str, label_en: str, **_: object) -> None:
        """Write the folder, then say what to do next."""
        folder = scaffold.create(name, label=label or name, label_en=label_en or name.capitalize())
        self.stdout.write(f"Created {folder}.\nNext: tedori migrate, tedori serve, then open /{name}/.")
