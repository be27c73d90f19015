"""The tables of the live hub."""

from tedori.services.live.models.entities import (
    Change,
    Entity,
    EntityType,
    History,
    Place,
    Scope,
    Tenant,
    Value,
)
from tedori.services.live.models.sharing import Context, Publication, Use

__all__ = [
    "Change",
    "Context",
    "Entity",
    "EntityType",
    "History",
    "Place",
    "Publication",
    "Scope",
    "Tenant",
    "Use",
    "Value",
]
