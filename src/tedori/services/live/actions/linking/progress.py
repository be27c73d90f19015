"""What a link's work leaves behind: how far it is, what went well, what did not. And who does the work."""

from __future__ import annotations

from dataclasses import dataclass

from tedori.services.live.queries.store import Session
from tedori.services.live.rules.links import Link

LINKS = "links"


def take_lease(session: Session, *, holder: str, now: str, until: str) -> bool:
    """Become (or stay) the one that works for links until that moment; False while another one is."""
    with session.writing():
        session.run(
            "INSERT INTO live_position (name, position, holder, until) VALUES (?, 0, '', '') "
            "ON CONFLICT DO NOTHING",
            (LINKS,),
        )
        return bool(
            session.run(
                "UPDATE live_position SET holder = ?, until = ? WHERE name = ? AND (holder = ? OR until < ?)",
                (holder, until, LINKS, holder, now),
            )
        )


def leave_lease(session: Session, *, holder: str) -> None:
    """Let another one begin at once."""
    with session.writing():
        session.run("UPDATE live_position SET until = '' WHERE name = ? AND holder = ?", (LINKS, holder))


@dataclass(frozen=True, slots=True)
class Step:
    """One exchange that worked: None leaves as it was; the numbers are added."""

    position: int | None = None
    caught_up: str | None = None
    subscription: str | None = None
    mark: str | None = None
    sent: int = 0
    received: int = 0
    refused: int = 0


WELL = (
    "UPDATE live_link SET position = coalesce(?, position), caught_up = coalesce(?, caught_up), "
    "subscription = coalesce(?, subscription), mark = coalesce(?, mark), sent = sent + ?, "
    "received = received + ?, refused = refused + ?, last_ok = ?, failures = 0, reason = '' "
    "WHERE id = ? AND version = ?"
)


def went_well(session: Session, link: Link, step: Step, *, at: str) -> None:
    """Note an exchange; nothing is noted when the link was set up anew meanwhile."""
    with session.writing():
        session.run(
            WELL,
            (
                step.position, step.caught_up, step.subscription, step.mark, step.sent, step.received,
                step.refused, at, link.id, link.version,
            ),
        )  # fmt: skip


def went_wrong(session: Session, link: Link, reason: str, *, at: str) -> None:
    """Note a failure with its reason."""
    with session.writing():
        session.run(
            "UPDATE live_link SET failures = failures + 1, last_failure = ?, reason = ? "
            "WHERE id = ? AND version = ?",
            (at, reason[:300], link.id, link.version),
        )


def came_in(session: Session, link: Link, *, received: int, refused: int, at: str) -> None:
    """Note what a partner's notification brought."""
    with session.writing():
        session.run(
            "UPDATE live_link SET received = received + ?, refused = refused + ?, last_ok = ? WHERE id = ?",
            (received, refused, at, link.id),
        )
