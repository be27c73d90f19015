"""A layout is a header as one organisation writes it; decisions hang on its fingerprint."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from tedori.engines.tabular.values import Decisions

PUBLISH, WITHHOLD = "publish", "withhold"
LEAVE_OUT = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One decision, freed from the database: kind, subject, value as written, answer."""

    kind: str
    subject: str
    written: str
    answer: str


def fingerprint(header: Iterable[str]) -> str:
    """The 64 hex digits that are equal for two headers with the same names in the same order.

    Widths and white space do not count: they change with the program that saved the file.
    """
    names = ("".join(unicodedata.normalize("NFKC", name or "").split()) for name in header)
    return hashlib.sha256("\x1f".join(names).encode()).hexdigest()


def engine_decisions(answers: Iterable[Answer]) -> Decisions:
    """What the engine must know of the decisions taken for a layout, whoever's file has it."""
    columns: dict[str, str | None] = {}
    vocabulary: dict[str, dict[str, str]] = {}
    privacy: dict[str, bool] = {}
    dataset: str | None = None
    for answer in answers:
        if answer.kind == "column":
            columns[answer.subject] = answer.answer or None
        elif answer.kind == "vocabulary":
            vocabulary.setdefault(answer.subject, {})[answer.written] = answer.answer or answer.written
        elif answer.kind == "privacy":
            # The engine asks about a column by its name in the frame, a person by its heading.
            privacy[answer.subject] = privacy[f"extra:{answer.subject}"] = answer.answer == PUBLISH
        elif answer.kind == "dataset":
            dataset = answer.answer
    return Decisions(
        dataset=dataset,
        columns=columns,
        vocabulary=vocabulary,
        privacy=privacy,
    )


def whose_data(answers: Iterable[Answer], found: str) -> str:
    """The municipality that a person named for tables that seem to be of `found`; "" when nobody did.

    Municipalities share layouts, so the answer holds for this pair alone.
    """
    for answer in answers:
        if answer.kind == "municipality" and answer.written == found:
            return answer.answer
    return ""


def withheld(decisions: Decisions) -> frozenset[str]:
    """The columns that a person decided not to publish."""
    return frozenset(item for item, shown in decisions.privacy.items() if not shown)
