"""Who acts: frozen values that every service may pass around."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

# Roles that no membership can carry: they are given by the kernel alone.
PLATFORM = "platform"
SYSTEM = "system"
RESERVED = frozenset({PLATFORM, SYSTEM})

KINDS = ("bureau", "municipality", "company", "civic")


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody (a person, a token, the system) who acts, for at most one organisation at a time."""

    user_id: int | None = None
    token_id: int | None = None
    name: str = ""
    organisation: str = ""
    kind: str = ""
    roles: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()

    @property
    def signed_in(self) -> bool:
        """Whether this is a person with a session."""
        return self.user_id is not None

    @property
    def everywhere(self) -> bool:
        """Whether organisation walls do not hold this actor (platform administrator, the system)."""
        return bool(self.roles & RESERVED)

    @property
    def reference(self) -> str:
        """A stable name without personal data: user:3, token:8, system:worker, anonymous."""
        if self.token_id is not None:
            return f"token:{self.token_id}"
        if self.user_id is not None:
            return f"user:{self.user_id}"
        return f"system:{self.name}" if SYSTEM in self.roles else "anonymous"


ANONYMOUS = Actor()


def system_actor(name: str) -> Actor:
    """The house itself acting, for example `system_actor("worker")`; never made from a request."""
    return Actor(name=name, roles=frozenset({SYSTEM}))


@dataclass(frozen=True, slots=True)
class OrganisationValue:
    """An organisation as readers see it."""

    code: str
    name: str
    name_en: str
    kind: str
    parent: str
    steward_of_platform: bool


@dataclass(frozen=True, slots=True)
class Member:
    """A person in an organisation."""

    user_id: int
    username: str
    name: str
    organisation: str
    organisation_name: str
    role: str


@dataclass(frozen=True, slots=True)
class TokenValue:
    """A token without its secret."""

    id: int
    organisation: str
    label: str
    prefix: str
    scopes: tuple[str, ...]
    created_by: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_on: date | None
