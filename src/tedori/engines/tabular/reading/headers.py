"""Where a table begins: which row or rows are its header, from what stands in them and what stands below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from tedori.engines.tabular.reading.annotations import explains, is_english_twin, is_example
from tedori.engines.tabular.reading.cells import is_value, kind_of
from tedori.engines.tabular.reading.grids import Grid, Row, filled, is_blank
from tedori.engines.tabular.reading.lexicon import is_identifier, names_a_column

_WINDOW = 60
_BODY = 16
_CLOSE_LOOKS = 6
_BELOW = 25
CONVINCING = 0.65


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a grid: rows `first` to `last` by index (inclusive); `first` is -1 when there is none.

    `last` is always the row before the data. `score` is about 1 for a convincing header and below 0.3
    for a guess.
    """

    first: int
    last: int
    score: float
    because: str


@dataclass(frozen=True, slots=True)
class _Candidate:
    index: int
    score: float
    words: float
    values: float
    fill: float
    contrast: float = 0.0


def locate(grid: Grid, *, start: int = 0) -> Header | None:
    """Find the header at or below row index `start`; None when the grid holds no table at all.

    Every row of the window is scored: how many of its cells name columns, how wide it is compared with
    the rows below, how little it looks like data itself, and whether rows as wide stand above it. The
    best few are then compared in kind with the rows below them.
    """
    rough = _candidates(grid, start)
    if not rough:
        return None
    rough.sort(key=lambda c: -c.score)
    close = [_look_closely(grid, candidate) for candidate in rough[:_CLOSE_LOOKS]]
    best = max(close, key=lambda c: (round(c.score, 3), -c.index))
    if _is_data(best):
        return _headless(grid, start)
    return _extend(grid, _japanese_of(grid, best))


def at(grid: Grid, index: int) -> Header:
    """The header that row `index` would be, with its score."""
    below = [filled(row) for row in grid.rows[index + 1 : index + _BELOW]]
    return _extend(grid, _look_closely(grid, _judge(grid.rows[index], index, below=below, rivals=0)))


def _japanese_of(grid: Grid, best: _Candidate) -> _Candidate:
    """The Japanese header just above or below when the best row is its English twin."""
    near = (best.index - 1, best.index + 1, best.index - 2, best.index + 2)
    for index in (i for i in near if 0 <= i < len(grid.rows)):
        row = grid.rows[index]
        if _are_names(row) and is_english_twin(grid.rows[best.index], row) and _names(grid, index):
            return replace(best, index=index)
    return best


def _candidates(grid: Grid, start: int) -> list[_Candidate]:
    """The rows of the window that are neither blank nor explanations, roughly judged."""
    fills = list(map(filled, grid.rows[start : start + _WINDOW + _BELOW]))
    found: list[_Candidate] = []
    above: list[int] = []
    until = min(_WINDOW, len(grid.rows) - start)
    offset = 0
    while offset < until:
        row, count = grid.rows[start + offset], fills[offset]
        if count and _could_be_header(row):
            rivals = sum(other >= 0.7 * count for other in above)
            found.append(
                _judge(row, start + offset, below=fills[offset + 1 : offset + _BELOW], rivals=rivals)
            )
            above.append(count)
            if found[-1].score > CONVINCING:
                until = min(until, offset + 4)
        offset += 1
    return found


def _could_be_header(row: Row) -> bool:
    return explains(row) is None and not is_example(row)


def _judge(row: Row, index: int, *, below: list[int], rivals: int) -> _Candidate:
    """Judge a row by itself; `below` are the numbers of filled cells of the next rows."""
    cells = [cell for cell in row if cell and not cell.isspace()]
    count = len(cells)
    width = _usual_width(below, otherwise=count)
    values = sum(map(is_value, cells)) / count
    words = sum(map(names_a_column, cells)) / count if values < 0.5 else 0.0
    unique = len(set(cells)) / count
    fill = min(1.0, count / width) if width else 1.0
    score = 0.35 * words + 0.3 * fill + 0.1 * unique - 0.5 * values - min(0.6, 0.06 * rivals)
    # A row of a few groups, or of a key and its value, is no header of a much wider table.
    score -= max(0.0, 0.5 - fill) * 0.6
    return _Candidate(index, score + _bonus(cells, width), words, values, fill)


def _usual_width(below: list[int], *, otherwise: int) -> int:
    """The number of cells that a quarter of the next rows reach."""
    return sorted(below, reverse=True)[len(below) // 4] if below else otherwise


def _bonus(cells: list[str], width: int) -> float:
    """What speaks for or against a row as a whole: a lone cell over a wider table, identifiers only."""
    if len(cells) == 1 and width > 1:
        return -0.5
    return 0.2 if _all_identifiers(cells) else 0.0


def _all_identifiers(cells: list[str]) -> bool:
    return len(cells) >= 2 and sum(is_identifier(cell) for cell in cells) >= len(cells) * 0.9


def _look_closely(grid: Grid, candidate: _Candidate) -> _Candidate:
    contrast = _contrast(grid.rows[candidate.index], rows_below(grid, candidate.index))
    return replace(candidate, contrast=contrast, score=candidate.score + 0.3 * contrast)


def rows_below(grid: Grid, index: int, *, limit: int = _BODY) -> list[Row]:
    """The next rows that could be data."""
    body: list[Row] = []
    for row in grid.rows[index + 1 : index + 1 + 4 * limit]:
        if not is_blank(row) and row != grid.rows[index] and explains(row) is None:
            body.append(row)
        if len(body) == limit:
            break
    return body


def _contrast(row: Row, body: list[Row]) -> float:
    """The share of columns whose content below is of another kind than the cell of this row."""
    differences = [
        _difference(cell, below)
        for column, cell in enumerate(row)
        if cell.strip() and (below := _column(body, column))
    ]
    return sum(differences) / len(differences) if differences else 0.0


def _column(body: list[Row], column: int) -> list[str]:
    return [row[column] for row in body if column < len(row) and row[column].strip()]


def _difference(cell: str, below: list[str]) -> float:
    """1 when the cell's kind differs from nearly all below, 0 or less when it is like them."""
    if cell in below:
        return -0.5 if below.count(cell) < len(below) * 0.9 else 0.0
    if kind_of(cell) != "text":
        return 0.0
    if list(map(kind_of, below)).count("text") / len(below) < 0.2:
        return 1.0
    return 0.8 if _names_alone(cell, below) else 0.3


def _names_alone(cell: str, below: list[str]) -> bool:
    return names_a_column(cell) and not any(map(names_a_column, below[:8]))


def _is_data(best: _Candidate) -> bool:
    """Whether even the best row looks like a record rather than like names."""
    if best.words >= 0.5:
        return False
    if best.values >= 0.5:
        return True
    return best.contrast < 0.25 and best.words < 0.2 and best.values > 0


def _headless(grid: Grid, start: int) -> Header | None:
    """A table whose data begin at once."""
    for index in range(start, len(grid.rows)):
        if not is_blank(grid.rows[index]):
            return Header(
                -1,
                index - 1,
                0.2,
                f"{grid.numbers[index]}行目からデータのようで、見出しの行がない (no header)",
            )
    return None


def _extend(grid: Grid, best: _Candidate) -> Header:
    """Take in the group row above or the second row below of a header of several rows."""
    first = last = best.index
    while first > 0 and _groups(grid, first - 1, first):
        first -= 1
    while last + 1 < len(grid.rows) and last - first < 2 and _groups(grid, last, last + 1):
        last += 1
    return Header(first, last, best.score, _because(grid, best, first, last))


def _because(grid: Grid, best: _Candidate, first: int, last: int) -> str:
    where = (
        f"{grid.numbers[first]}行目" if first == last else f"{grid.numbers[first]}〜{grid.numbers[last]}行目"
    )
    reasons = [f"項目名らしい語が{best.words:.0%}", f"下の行に対する幅が{best.fill:.0%}"]
    if best.contrast >= 0.3:
        reasons.append(f"下のデータと種類の異なる列が{best.contrast:.0%}")
    if first != last:
        reasons.append("上下の見出しが組になっている")
    rows = "-".join(dict.fromkeys((str(grid.numbers[first]), str(grid.numbers[last]))))
    told = f"header in row {rows}: {best.words:.0%} names, {best.fill:.0%} as wide as the rows below"
    return f"{where}を見出しと判断: " + "、".join(reasons) + f" ({told})"


def _groups(grid: Grid, upper: int, lower: int) -> bool:
    """Whether row `upper` holds group names over the names in row `lower`."""
    above, below = grid.rows[upper], grid.rows[lower]
    if filled(above) < 1 or filled(below) < 2 or not _are_names(above) or not _are_names(below):
        return False
    return _merged_over(grid, upper, lower) or (_looks_grouped(above, below) and _names(grid, lower))


def _are_names(row: Row) -> bool:
    """Whether nothing in a row speaks against its being a header."""
    if is_blank(row) or explains(row) or is_example(row):
        return False
    return not any(is_value(cell) for cell in row if cell.strip())


def _merged_over(grid: Grid, upper: int, lower: int) -> bool:
    """Whether cells merged across (not over the whole width) stand over filled cells, as only headers do."""
    number = grid.numbers[upper]
    if grid.numbers[lower] != number + 1:
        return False
    widest = max(2, grid.width() * 0.9 - 1)
    below = grid.rows[lower]
    spans = [(left, right) for top, left, bottom, right in grid.merges if top <= number == bottom]
    return any(0 < right - left < widest and filled(below[left : right + 1]) >= 2 for left, right in spans)


def _looks_grouped(above: Row, below: Row) -> bool:
    """Blank or repeated group cells above, with the cells below filling what is blank above."""
    pairs = [(u.strip(), v.strip()) for u, v in zip_longest(above, below, fillvalue="")]
    both = list(filter(any, pairs))
    uppers, lowers = zip(*both, strict=True)
    return _repeats_groups(uppers) or ("" in uppers and "" in lowers) or _spreads_from_blank(uppers)


def _repeats_groups(uppers: Sequence[str]) -> bool:
    """Whether group names stand over most columns, and over several each."""
    groups = [name for name in uppers if name]
    return len(groups) >= len(uppers) * 0.6 and len(set(groups)) <= len(groups) * 0.7


def _spreads_from_blank(uppers: Sequence[str]) -> bool:
    """Whether the first column stands alone and names of groups stand once at their first columns."""
    blank = uppers.count("")
    return not uppers[0] and blank >= len(uppers) * 0.4 and len(set(uppers) - {""}) >= 2


def _names(grid: Grid, index: int) -> bool:
    """Whether a row reads like column names, judged alone and against the rows below."""
    row = grid.rows[index]
    cells = [cell for cell in row if cell.strip()]
    if sum(names_a_column(cell) for cell in cells) >= len(cells) * 0.5:
        return True
    return _contrast(row, rows_below(grid, index)) >= 0.5
