"""The kinds of condition and value that a rule may use, found by their names."""

from tedori.engines.rules.kinds import amounts, days, logic, people, tables
from tedori.engines.rules.kinds.kind import Kind

KINDS: dict[str, Kind] = {
    kind.name: kind for room in (logic, amounts, tables, people, days) for kind in room.KINDS
}
__all__ = ["KINDS", "Kind"]
