"""Law 8: the shape stays light. Complexity is the linter's business; lengths are measured here."""

from __future__ import annotations

import ast
import statistics

from tests.house import SOURCE, python_files, tree

FILE_MAX, FILE_P95, FUNCTION_P95 = 500, 300, 40


def p95(numbers: list[int]) -> float:
    return statistics.quantiles(numbers, n=20)[-1]


def file_lengths() -> dict[str, int]:
    lengths = {str(path.relative_to(SOURCE)): len(path.read_text().splitlines()) for path in python_files()}
    return {name: length for name, length in lengths.items() if length}


def function_lengths() -> list[int]:
    return [
        node.end_lineno - node.lineno + 1
        for path in python_files()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def test_no_file_is_longer_than_one_can_keep_in_mind():
    assert {name: length for name, length in file_lengths().items() if length > FILE_MAX} == {}
    assert p95(list(file_lengths().values())) <= FILE_P95


def test_functions_read_like_sentences_not_like_chapters():
    assert p95(function_lengths()) <= FUNCTION_P95


def test_nothing_is_global_and_changing():
    wrong = [
        str(path) for path in python_files() for node in ast.walk(tree(path)) if isinstance(node, ast.Global)
    ]
    assert not wrong


def test_there_are_no_drawers_for_everything():
    drawers = {"utils.py", "helpers.py", "misc.py", "common.py", "manager.py", "tools.py"}
    assert not [path for path in python_files(tests=True) if path.name in drawers]
