"""Finds the texts of the house in Python and templates, and Japanese that escaped translation."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation.template import templatize

PACKAGE = Path(__file__).parents[2]
"""The folder of the package `tedori`."""

SINGULAR = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT = {"pgettext", "pgettext_lazy"}
CALL = re.compile(
    r"\b(_|gettext|ngettext|pgettext)\(\s*((?:u?(?:'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")\s*,?\s*)+)"
)
JAPANESE = re.compile(r"[\u3041-\u30ff\u3400-\u9fff\uff01-\uff9f\u3005\u300c\u300d]")
TRANSLATED = re.compile(
    r"{%\s*comment.*?{%\s*endcomment\s*%}|{#.*?#}|{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}"
    r"|{%\s*trans(?:late)?\s.*?%}|<!--.*?-->",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Found:
    """A text as written in Japanese, its plural and context if any, and where it stands."""

    text: str
    plural: str
    context: str
    file: Path
    line: int

    @property
    def key(self) -> tuple[str, str]:
        """What a catalogue finds it by."""
        return (self.context, self.text)


def homes(root: Path = PACKAGE) -> tuple[Path, ...]:
    """The folders that keep a catalogue of their own: each kernel part, each service, the site."""
    inside = (folder for top in ("kernel", "services") for folder in sorted((root / top).glob("*/")))
    return tuple(folder for folder in (*inside, root / "site") if (folder / "__init__.py").exists())


def texts(home: Path) -> tuple[Found, ...]:
    """Every text of one home, in order of place; tests are left out."""
    found: list[Found] = []
    for path in sorted(home.rglob("*")):
        if "tests" in path.relative_to(home).parts or "migrations" in path.parts:
            continue
        if path.suffix == ".py":
            found += texts_in_python(path)
        elif path.suffix in {".html", ".txt", ".xml"} and "templates" in path.parts:
            found += texts_in_template(path)
    return tuple(found)


def texts_in_python(path: Path) -> Iterator[Found]:
    """The constant texts given to gettext functions in a Python file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            given = [part.value for part in node.args if isinstance(part, ast.Constant)]
            yield from _found(name, [part for part in given if isinstance(part, str)], path, node.lineno)


def texts_in_template(path: Path) -> Iterator[Found]:
    """The texts of translate, blocktranslate and _("…") in a template."""
    source = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    for call in CALL.finditer(source):
        given = [ast.literal_eval(part) for part in re.findall(STRING, call[2])]
        yield from _found(call[1], given, path, source.count("\n", 0, call.start()) + 1)


STRING = r"u?(?:'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")"


def _found(name: str, given: list[str], path: Path, line: int) -> Iterator[Found]:
    if name in SINGULAR and given:
        yield Found(given[0], "", "", path, line)
    elif name in PLURAL and len(given) >= 2:
        yield Found(given[0], given[1], "", path, line)
    elif name in CONTEXT and len(given) >= 2:
        yield Found(given[1], "", given[0], path, line)


def untranslated(path: Path) -> tuple[tuple[int, str], ...]:
    """The lines of a template with Japanese outside translate tags, as (line, text)."""
    source = path.read_text(encoding="utf-8")
    blanked = TRANSLATED.sub(lambda part: "\n" * part[0].count("\n"), source)
    blanked = re.sub(r"_\(" + STRING + r"\)", "", blanked)
    lines = enumerate(blanked.splitlines(), start=1)
    return tuple((number, line.strip()) for number, line in lines if JAPANESE.search(line))


def templates(root: Path = PACKAGE) -> tuple[Path, ...]:
    """Every template of the house."""
    return tuple(
        path
        for path in sorted(root.rglob("templates/**/*"))
        if path.suffix in {".html", ".txt", ".xml"} and "tests" not in path.parts
    )
