"""The hand-made labels of real files, and how the engine fares against them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tedori.engines.tabular.definitions import standard
from tedori.engines.tabular.mapping import map_columns
from tedori.engines.tabular.reading import read
from tedori.engines.tabular.recognising import place_of, recognise
from tedori.engines.tabular.values import ColumnMatch, PlaceGuess, Recognition

OPEN = "?"


@dataclass(frozen=True, slots=True)
class Label:
    """What a person says about one file."""

    at: str
    dataset: str | None
    edition: str | None
    code: str | None
    columns: Any


@dataclass(slots=True)
class Score:
    """Counts over all labelled columns, with each error in words."""

    accepted: int = 0
    right: int = 0
    mappable: int = 0
    found: int = 0
    errors: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)


def labels() -> list[Label]:
    """All labels."""
    raw = yaml.safe_load((Path(__file__).parent / "labels.yaml").read_text(encoding="utf-8"))
    found = []
    for entry in raw["files"]:
        columns: Any = entry.get("columns")
        if entry.get("maps"):
            columns = {}
            for name in entry["maps"]:
                columns.update(raw["maps"][name])
        if columns != "same" and entry.get("also"):
            columns = {**columns, **entry["also"]}
        if columns == "same":
            columns = {"same": True, **entry.get("also", {})}
        found.append(Label(entry["at"], entry["is"], entry.get("edition"), entry.get("code"), columns))
    return found


def seen(path: Path, label: Label) -> tuple[Recognition, PlaceGuess, tuple[ColumnMatch, ...]]:
    """What the engine says about the first table of a file; columns are mapped to the labelled dataset."""
    table = read(path).tables[0]
    recognition = recognise(table, definitions=standard())
    place = place_of(table, recognition)
    if label.dataset is None:
        return recognition, place, ()
    return recognition, place, map_columns(table, standard()[label.dataset], edition=label.edition)


def judge(label: Label, matches: tuple[ColumnMatch, ...], score: Score) -> None:
    """Count one file's columns."""
    names = {item.name for item in standard()[label.dataset or ""].items}
    for match in matches:
        heading = match.source.strip()
        if heading in label.columns:
            wanted = label.columns[heading]
        elif "same" in label.columns:
            wanted = heading if heading in names else None
        else:
            continue
        if wanted == OPEN:
            continue
        right = set(wanted) if isinstance(wanted, list) else {wanted} - {None}
        accepted = match.items[:1] if match.status == "accepted" else ()
        hit = bool(set(accepted) & right)
        score.mappable += bool(right & names)
        score.found += hit
        score.accepted += bool(accepted)
        score.right += hit
        if accepted and not hit:
            score.errors.append(f"{label.at}: {heading} -> {match.items}, not {wanted}")
        if right & names and not hit:
            score.missed.append(f"{label.at}: {heading} -> {match.status} {match.items}, wanted {wanted}")
