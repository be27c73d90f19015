"""One look at every value: which rows of which column could need a repair or a finding.

The later stages look only at these rows. On a million rows this one pass is most of what they cost.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from tedori.engines.tabular.checking.cellwise import STRANGE
from tedori.engines.tabular.checking.privacy import noteworthy
from tedori.engines.tabular.repairing.cells import LONG, NOWHERE, Rule, odd
from tedori.engines.tabular.repairing.kinds import Known, rule_of
from tedori.engines.tabular.repairing.points import DECIMAL
from tedori.engines.tabular.values import Definition, Item

# Mobile numbers are canonical, and yet the privacy gate wants to see them.
MOBILE_START = "^0[789]0|/ 0[789]0"
# Kinds that are looked at in their own way: every mail address, and points that are no plain decimals.
BY_KIND: Mapping[str, Rule] = {
    "email": Rule(canonical="^$"),
    "latitude": Rule(canonical=DECIMAL),
    "longitude": Rule(canonical=DECIMAL),
}


def suspects(frame: pl.DataFrame, definition: Definition) -> Mapping[str, pl.Series]:
    """Give, for every column but `_row`, the positions of the rows that need a closer look."""
    rules = _rules(frame, definition)
    if frame.height >= LONG:
        return {name: odd(frame[name], rule) for name, rule in rules.items()}
    flags = frame.select([rule.strays(pl.col(name)).alias(name) for name, rule in rules.items()])
    return {flag.name: flag.arg_true() if flag.any() else NOWHERE for flag in flags}


def _rules(frame: pl.DataFrame, definition: Definition) -> dict[str, Rule]:
    """What makes a value suspect, for every column but `_row`."""
    items = {item.name: item for item in definition.items}
    return {name: _pattern(name, items.get(name), frame[name]) for name in frame.columns if name != "_row"}


def _pattern(name: str, item: Item | None, column: pl.Series) -> Rule:
    """Choose what makes a value of this column suspect."""
    noted = f"{STRANGE}|{noteworthy(name.removeprefix('extra:'))}"
    if item is None:
        return Rule(dirty=noted)
    if item.kind in BY_KIND:
        return BY_KIND[item.kind]
    return _widened(rule_of(item, column, known=Known()), item, by=noted)


def _widened(rule: Rule | None, item: Item, *, by: str) -> Rule:
    """The rule of an item's kind, and besides what is noteworthy wherever words can stand."""
    if rule is None:
        return Rule(dirty=by)
    if rule.dirty:
        return Rule(dirty=f"{rule.dirty}|{by}")
    if item.kind == "phone":
        return Rule(canonical=rule.canonical, dirty=MOBILE_START)
    return Rule(canonical=rule.canonical, dirty=by) if _takes_any_word(item) else rule


def _takes_any_word(item: Item) -> bool:
    return item.kind == "list" or (item.codes is not None and not item.codes.closed)
