"""The house as its laws see it: folders, files and syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).parent.parent
SOURCE = REPOSITORY / "src" / "tedori"
SERVICES = SOURCE / "services"


def services() -> tuple[str, ...]:
    """The names of all services."""
    return tuple(sorted(folder.parent.name for folder in SERVICES.glob("*/apps.py")))


def python_files(*, tests: bool = False) -> Iterator[Path]:
    """Our Python files; migrations never count, tests only when asked for."""
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE).parts
        if "migrations" not in parts and (tests or "tests" not in parts):
            yield path


def tree(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(), filename=str(path))


def tracked_texts() -> Iterator[tuple[Path, str]]:
    """Every text file of the repository except lock files, with its text."""
    skipped = {".git", ".venv", "var", "__pycache__", ".ruff_cache", ".hypothesis", ".peers"}
    skipped |= {".import_linter_cache"}
    for path in sorted(REPOSITORY.rglob("*")):
        if path.is_file() and not skipped & set(path.relative_to(REPOSITORY).parts) and path.suffix != ".mo":
            try:
                yield path, path.read_text()
            except UnicodeDecodeError:
                continue
