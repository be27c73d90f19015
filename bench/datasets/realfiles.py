"""The engine over real files beside the project, against hand-made labels; nothing when they are absent."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

import yaml

from tedori.engines.tabular import pipeline, reading
from tedori.engines.tabular.mapping.tests import labelled
from tedori.engines.tabular.mapping.tests.labelled import Score

HERE = Path(__file__).parent.parent.parent
FORMS = HERE / "src/tedori/engines/tabular/reading/tests/labels.yaml"
SAID = ("encoding", "header_row")


@dataclass(slots=True)
class Real:
    """Counts over the labelled real files that are here, and what went wrong, in words."""

    files: int = 0
    recognised: int = 0
    forms: int = 0
    formed: int = 0
    score: Score = field(default_factory=Score)
    errors: list[str] = field(default_factory=list)


def folder() -> Path:
    """Where the real municipal files lie, if they do."""
    return Path(os.environ.get("TEDORI_REAL_DATA", HERE.parent / "shared")) / "data" / "municipal"


@cache
def real_files(today: date) -> Real:
    """Run the whole engine over every labelled file, with its own recognition, and judge the outcome."""
    found, root = Real(), folder()
    for label in labelled.labels():
        if (root / label.at).is_file():
            _judge(found, root / label.at, label, today=today)
    for name, said in yaml.safe_load(FORMS.read_text(encoding="utf-8")).items():
        if (root / name).is_file() and "refusal" not in said:
            _judge_form(found, root / name, said)
    return found


def _judge(found: Real, path: Path, label: labelled.Label, *, today: date) -> None:
    report = pipeline.standardise(path, today=today)[0].report
    got = (report.recognition.slug, report.recognition.edition)
    found.files += 1
    if got == (label.dataset, label.edition):
        found.recognised += 1
    else:
        found.errors.append(f"{label.at}: {got}, not {(label.dataset, label.edition)}")
    if label.dataset is not None:
        labelled.judge(label, report.columns, found.score)


def _judge_form(found: Real, path: Path, said: dict[str, object]) -> None:
    tables = reading.read(path).tables
    source = tables[0].source if tables else None
    right = source is not None and all(getattr(source, key) == said[key] for key in SAID if key in said)
    found.forms += 1
    found.formed += right
    if not right:
        found.errors.append(f"{path.name}: {source}, not {said}")
