"""Law 2: deleting any one service leaves every remaining page and test green, and its name nowhere else."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys

import pytest

from tests.house import REPOSITORY, SERVICES, services, tracked_texts

PAPERS = {"README.md", "README.ja.md", "CONTRIBUTING.md", "GLOSSARY.md", "CHANGELOG.md", "publiccode.yml"}
KEPT = PAPERS | {"src", "tests", "docs", "requirements", "conftest.py", "pyproject.toml", "Makefile"}
KEPT |= {"LICENSE"}
MAY_NAME = PAPERS | {"docs"}
CHECKED = ("src/tedori/kernel", "src/tedori/services", "src/tedori/site", "tests")


@pytest.mark.parametrize("service", services())
def test_the_name_of_a_service_occurs_nowhere_outside_its_folder(service):
    named = re.compile(
        rf"services[./]{service}\b|[\"'{{ ]{service}[:.][a-z_]+[\"' }}]|app_label=[\"']{service}[\"']"
    )
    traces = []
    for path, text in tracked_texts():
        relative = path.relative_to(REPOSITORY)
        ours = path.is_relative_to(SERVICES / service) or relative.parts[:2] == ("bench", service)
        if not ours and relative.parts[0] not in MAY_NAME and named.search(text):
            traces.append(f"{relative}: {named.search(text).group()}")
    assert not traces


@pytest.mark.whole
@pytest.mark.timeout(600)
@pytest.mark.parametrize("service", services())
def test_without_a_service_everything_else_stays_green(service, tmp_path):
    house = tmp_path / "house"
    for name in KEPT:
        place = REPOSITORY / name
        if place.is_dir():
            shutil.copytree(place, house / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif place.exists():
            house.mkdir(exist_ok=True)
            shutil.copy(place, house / name)
    shutil.rmtree(house / "src/tedori/services" / service)
    environment = os.environ | {
        "PYTHONPATH": str(house / "src"),
        "TEDORI_HOME": str(tmp_path / "var"),
        "TEDORI_REAL_DATA": str(tmp_path / "none"),
        # What each database does is tested in the whole house; here one is enough.
        "TEDORI_TEST_POSTGRESQL": "postgresql://nobody@127.0.0.1:1/none",
    }
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-m", "not browser and not whole", *CHECKED],
        cwd=house, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
