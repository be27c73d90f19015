"""Keeps the newest line of every figure in docs/figures.md, a table made by the benches and nobody else."""

from __future__ import annotations

import json
import os
import platform
import re
from datetime import UTC, datetime
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "figures.md"
HEAD = """# Figures

Measured by `make bench`; `make bench ONLY=id` renews one row. Absolute times depend on the machine; where a
ratio is named, peers ran side by side in the same run. Nobody edits this page by hand.

| id | holds | value | target | against | ratio | what | measured |
|---|---|---|---|---|---|---|---|
"""
_ROW = re.compile(r"^<!-- (\{.*\}) -->$", re.M)


def keep(values: dict[str, object]) -> None:
    """Put one line into the page, in place of an older one with the same id."""
    rows = {row["id"]: row for row in map(json.loads, _ROW.findall(_page()))}
    rows[str(values["id"])] = values | {"measured": _today()}
    PAGE.parent.mkdir(exist_ok=True)
    table = "".join(_row(rows[name]) for name in sorted(rows))
    raw = "".join(f"<!-- {json.dumps(rows[name], ensure_ascii=False)} -->\n" for name in sorted(rows))
    PAGE.write_text(HEAD + table + "\n" + raw, encoding="utf-8")


def _page() -> str:
    return PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""


def _today() -> str:
    return f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, Python {platform.python_version()}"


def _row(values: dict[str, object]) -> str:
    holds = {True: "yes", False: "**no**", None: "not measured"}[values["holds"]]
    value = "–" if values["value"] is None else f"{values['value']:g} {values['unit']}"
    ratio = "–" if values["ratio"] is None else f"{values['ratio']:g}"
    cells = (
        f"`{values['id']}`", holds, value, values["target"], values["against"] or "–", ratio,
        values["what"], values["measured"],
    )  # fmt: skip
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |\n"
