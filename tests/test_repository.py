"""Tests of the literal content of the repository."""

from __future__ import annotations

import re

import pytest

from tests.house import REPOSITORY, SOURCE, tracked_texts


@pytest.mark.parametrize(
    "name",
    [
        "README.md", "README.ja.md", "LICENSE", "CONTRIBUTING.md", "GLOSSARY.md", "CHANGELOG.md",
        "publiccode.yml", "Makefile", "docs/adr", "docs/settings.md", "docs/requirements.md",
        "docs/figures.md",
    ],
)  # fmt: skip
def test_what_a_newcomer_looks_for_is_there(name):
    assert (REPOSITORY / name).exists()


def test_lock_files_pin_hashes_and_name_no_registry():
    for lock in (REPOSITORY / "requirements").glob("*.txt"):
        text = lock.read_text()
        assert "--hash=sha256:" in text
        assert "://" not in text
        assert "--index-url" not in text


def test_every_setting_is_documented():
    documented = (REPOSITORY / "docs/settings.md").read_text()
    used = set()
    for path in SOURCE.rglob("*.py"):
        used |= set(re.findall(r'["\'](TEDORI_[A-Z_]+)["\']', path.read_text()))
    assert {name for name in used if f"`{name}`" not in documented} == set()


def test_no_secret_lies_in_the_repository():
    secret = re.compile(r"(-----BEGIN [A-Z ]*PRIVATE KEY-----|tdr_[a-z0-9]{6,}_[A-Za-z0-9_-]{20,})")
    assert [path for path, text in tracked_texts() if secret.search(text)] == []


def test_every_decision_record_is_short_and_whole():
    for path in sorted((REPOSITORY / "docs/adr").glob("[0-9]*.md")):
        text = path.read_text()
        for heading in ("Date", "Status", "Context", "Decision", "Consequences"):
            assert heading in text, f"{path.name} lacks {heading}"
        assert len(text.splitlines()) <= 80, f"{path.name} is longer than a page"


def test_the_readme_speaks_of_commands_that_exist():
    readme = (REPOSITORY / "README.md").read_text()
    targets = set(re.findall(r"^([a-z-]+):", (REPOSITORY / "Makefile").read_text(), re.M))
    assert set(re.findall(r"\bmake ([a-z-]+)", readme)) <= targets
