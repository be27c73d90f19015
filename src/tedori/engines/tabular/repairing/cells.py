"""How one column is repaired: what is canonical stays, every other distinct value is judged once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import polars as pl

NOWHERE = pl.Series([], dtype=pl.get_index_type())
REPAIRS = {"row": pl.Int64, "item": pl.String, "before": pl.String, "after": pl.String, "rule": pl.String}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule makes of one value: `rule` names the proof, `doubt` the reason why none was found."""

    after: str | None
    rule: str | None = None
    doubt: str | None = None


Mend = Callable[[str], Outcome]


class Tidy(Protocol):
    """What puts widths, blanks and dashes right; both ways give the same values and names of steps."""

    def over(self, values: pl.Series) -> tuple[pl.Series, pl.Series]:
        """Tidy a column."""
        ...

    def on(self, text: str) -> tuple[str | None, str | None]:
        """Tidy one text."""
        ...


@dataclass(frozen=True, slots=True)
class Rule:
    """How values of one kind read.

    `canonical` is the regular expression of values that are never touched; a rule of free text names with
    `dirty` what is touched instead. `tidy` works on whole series and says what it did; `mend` judges what is
    still not canonical, one distinct value at a time. A value that stays unread goes back to how it was
    written, unless `keep` says that tidying alone is an improvement.
    """

    canonical: str = ""
    dirty: str = ""
    tidy: Tidy | None = None
    mend: Mend | None = None
    keep: bool = False

    def strays(self, text: pl.Expr) -> pl.Expr:
        """Tell which values need a look; empty ones never do.

        With both patterns a value must be canonical and not dirty.
        """
        parts = []
        if self.canonical:
            parts.append(~text.str.contains(self.canonical))
        if self.dirty:
            parts.append(text.str.contains(self.dirty))
        return pl.any_horizontal(parts).fill_null(False)

    def fits(self, values: pl.Series) -> pl.Series:
        """Tell which values need nothing."""
        return values.to_frame("v").select(~self.strays(pl.col("v"))).to_series()


@dataclass(frozen=True, slots=True)
class Change:
    """New values of one column and, for the rows `at`, which rule made them."""

    column: pl.Series
    at: pl.Series
    before: pl.Series
    rule: pl.Series


def odd(column: pl.Series, rule: Rule, *, among: pl.Series | None = None) -> pl.Series:
    """Give the positions of the values that a rule would look at, if wanted only among some positions."""
    if among is not None:
        return among.filter(~rule.fits(column.gather(among)))
    words = few(column)
    if words is None:
        return (~rule.fits(column)).arg_true()
    bad = words.filter(~rule.fits(words))
    return column.is_in(bad.implode()).fill_null(False).arg_true() if bad.len() else NOWHERE


SAMPLE, FEW = 4096, 256
# Below this many rows looking at each value costs less than looking for repetitions.
LONG = 4 * SAMPLE
ONE_BY_ONE = 2000


def few(column: pl.Series) -> pl.Series | None:
    """Give the distinct values of a long column that holds few of them, else None."""
    if column.len() < LONG:
        return None
    if column.gather_every(max(1, column.len() // SAMPLE)).n_unique() > FEW:
        return None
    words = column.unique().drop_nulls()
    return words if words.len() <= 4 * FEW else None


def change(column: pl.Series, rule: Rule, *, among: pl.Series | None = None) -> Change | None:
    """Apply a rule to a column, if wanted only among some positions; None when nothing changes."""
    at = odd(column, rule, among=among)
    if not at.len():
        return None
    before = column.gather(at)
    after, names = _one_by_one(before, rule) if at.len() <= ONE_BY_ONE else _all_at_once(before, rule)
    return scatter(column, at=at, before=before, after=after, rule=names)


def _one_by_one(before: pl.Series, rule: Rule) -> tuple[pl.Series, pl.Series]:
    """Repair value by value, which costs less than whole columns when there are few values."""
    texts = before.to_list()
    distinct = list(dict.fromkeys(texts))
    tidied = [rule.tidy.on(text) if rule.tidy else (text, None) for text in distinct]
    fits = rule.fits(pl.Series([text for text, _ in tidied], dtype=pl.String))
    done = {
        text: _settled(text, *tidy, fits=fit, rule=rule)
        for text, tidy, fit in zip(distinct, tidied, fits, strict=True)
    }
    after, names = zip(*map(done.__getitem__, texts), strict=True)
    return pl.Series(after, dtype=pl.String), pl.Series(names, dtype=pl.String)


def _settled(
    text: str, tidied: str | None, names: str | None, *, fits: bool, rule: Rule
) -> tuple[str | None, str | None]:
    if fits or rule.mend is None or tidied is None:
        return tidied, names
    outcome = rule.mend(tidied)
    if outcome.rule and not outcome.doubt:
        return outcome.after, "+".join(filter(None, (names, outcome.rule)))
    return (tidied, names) if rule.keep else (text, None)


def _all_at_once(before: pl.Series, rule: Rule) -> tuple[pl.Series, pl.Series]:
    after, names = rule.tidy.over(before) if rule.tidy else (before, _none(before.len()))
    if rule.mend:
        after, names = _mended(after, names, rule)
    if rule.mend and not rule.keep:
        read = rule.fits(after)
        after, names = after.zip_with(read, before), names.zip_with(read, _none(names.len()))
    return after, names


def scatter(
    column: pl.Series, *, at: pl.Series, before: pl.Series, after: pl.Series, rule: pl.Series
) -> Change | None:
    """Put `after` into the column at the rows `at`; None when it equals what was there."""
    differs = before.ne_missing(after)
    if not differs.any():
        return None
    at, before, after, rule = (part.filter(differs) for part in (at, before, after, rule))
    fresh = column.clone().scatter(at, after)
    return Change(column=fresh, at=at, before=before, rule=rule)


def judged(values: pl.Series, mend: Mend) -> pl.DataFrame:
    """Judge each distinct value once: columns value, after, rule, doubt."""
    distinct = values.drop_nulls().unique()
    outcomes = [mend(value) for value in distinct]
    return pl.DataFrame(
        {
            "value": distinct,
            "after": pl.Series([o.after for o in outcomes], dtype=pl.String),
            "rule": pl.Series([o.rule for o in outcomes], dtype=pl.String),
            "doubt": pl.Series([o.doubt for o in outcomes], dtype=pl.String),
        }
    )


def _mended(values: pl.Series, names: pl.Series, rule: Rule) -> tuple[pl.Series, pl.Series]:
    still = ~rule.fits(values)
    if not still.any() or rule.mend is None:
        return values, names
    verdicts = judged(values.filter(still), rule.mend)
    good = verdicts.filter(pl.col("doubt").is_null() & pl.col("rule").is_not_null())
    if not good.height:
        return values, names
    frame = pl.DataFrame({"value": values, "names": names})
    joined = frame.join(good.with_columns(hit=pl.lit(True)), on="value", how="left", maintain_order="left")
    hit = pl.col("hit").fill_null(False)
    joined = joined.with_columns(
        value=pl.when(hit).then("after").otherwise("value"),
        names=pl.when(hit).then(_joined("names", "rule")).otherwise("names"),
    )
    return joined["value"], joined["names"]


def _joined(first: str, second: str) -> pl.Expr:
    return pl.concat_str([first, second], separator="+", ignore_nulls=True)


def _none(length: int) -> pl.Series:
    return pl.Series([None], dtype=pl.String).new_from_index(0, length)


def listed(changed: Change, item: str, rows: pl.Series) -> pl.DataFrame:
    """List a change as repairs: row, item, before, after, rule."""
    return pl.DataFrame(
        {
            "row": rows.gather(changed.at),
            "item": pl.Series([item], dtype=pl.String).new_from_index(0, changed.at.len()),
            "before": changed.before,
            "after": changed.column.gather(changed.at),
            "rule": changed.rule,
        },
        schema=REPAIRS,
    )
