"""Answers the engine's doubts in the demo world the way an informed steward would: from the truth."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from tedori.services.datasets.demo.headings import plain_heading

LEAVE_OUT, WITHHOLD, PUBLISH = "", "withhold", "publish"


def truths(folder: Path) -> dict[str, dict[str, object]]:
    """The truth about every generated file, by the file's path below `files`."""
    found = {}
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            truth = json.loads(line)
            found[truth["path"]] = truth
    return found


def answers_to(
    doubts: Sequence[Mapping[str, object]], truth: Mapping[str, object], *, dataset: str
) -> dict[str, str]:
    """What an informed steward answers to the doubts about a table, by their ids.

    A table that was taken for another dataset is left open: its doubts make no sense.
    """
    kinds = {doubt["kind"] for doubt in doubts}
    if dataset != truth["slug"] and "dataset" not in kinds:
        return {}
    said = {str(doubt["id"]): _answer(doubt, truth) for doubt in doubts}
    return {id_: answer for id_, answer in said.items() if answer is not None}


def _answer(doubt: Mapping[str, object], truth: Mapping[str, object]) -> str | None:
    match doubt["kind"]:
        case "column":
            return _column(str(doubt["subject"]), truth)
        case "privacy":
            return WITHHOLD if doubt["subject"] in truth["personal"] else PUBLISH
        case "dataset":
            return str(truth["slug"])
        case "municipality":
            return str(truth["code"])
    return None


def _column(heading: str, truth: Mapping[str, object]) -> str:
    wanted = plain_heading(heading)
    for column in truth["columns"]:
        if plain_heading(column["header"]) == wanted:
            return column["items"][0] if column["items"] else LEAVE_OUT
    return LEAVE_OUT
