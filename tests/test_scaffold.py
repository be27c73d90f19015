"""`tedori new` gives a working service with green tests; `tedori drop` removes it without a trace."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from tests.house import REPOSITORY

pytestmark = [pytest.mark.whole, pytest.mark.timeout(300)]


@pytest.fixture
def house(tmp_path):
    """A copy of the house in which services may come and go."""
    shutil.copytree(REPOSITORY / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(REPOSITORY / "tests", tmp_path / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("conftest.py", "pyproject.toml", "CHANGELOG.md"):
        shutil.copy(REPOSITORY / name, tmp_path / name)
    return tmp_path


def run(house, *arguments, check=True):
    environment = os.environ | {"PYTHONPATH": str(house / "src"), "TEDORI_HOME": str(house / "var")}
    environment["DJANGO_SETTINGS_MODULE"] = "tedori.site.settings"
    done = subprocess.run(
        [sys.executable, *arguments], cwd=house, env=environment, capture_output=True, text=True, check=False
    )
    assert not check or done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return done


def tedori(house, *arguments, check=True):
    return run(house, "-m", "tedori.site.cli", *arguments, check=check)


def files(house):
    return sorted(
        path for path in (house / "src").rglob("*") if path.is_file() and path.suffix not in {".pyc", ".mo"}
    )


def tables(house):
    return run(
        house,
        "-c",
        "import django; django.setup(); from django.db import connection as c;"
        "print(sorted(c.introspection.table_names()))",
    ).stdout


def test_a_new_service_has_green_tests_and_goes_without_a_trace(house):
    tedori(house, "migrate", "-v", "0")
    files_before, tables_before = files(house), tables(house)
    tedori(house, "new", "letters", "--label", "手紙", "--label-en", "Letters")
    laws = [f"tests/test_{law}.py" for law in ("rooms", "imports", "texts", "routes", "requirements")]
    done = run(house, "-m", "pytest", "-q", "src/tedori/services/letters", *laws)
    assert "passed" in done.stdout
    tedori(house, "migrate", "-v", "0")
    assert "letters_note" in tables(house)
    tedori(house, "drop", "letters", "--yes")
    assert files(house) == files_before
    assert tables(house) == tables_before


@pytest.mark.parametrize(
    "name", ["Water", "9lives", "ab", "drop table", "../evil", "tests", "class", "cases"]
)
def test_a_name_that_cannot_be_used_is_refused_and_nothing_is_written(house, name):
    before = files(house)
    done = tedori(house, "new", name, check=False)
    assert done.returncode == 1
    assert "サービス" in done.stderr
    assert files(house) == before


def test_a_service_that_is_not_there_cannot_be_dropped(house):
    done = tedori(house, "drop", "nothing", "--yes", check=False)
    assert done.returncode == 1
    assert "nothing" in done.stderr
