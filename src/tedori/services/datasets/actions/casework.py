"""Opens a case for each kind of doubt about a table, and closes it when the doubt is gone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tedori.kernel.cases import actions as cases
from tedori.kernel.cases.queries import case as find_case
from tedori.kernel.organisations.values import Actor
from tedori.services.datasets.models import Part
from tedori.services.datasets.rules.doubts import KINDS, Doubt, doubt_of
from tedori.services.datasets.rules.kinds import DECIDED, MOOT

# What a case tells to whoever listens; values that may name a person stay on the desk.
PRIVATE = frozenset({"privacy"})


def follow(part: Part, *, by: Actor, at: datetime) -> None:
    """Bring the cases in line with `part.doubts`: open what is new, close what is asked no more."""
    groups: dict[str, list[Doubt]] = {}
    for data in part.doubts:
        groups.setdefault(data["kind"], []).append(doubt_of(data))
    close(
        part,
        set(part.cases) - set(groups),
        to=MOOT,
        by=by,
        at=at,
        reason="再処理の結果、確認が不要になりました",
    )
    for kind, doubts in groups.items():
        if kind not in part.cases:
            part.cases = part.cases | {kind: _open(part, kind, doubts, by=by, at=at)}


def _open(part: Part, kind: str, doubts: list[Doubt], *, by: Actor, at: datetime) -> int:
    told = [
        {"subject": doubt.subject, "written": doubt.written, "choices": doubt.choices, "count": doubt.count,
         "because": doubt.because if kind not in PRIVATE else (),
         "samples": doubt.samples if kind not in PRIVATE else ()}
        for doubt in doubts
    ]  # fmt: skip
    return cases.open_case(
        f"datasets.{kind}",
        organisation=part.organisation,
        title=f"{KINDS[kind]}（{len(doubts)}件）: {part.delivery.name}",
        subject=f"datasets/part/{part.pk}",
        facts={"part": part.pk, "delivery": part.delivery_id, "dataset": part.dataset, "doubts": told},
        by=by,
        at=at,
        key=f"part:{part.pk}",
    ).id


def close(
    part: Part, kinds: Iterable[str], *, by: Actor, at: datetime, reason: str, to: str = DECIDED
) -> None:
    """Close the open cases of these kinds of doubt."""
    for kind in sorted(kinds):
        found = find_case(part.cases[kind]) if kind in part.cases else None
        if found is not None and not found.final:
            cases.move(found.id, to=to, by=by, at=at, seen_version=found.version, reason=reason)
    part.cases = {kind: case for kind, case in part.cases.items() if kind not in set(kinds)}
