"""The anatomy of a service: always the same names, and a room label at the door."""

from __future__ import annotations

import re

import pytest

from tests.house import SERVICES, services

FILES = {"__init__.py", "README.md", "py.typed"}
ROOMS = {
    "apps", "models", "rules", "queries", "actions", "pages", "api", "feeds", "urls", "forms", "admin",
    "demo", "templates", "static", "locale", "migrations", "management", "tests",
}  # fmt: skip


def model_files(service):
    folder = SERVICES / service
    return [path for path in [folder / "models.py", *folder.glob("models/*.py")] if path.exists()]


@pytest.mark.parametrize("service", services())
def test_a_service_has_only_rooms_that_everyone_knows(service):
    found = {path.name for path in (SERVICES / service).iterdir() if path.name != "__pycache__"}
    unknown = {name for name in found - FILES if name.removesuffix(".py") not in ROOMS}
    assert not unknown


@pytest.mark.parametrize("service", services())
def test_a_service_says_at_the_door_who_uses_it_and_what_belongs_here(service):
    label = (SERVICES / service / "README.md").read_text()
    for heading in ("Who uses it", "Carries", "Belongs here", "Does not belong here"):
        assert re.search(rf"\*\*{heading}:\*\*", label), f"README.md of {service} lacks **{heading}:**"


@pytest.mark.parametrize("service", services())
def test_tables_hold_no_decisions(service):
    folder = SERVICES / service
    texts = [
        path.read_text() for path in [folder / "models.py", *folder.glob("models/*.py")] if path.exists()
    ]
    for text in texts:
        assert "def save(" not in text
        assert "receiver(" not in text


@pytest.mark.parametrize("service", services())
def test_no_foreign_key_leaves_for_another_service(service):
    others = set(services()) - {service}
    folder = SERVICES / service
    for path in [folder / "models.py", *folder.glob("models/*.py")]:
        if path.exists():
            targets = re.findall(
                r'(?:ForeignKey|OneToOneField|ManyToManyField)\(\s*"(\w+)\.', path.read_text()
            )
            assert not others & set(targets)
