"""Law 7: every requirement id that a service claims is carried by a test, and every mark is a real id."""

from __future__ import annotations

import ast
import re

import pytest

from tests.house import REPOSITORY, SERVICES, SOURCE, services, tree

ID = re.compile(r"\b[A-Z]{1,2}\d{2}\b")


def marks() -> dict[str, list[str]]:
    """Requirement id → the tests that carry it."""
    found: dict[str, list[str]] = {}
    files = [*SOURCE.rglob("tests/**/test_*.py"), *(REPOSITORY / "tests").rglob("test_*.py")]
    for path in sorted(files):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.req":
                for argument in node.args:
                    found.setdefault(ast.literal_eval(argument), []).append(path.name)
    return found


def claimed(service: str) -> set[str]:
    """The ids after **Carries:** in a service's room label."""
    label = (SERVICES / service / "README.md").read_text()
    return set(ID.findall(label.split("**Carries:**")[1].split("**")[0]))


@pytest.mark.parametrize("service", services())
def test_what_a_service_claims_a_test_carries(service):
    assert claimed(service) - set(marks()) == set()


def test_every_mark_names_a_requirement_that_exists(shared):
    known = set(re.findall(r"^\| ([A-Z]{1,2}\d{2}) \|", (shared / "REQUIREMENTS.md").read_text(), re.M))
    assert set(marks()) - known == set()
