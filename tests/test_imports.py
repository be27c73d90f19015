"""Law 1: imports point one way through the house, and through each service."""

from __future__ import annotations

import ast

import pytest
from importlinter.cli import lint_imports

from tests.house import REPOSITORY, SERVICES, python_files, services, tree

RANKS = {
    "pages": 3, "api": 3, "feeds": 3, "admin": 3, "urls": 4, "apps": 4, "demo": 4, "management": 4,
    "forms": 2, "actions": 2, "queries": 1, "models": 0, "rules": 0,
}  # fmt: skip
PURE = {"rules"}
FREE_FOR_RULES = ("tedori.engines", "tedori.vocabulary", "tedori.kernel")


def imports(path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def test_the_house_keeps_its_import_contracts(monkeypatch):
    monkeypatch.chdir(REPOSITORY)
    assert lint_imports(no_cache=True) == 0


@pytest.mark.parametrize("service", services())
def test_inside_a_service_doors_call_actions_call_queries_call_models(service):
    wrong = []
    for path in python_files():
        if not path.is_relative_to(SERVICES / service):
            continue
        own = path.relative_to(SERVICES / service).parts[0].removesuffix(".py")
        for name in imports(path):
            prefix = f"tedori.services.{service}."
            other = name.removeprefix(prefix).split(".")[0] if name.startswith(prefix) else own
            if RANKS.get(own, 9) < RANKS.get(other, 0):
                wrong.append(f"{path.name} ({own}) imports {name} ({other})")
    assert not wrong


@pytest.mark.parametrize("service", services())
def test_rules_are_pure(service):
    paths = [SERVICES / service / "rules.py", *(SERVICES / service / "rules").glob("**/*.py")]
    forbidden = ("django.db", "django.http", "django.utils.timezone", "random", "time.", "os.", "httpx")
    wrong = [
        f"{path.name} imports {name}"
        for path in paths
        if path.exists()
        for name in imports(path)
        if name.startswith(forbidden) or (name.startswith("tedori.services") and ".rules" not in name)
    ]
    assert not wrong


def test_no_import_of_our_own_hides_inside_a_function():
    wrong = []
    for path in python_files():
        functions = (n for n in ast.walk(tree(path)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))
        for function in functions:
            for node in ast.walk(function):
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tedori"):
                    wrong.append(f"{path.name}:{node.lineno}")
    assert not wrong
