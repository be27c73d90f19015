"""What the notifier writes down: who notifies, how far it is, what has to be sent and what came of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tedori.services.live.queries.store import Session
from tedori.services.live.queries.subscriptions import NOTIFIER
from tedori.services.live.rules.endpoints import MOST_WAITING
from tedori.services.live.rules.letters import Letter


class NotMine(Exception):
    """Another notifier has taken over; what was being written is not kept."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one attempt: `reason` is empty when it was taken; `final` when it will never be."""

    letter: Letter
    at: str
    reason: str = ""
    final: bool = False

    @property
    def taken(self) -> bool:
        """Whether the receiver has it."""
        return not self.reason


def take_lease(session: Session, *, holder: str, now: str, until: str) -> bool:
    """Become (or stay) the one notifier until that moment; False while another one is."""
    with session.writing():
        session.run(
            "INSERT INTO live_position (name, position, holder, until) SELECT ?, coalesce("
            "(SELECT min(since) FROM live_subscription), (SELECT max(seq) FROM live_change), 0), '', '' "
            "WHERE NOT EXISTS (SELECT 1 FROM live_position WHERE name = ?) ON CONFLICT DO NOTHING",
            (NOTIFIER, NOTIFIER),
        )
        return bool(
            session.run(
                "UPDATE live_position SET holder = ?, until = ? WHERE name = ? AND (holder = ? OR until < ?)",
                (holder, until, NOTIFIER, holder, now),
            )
        )


def leave_lease(session: Session, *, holder: str) -> None:
    """Let another notifier begin at once."""
    with session.writing():
        session.run("UPDATE live_position SET until = '' WHERE name = ? AND holder = ?", (NOTIFIER, holder))


def move_on(session: Session, *, holder: str, to: int) -> None:
    """Note how far the notifier is, inside the caller's transaction; raises NotMine when it is not ours."""
    mine = session.run(
        "UPDATE live_position SET position = ? WHERE name = ? AND holder = ?", (to, NOTIFIER, holder)
    )
    if not mine:
        raise NotMine(holder)


LETTER = (
    "INSERT INTO live_notification "
    "(key, subscription_id, endpoint, seq, state, body, attempts, at, due_at, reason, via) "
    "VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, '', ?) ON CONFLICT (key) DO NOTHING"
)


def write_letters(session: Session, letters: Sequence[Letter], *, seq: int) -> None:
    """Keep notifications that are to be sent; inside the caller's transaction."""
    session.many(
        LETTER,
        [
            (
                one.key,
                one.subscription,
                one.endpoint,
                seq,
                "waiting",
                one.body.decode(),
                one.at,
                one.at,
                one.via,
            )
            for one in letters
        ],
    )


def hold_letter(session: Session, letter: Letter, *, due_at: str) -> None:
    """Keep, or keep anew, what must wait until a throttling ends; inside the caller's transaction."""
    session.run(
        "INSERT INTO live_notification "
        "(key, subscription_id, endpoint, seq, state, body, attempts, at, due_at, reason) "
        "VALUES (?, ?, ?, 0, 'held', ?, 0, ?, ?, '') ON CONFLICT (key) DO UPDATE SET body = excluded.body",
        (letter.key, letter.subscription, letter.endpoint, letter.body.decode(), letter.at, due_at),
    )


def release_letter(session: Session, letter: Letter) -> None:
    """Its throttling has ended: it waits to be sent like any other."""
    with session.writing():
        session.run(
            "UPDATE live_notification SET state = 'waiting', body = ?, at = ?, endpoint = ? WHERE key = ?",
            (letter.body.decode(), letter.at, letter.endpoint, letter.key),
        )


def settle(session: Session, outcomes: Sequence[Outcome], *, until: str) -> None:
    """Note what came of attempts: the taken go, the others wait on or are dead; subscriptions count.

    Notifications older than `until` are given up.
    """
    with session.writing():
        session.many(
            "DELETE FROM live_notification WHERE key = ?",
            [(one.letter.key,) for one in outcomes if one.taken],
        )
        session.many(
            "UPDATE live_notification SET attempts = attempts + 1, reason = ?, state = ? WHERE key = ?",
            [
                (
                    one.reason[:300],
                    "dead" if one.final or one.letter.at < until else "waiting",
                    one.letter.key,
                )
                for one in outcomes
                if not one.taken
            ],
        )
        session.many(COUNT, list(_counts(outcomes)))


COUNT = (
    "UPDATE live_subscription SET times_sent = times_sent + ?, times_failed = times_failed + ?, "
    "failures = CASE WHEN ? THEN 0 ELSE failures + ? END, last_notification = ?, "
    "last_success = coalesce(?, last_success), last_failure = coalesce(?, last_failure) WHERE id = ?"
)


def _counts(outcomes: Iterable[Outcome]) -> Iterable[tuple[object, ...]]:
    by_subscription: dict[int, list[Outcome]] = defaultdict(list)
    for one in outcomes:
        by_subscription[one.letter.subscription].append(one)
    for key, several in sorted(by_subscription.items()):
        taken = [one.at for one in several if one.taken]
        failed = [one.at for one in several if not one.taken]
        first = sum(one.letter.attempts == 0 for one in several)
        yield (
            first,
            len(failed),
            bool(taken),
            len(failed),
            max(one.at for one in several),
            max(taken, default=None),
            max(failed, default=None),
            key,
        )


def give_up_overflow(session: Session, endpoint: str) -> int:
    """Give up the oldest notifications of an endpoint where too many wait; returns how many."""
    with session.writing():
        row = session.one(
            "SELECT id FROM live_notification WHERE state = 'waiting' AND endpoint = ? "
            "ORDER BY id DESC LIMIT 1 OFFSET ?",
            (endpoint, MOST_WAITING),
        )
        if row is None:
            return 0
        return session.run(
            "UPDATE live_notification SET state = 'dead', reason = 'overflow' "
            "WHERE state = 'waiting' AND endpoint = ? AND id <= ?",
            (endpoint, row[0]),
        )


def schedule(session: Session, key: int, *, next_at: str) -> None:
    """Note when a subscription with a time interval is due next."""
    with session.writing():
        session.run("UPDATE live_subscription SET next_at = ? WHERE id = ?", (next_at, key))
