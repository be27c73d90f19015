"""The rules of publication as people read them, and the freshness that follows from them."""

from __future__ import annotations

from dataclasses import dataclass

from tedori.services.live.queries.store import STORE
from tedori.services.live.rules.datamodels import model_of
from tedori.services.live.rules.freshness import USUAL, Limits


@dataclass(frozen=True, slots=True)
class Publication:
    """One rule; `owner` "" is the general one, for everybody without a rule of their own."""

    name: str
    owner: str
    level: str
    fresh_minutes: int | None
    relayed: bool
    reason: str
    set_by: str
    set_at: str


def publications(tenant: int, name: str = "") -> tuple[Publication, ...]:
    """Every rule of a tenant, or those for one type."""
    named, given = (" AND name = ?", (name,)) if name else ("", ())
    rows = STORE.session().all(
        "SELECT name, owner, level, fresh_minutes, relayed, reason, set_by, set_at FROM live_publication "  # noqa: S608
        f"WHERE tenant_id = ?{named} ORDER BY name, owner",
        (tenant, *given),
    )
    return tuple(Publication(*row[:4], bool(row[4]), *row[5:]) for row in rows)


def limits_of(tenant: int, name: str) -> Limits:
    """After how many minutes readings of a type are old: as its owners say, else as its model says."""
    model = model_of(name)
    rules = {rule.owner: rule.fresh_minutes for rule in publications(tenant, name) if rule.fresh_minutes}
    general = rules.pop("", None) or (model.fresh_minutes if model else USUAL)
    return Limits(general, rules)
