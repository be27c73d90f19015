"""Reports of one standardised table: JSON, HTML and text, with a verdict, a score and a fix list."""

from pathlib import Path

from tedori.engines.tabular.reporting.causes import Cause, causes, repair_groups
from tedori.engines.tabular.reporting.document import as_json
from tedori.engines.tabular.reporting.html import as_html
from tedori.engines.tabular.reporting.labels import Language
from tedori.engines.tabular.reporting.text import as_line, as_text
from tedori.engines.tabular.reporting.verdicts import (
    REVIEW,
    UNUSABLE,
    USABLE,
    Part,
    Score,
    exit_code,
    reasons,
    score,
)

SCHEMA = Path(__file__).parent / "report.schema.json"

__all__ = [
    "REVIEW",
    "SCHEMA",
    "UNUSABLE",
    "USABLE",
    "Cause",
    "Language",
    "Part",
    "Score",
    "as_html",
    "as_json",
    "as_line",
    "as_text",
    "causes",
    "exit_code",
    "reasons",
    "repair_groups",
    "score",
]
