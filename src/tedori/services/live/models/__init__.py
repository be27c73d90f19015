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
from tedori.services.live.models.links import Link
from tedori.services.live.models.registrations import Registration
from tedori.services.live.models.sharing import Context, Publication, Use
from tedori.services.live.models.subscriptions import Notification, Position, Subscription

__all__ = [
    "Change",
    "Context",
    "Entity",
    "EntityType",
    "History",
    "Link",
    "Notification",
    "Place",
    "Position",
    "Publication",
    "Registration",
    "Scope",
    "Subscription",
    "Tenant",
    "Use",
    "Value",
]
