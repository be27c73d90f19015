"""Measures what an engine made of a generated file against the truth about the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from tedori.engines.tabular.values import ColumnMatch, Result
from tedori.services.datasets.demo.drafts import Draft
from tedori.services.datasets.demo.headings import plain_heading
from tedori.services.datasets.demo.sameness import same
from tedori.services.datasets.demo.truth import Change, TrueColumn, Truth

ACCEPTED = "accepted"
EXAMPLES = 6


@dataclass(slots=True)
class Tally:
    """Counts over many files; `failures` names what went wrong with some examples of each sort.

    `certain` counts provable defects in accepted columns, `restored` those that became right, `unreached` the
    provable defects in columns that were left to a person. `repairs` are all changed cells, `wrong` those
    that say something untrue now. `personal` counts the items with names of persons, `stopped` those noticed.
    """

    files: int = 0
    recognised: int = 0
    edition: int = 0
    place: int = 0
    form: int = 0
    accepted: int = 0
    accepted_right: int = 0
    mappable: int = 0
    mapped: int = 0
    certain: int = 0
    unreached: int = 0
    restored: int = 0
    personal: int = 0
    stopped: int = 0
    repairs: int = 0
    wrong: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)

    def fail(self, sort: str, example: str) -> None:
        """Note one failure."""
        self.failures[sort] += 1
        kept = self.examples.setdefault(sort, [])
        if len(kept) < EXAMPLES and not any(one.startswith(_file(example)) for one in kept):
            kept.append(example)

    def expect(self, holds: bool, sort: str, example: str) -> None:  # noqa: FBT001 - the verdict itself
        """Note a failure unless something holds."""
        if not holds:
            self.fail(sort, example)

    def add(self, other: Tally) -> None:
        """Add the counts of another tally."""
        for name in NUMBERS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.failures.update(other.failures)
        for sort, examples in other.examples.items():
            kept = self.examples.setdefault(sort, [])
            kept += examples[: EXAMPLES - len(kept)]


NUMBERS = tuple(name for name in Tally.__slots__ if name not in {"failures", "examples"})


def _file(example: str) -> str:
    return example.partition(":")[0]


def share(part: int, whole: int) -> float:
    """A share that is 0 when there is nothing."""
    return part / whole if whole else 0.0


def _usable(result: Result) -> bool:
    return result.frame is not None or not result.report.refusal


def measure(draft: Draft, results: Iterable[Result]) -> Tally:
    """Compare the results for one file with the truth about it."""
    tally, truth = Tally(files=1), draft.truth
    usable = list(filter(_usable, results))
    if not usable:
        tally.mappable += sum(map(_mappable, truth.columns))
        tally.unreached += _certain(truth)
        tally.fail("refused", truth.path)
        return tally
    result = max(usable, key=lambda one: one.report.rows_read)
    _measure_recognition(tally, truth, result)
    _measure_columns(tally, truth, result)
    _measure_privacy(tally, truth, result)
    _measure_values(tally, draft, result)
    return tally


def _measure_recognition(tally: Tally, truth: Truth, result: Result) -> None:
    report = result.report
    got = report.recognition
    row, encoding = report.source.header_row or 0, report.source.encoding or ""
    right = got.slug == truth.slug
    edition = right and got.edition == truth.edition
    place = report.place.code == truth.code
    form = truth.format == "geojson" or (row, encoding) == (truth.header_row, truth.encoding)
    tally.recognised += right
    tally.edition += edition
    tally.place += place
    tally.form += form
    where = f"row {row} ≠ {truth.header_row}, {encoding} ≠ {truth.encoding} {truth.oddities}"
    for sort, holds, told in (
        ("dataset", right, f"{got.slug} ≠ {truth.slug} ({truth.edition})"),
        ("edition", edition, f"{got.edition} ≠ {truth.edition} ({truth.slug})"),
        ("place", place, f"{report.place.code} ≠ {truth.code}"),
        ("header row or encoding", form, where),
    ):
        tally.expect(holds, sort, f"{truth.path}: {told}")


def _measure_columns(tally: Tally, truth: Truth, result: Result) -> None:
    """Accepted columns must be right; clear columns should be accepted."""
    matches = _matches(result)
    for column in truth.columns:
        _measure_column(tally, truth, column, matches.get(plain_heading(column.header)))


def _taken(match: ColumnMatch | None) -> bool:
    return match is not None and match.status == ACCEPTED


def _mappable(column: TrueColumn) -> bool:
    return bool(column.items) and column.clear


def _measure_column(tally: Tally, truth: Truth, column: TrueColumn, match: ColumnMatch | None) -> None:
    taken = _taken(match)
    items, status = (match.items, match.status) if match else (None, "missing")
    right = taken and not set(items).isdisjoint(column.items)
    where = f"{truth.path}: 「{column.header}」 → {items}, truly {column.items}"
    tally.accepted += taken
    tally.accepted_right += right
    tally.expect(right or not taken, "column wrong", f"{where} {truth.oddities}")
    if _mappable(column):
        tally.mappable += 1
        tally.mapped += right
        tally.expect(right, f"column {status}", f"{where} ({truth.slug}/{truth.edition})")


def _measure_privacy(tally: Tally, truth: Truth, result: Result) -> None:
    """Where names of persons stand, the engine must stop; elsewhere it should not."""
    found = {f.item for f in result.report.findings if f.code.startswith("privacy") and f.item}
    tally.personal += len(truth.personal)
    tally.stopped += len(found & set(truth.personal))
    for item in truth.personal:
        if item not in found:
            tally.fail("names of persons not noticed", f"{truth.path}: {item}")
    for item in found - set(truth.personal):
        tally.fail(f"stopped without need: {item}", truth.path)


def _joins(match: ColumnMatch, into: ColumnMatch | None) -> bool:
    return match.status == ACCEPTED and into is not None and not into.items


def _matches(result: Result) -> dict[str, ColumnMatch]:
    """The match of each heading; a column that joins into another one goes where that one goes."""
    found = {match.column: match for match in result.report.columns}
    for match in result.report.columns:
        for other in match.along:
            if _joins(match, found.get(other)):
                found[other] = replace(match, source=found[other].source)
    return {plain_heading(match.source): match for match in found.values()}


def _rightly_filled(truth: Truth, result: Result) -> set[str]:
    """The items that an accepted and right column fills; a wrong column is counted as a column, once."""
    matches = _matches(result)
    found = set()
    for column in truth.columns:
        match = matches.get(plain_heading(column.header))
        if _taken(match):
            found |= set(match.items) & set(column.items)
    return found


def _rows(truth: Truth, result: Result) -> dict[int, int]:
    """The row of the engine's frame for each data row (from 0), by the row numbers of an editor."""
    numbers = result.frame["_row"].to_list()
    if truth.format == "geojson":
        return {position: position for position in range(min(len(numbers), len(truth.rows)))}
    known = {line: position for position, line in enumerate(truth.lines)}
    return {known[number]: position for position, number in enumerate(numbers) if number in known}


def _measure_values(tally: Tally, draft: Draft, result: Result) -> None:
    """Restored values must be right, and nothing may become worse."""
    frame, truth = result.frame, draft.truth
    if frame is None:
        tally.unreached += _certain(truth)
        return
    rows = _rows(truth, result)
    lost, many = len(truth.rows) - len(rows), frame.height - len(rows)
    tally.expect(lost <= 0, "rows lost", f"{truth.path}: {lost} of {len(truth.rows)}")
    tally.expect(many <= 0, "rows too many", f"{truth.path}: {many} {truth.oddities}")
    changes = {(change.row, change.item): change for change in truth.changes}
    accepted = _rightly_filled(truth, result)
    for item, truths in draft.table.items():
        if item in accepted and item in frame.columns:
            values = frame[item].to_list()
            _measure_item(tally, draft, item=item, truths=truths, values=values, rows=rows, changes=changes)
    _measure_derived(tally, draft, result, rows=rows)
    _measure_unreached(tally, truth, accepted)


def _certain(truth: Truth) -> int:
    return sum(1 for change in truth.changes if change.grade == "certain")


def _measure_unreached(tally: Tally, truth: Truth, accepted: set[str]) -> None:
    """Provable defects in columns that were left to a person."""
    for change in truth.changes:
        if change.grade == "certain" and change.item not in accepted and _matters(change):
            tally.unreached += 1
            tally.fail(f"unrepaired, column not accepted: {change.defect}", truth.path)


def _derived(draft: Draft, result: Result) -> list[str]:
    """The items of the frame that the file has no column for, though the truth knows them."""
    copied = {item for match in result.report.columns if match.how == "copy" for item in match.items}
    known = set().union(*draft.rows) - copied - draft.table.keys()
    return [item for item in result.frame.columns if item in known]


def _measure_derived(tally: Tally, draft: Draft, result: Result, *, rows: Mapping[int, int]) -> None:
    """What was put together from other columns, such as the parts of an address, must be true as well."""
    for item in _derived(draft, result):
        values = result.frame[item].to_list()
        for row, position in rows.items():
            if got := values[position]:
                _measure_addition(tally, draft, item=item, true=draft.rows[row].get(item, ""), got=got)


def _measure_addition(tally: Tally, draft: Draft, *, item: str, true: str, got: str) -> None:
    tally.repairs += 1
    if not same(item, got, true):
        tally.wrong += 1
        tally.fail(f"derived wrongly: {item}", f"{draft.truth.path}: {got!r}, truly {true!r}")


def _matters(change: Change) -> bool:
    return not same(change.item, change.written, change.true)


def _measure_item(
    tally: Tally,
    draft: Draft,
    *,
    item: str,
    truths: list[str],
    values: list[str | None],
    rows: Mapping[int, int],
    changes: Mapping[tuple[int, str], Change],
) -> None:
    for row, true in enumerate(truths):
        got = (values[rows[row]] or "") if row in rows else None
        if got is None:
            continue
        change = changes.get((row, item))
        if change is None:
            _measure_sound(tally, draft, item=item, true=true, got=got)
        else:
            _measure_change(tally, draft, change, got=got)


def _measure_sound(tally: Tally, draft: Draft, *, item: str, true: str, got: str) -> None:
    """A cell that was right must stay right."""
    if got == true:
        return
    tally.repairs += 1
    if not same(item, got, true):
        tally.wrong += 1
        tally.fail(f"harmed: {item}", f"{draft.truth.path}: {true!r} → {got!r}")


def _measure_change(tally: Tally, draft: Draft, change: Change, *, got: str) -> None:
    """A cell that was wrong must become right where that is certain; otherwise it may stay or be emptied."""
    datum = change.defect == "point:old-datum"
    right = same(change.item, got, change.true, datum=datum)
    where = f"{draft.truth.path}: {change.item} {change.written!r} → {got!r}, truly {change.true!r}"
    tally.repairs += got != change.written
    if change.grade == "certain" and _matters(change):
        tally.certain += 1
        tally.restored += right
        if not right:
            tally.fail(f"unrepaired: {change.defect}", where)
    if right or got in ("", change.written) or _only_tidied(change, got):
        return
    tally.wrong += 1
    tally.fail(f"repaired wrongly: {change.defect} ({change.grade})", where)


def _only_tidied(change: Change, got: str) -> bool:
    """Whether a lost or open value merely lost spaces or wide letters, which changes nothing it says."""
    return change.grade != "certain" and same(change.item, plain_heading(change.written), plain_heading(got))
