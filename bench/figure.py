"""What a figure is: a measured number with its target, printed as one line of JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Measured:
    """One measurement. `holds` is None when it could not be taken; then `what` says why.

    `against` names the peer and its number; `ratio` is peer to ours, so that more is better for us,
    except where the unit says otherwise.
    """

    value: float | None
    holds: bool | None
    what: str
    against: str | None = None
    ratio: float | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: its id, what it measures, in which unit, against which target, and how to measure it."""

    id: str
    what: str
    unit: str
    target: str
    measure: Callable[[], Measured]


class CannotMeasure(RuntimeError):
    """Why a figure cannot be taken on this machine, in words for the table."""


def line(figure: Figure, measured: Measured) -> dict[str, object]:
    """The figure as the values of its JSON line, in the order of the contract."""
    found = asdict(measured)
    what = f"{figure.what}: {found['what']}" if found["what"] else figure.what
    keys = ("value", "unit", "target", "holds", "against", "ratio")
    found |= {"unit": figure.unit, "target": figure.target}
    return {"id": figure.id, "what": what} | {key: found[key] for key in keys}


def take(figure: Figure) -> dict[str, object]:
    """Measure; a figure that cannot be taken says so instead of failing the run."""
    try:
        return line(figure, figure.measure())
    except CannotMeasure as why:
        return line(figure, Measured(None, None, f"not measured: {why}"))


def printed(values: dict[str, object]) -> str:
    """One line of JSON."""
    return json.dumps(values, ensure_ascii=False)
