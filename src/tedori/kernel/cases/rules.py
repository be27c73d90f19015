"""What a kind of case declares, what may happen to a case, and why something may not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tedori.kernel.discovery import rooms
from tedori.kernel.errors import UserError, Words
from tedori.kernel.organisations.rules import allowed
from tedori.kernel.organisations.values import Actor

# --- what a service declares -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class State:
    """Where a case can stand; a case in a `final` state is closed."""

    code: str
    label: str | Promise
    final: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """A way from one state to another, and the permission that it takes."""

    frm: str
    to: str
    permission: str
    needs_reason: bool = False
    label: str | Promise = ""


# Where a case stands whose kind is there no more.
ENDED = "ended"
WITHOUT_KIND = {ENDED: _("サービスの終了により終了")}


@dataclass(frozen=True, slots=True)
class CaseKind:
    """A kind of case, declared in a service's `rules.py` in the tuple CASE_KINDS; the first state opens.

    `page` names a URL that takes the case's id, when the service shows the case on a desk of its own.
    """

    name: str
    label: str | Promise
    states: tuple[State, ...]
    moves: tuple[Move, ...]
    deadline: timedelta | None = None
    page: str = ""

    def __post_init__(self) -> None:
        codes = [state.code for state in self.states]
        if len(set(codes)) != len(codes) or not any(state.final for state in self.states):
            raise Wiring(f"case kind {self.name}: states are doubled, or none is final")
        for move in self.moves:
            if move.frm not in codes or move.to not in codes:
                raise Wiring(f"case kind {self.name}: no state for {move.frm} → {move.to}")

    def state(self, code: str) -> State:
        """The state with this code."""
        return next(state for state in self.states if state.code == code)

    def move(self, frm: str, to: str) -> Move | None:
        """The declared move between two states, or None."""
        return next((move for move in self.moves if (move.frm, move.to) == (frm, to)), None)


class Wiring(Exception):
    """A programming error in how kinds of cases are declared."""


@cache
def kinds() -> Mapping[str, CaseKind]:
    """Every kind that the rooms of the house declare, by name."""
    found: dict[str, CaseKind] = {}
    for parent in ("tedori.kernel", "tedori.services"):
        for room in rooms(parent, "rules"):
            for kind in getattr(room, "CASE_KINDS", ()):
                if found.setdefault(kind.name, kind) is not kind:
                    raise Wiring(f"case kind {kind.name} is declared twice")
    return found


def kind(name: str) -> CaseKind:
    """The declared kind; raises Wiring."""
    try:
        return kinds()[name]
    except KeyError:
        raise Wiring(f"no room declares the case kind {name!r}") from None


# --- what readers get ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Case:
    """A case as it stands; `secret` is filled only for who has just opened it for a reporter."""

    id: int
    kind: str
    kind_label: str
    state: str
    state_label: str
    final: bool
    organisation: str
    title: str
    subject: str
    facts: Mapping[str, object]
    key: str
    owner: int | None
    owner_name: str
    deadline: datetime | None
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None
    has_reporter: bool
    reporter_name: str
    answered_at: datetime | None
    version: int
    secret: str = ""

    def overdue(self, now: datetime) -> bool:
        """Whether it is still open after its deadline."""
        return self.closed_at is None and self.deadline is not None and self.deadline < now

    @property
    def owes_answer(self) -> bool:
        """Whether somebody still waits to hear what became of this."""
        return self.has_reporter and self.answered_at is None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a case's history; `what` is one of DEEDS."""

    id: int
    what: str
    by_name: str
    at: datetime
    frm: str
    to: str
    text: str
    for_reporter: bool


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that belongs to a case; `bytes` is its size."""

    id: int
    case: int
    name: str
    media_type: str
    bytes: int
    sha256: str
    by_name: str
    at: datetime
    for_reporter: bool


# --- what may not happen ---------------------------------------------------------------------------------


class NoSuchCase(UserError):
    """The case does not exist, or is behind another organisation's wall."""

    code = "no-such-case"
    status = 404
    words = Words(_("案件が見つかりません。"), _("一覧から選び直してください。"))


class StaleCase(UserError):
    """Somebody changed the case after the caller had read it."""

    code = "stale-case"
    status = 409
    words = Words(
        _("画面を開いたあとに、{who}さんがこの案件を更新しました（{what}）。"),
        _("最新の内容を確認してから、もう一度操作してください。"),
    )


class NotAllowed(UserError):
    """The kind declares no such move from here."""

    code = "no-such-move"
    status = 409
    words = Words(
        _("この案件は「{frm}」から「{to}」へは進められません。"), _("表示されている操作から選んでください。")
    )


class ReasonNeeded(UserError):
    """This move takes a reason."""

    code = "reason-needed"
    words = Words(_("この操作には理由が必要です。"), _("理由を記入してください。"))


class TextNeeded(UserError):
    """A comment or an answer without a text."""

    code = "text-needed"
    words = Words(_("本文がありません。"), _("本文を記入してください。"))


class ReporterUnanswered(UserError):
    """The reporter always hears back: a law of the house."""

    code = "reporter-unanswered"
    status = 409
    words = Words(
        _("報告した人への回答がまだのため、案件を終えられません。"), _("回答を記入してから終えてください。")
    )


class NoReporter(UserError):
    """There is nobody to answer."""

    code = "no-reporter"
    status = 409
    words = Words(_("この案件には報告した人がいません。"), _("内部の記録にはコメントを使ってください。"))


class CaseClosed(UserError):
    """A closed case does not change any more."""

    code = "case-closed"
    status = 409
    words = Words(_("この案件は終了しています。"), _("続きがある場合は新しい案件を開いてください。"))


class NotAMember(UserError):
    """Only people of the organisation can own its cases."""

    code = "not-a-member"
    words = Words(_("担当にできるのは、この組織の職員だけです。"), _("一覧から選んでください。"))


class FileTooLarge(UserError):
    """An attachment above the limit."""

    code = "file-too-large"
    status = 413
    words = Words(_("ファイルが大きすぎます（上限 {limit} MB）。"), _("分けるか、縮小してください。"))


class FileTypeRefused(UserError):
    """An attachment of a type that is not allowed, or whose content is something else than its name says."""

    code = "file-type-refused"
    status = 415
    words = Words(
        _("この種類のファイルは添付できません。"),
        _("使える種類：{types}。拡張子と中身が一致しているかも確認してください。"),
    )


class NoSuchFile(UserError):
    """The case has no such attachment, or its content has been lost."""

    code = "no-such-file"
    status = 404
    words = Words(_("添付ファイルが見つかりません。"), _("案件の画面から選び直してください。"))


class FileMissing(UserError):
    """The form came without a file."""

    code = "file-missing"
    words = Words(_("ファイルが選ばれていません。"), _("ファイルを選んでから添付してください。"))


class UnknownDeed(UserError):
    """The form asks for something that cannot be done to a case."""

    code = "unknown-deed"
    words = Words(_("この操作は行えません。"), _("画面を読み込み直してください。"))


def may_work(actor: Actor, kind: CaseKind, organisation: str) -> bool:
    """Whether the actor may do anything to cases of this kind: whoever may make one of its moves."""
    needed = {move.permission for move in kind.moves}
    return any(allowed(actor, permission, organisation=organisation) for permission in needed)


def open_moves(actor: Actor, kind: CaseKind, *, state: str, organisation: str) -> tuple[Move, ...]:
    """The moves that the actor may make from this state."""
    return tuple(
        move
        for move in kind.moves
        if move.frm == state and allowed(actor, move.permission, organisation=organisation)
    )


def check_move(kind: CaseKind, *, frm: str, to: str, reason: str, owes_answer: bool) -> Move:
    """The declared move, if it may be made now; raises NotAllowed, ReasonNeeded or ReporterUnanswered."""
    move = kind.move(frm, to)
    if move is None:
        labels = {state.code: state.label for state in kind.states}
        raise NotAllowed(frm=labels.get(frm, frm), to=labels.get(to, to))
    if move.needs_reason and not reason.strip():
        raise ReasonNeeded
    if kind.state(to).final and owes_answer:
        raise ReporterUnanswered
    return move


DEEDS = {
    "opened": _("登録"),
    "moved": _("状態を「{to}」に変更"),
    "assigned": _("担当を「{to}」に変更"),
    "commented": _("コメント"),
    "attached": _("ファイル「{to}」を添付"),
    "answered": _("報告した人への回答"),
    "said": _("報告した人からの連絡"),
}


def describe(what: str, to: str) -> str:
    """What an entry of the history says, in the reader's language."""
    return str(DEEDS[what]).format(to=to or "—")
