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
from tedori.services.live.models.subscriptions import Notification, Position, Subscription

__all__ = [
    "Change",
    "Context",
    "Entity",
    "EntityType",
    "History",
    "Notification",
    "Place",
    "Position",
    "Publication",
    "Scope",
    "Subscription",
    "Tenant",
    "Use",
    "Value",
]
