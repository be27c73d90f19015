"""The kinds of case that this service opens: one per kind of doubt about a table, and wishes for data."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from tedori.kernel.cases.rules import CaseKind, Move, State
from tedori.services.datasets.rules.doubts import KINDS

OPEN, DECIDED, MOOT = "open", "decided", "moot"


def _doubt_kind(name: str, label: object) -> CaseKind:
    return CaseKind(
        f"datasets.{name}",
        label,
        states=(
            State(OPEN, _("判断待ち")),
            State(DECIDED, _("判断済み"), final=True),
            State(MOOT, _("不要になった"), final=True),
        ),
        moves=(
            Move(OPEN, DECIDED, "datasets.decide", label=_("判断する")),
            Move(OPEN, MOOT, "datasets.decide", needs_reason=True, label=_("不要にする")),
        ),
        deadline=timedelta(days=7),
        page="datasets:case",
    )


REQUEST = CaseKind(
    "datasets.request",
    _("データの要望"),
    states=(
        State("open", _("回答待ち")),
        State("accepted", _("公開予定")),
        State("released", _("公開済み"), final=True),
        State("declined", _("見送り"), final=True),
    ),
    moves=(
        Move("open", "accepted", "datasets.answer", label=_("公開を予定する")),
        Move("open", "released", "datasets.answer", label=_("公開済みと答える")),
        Move("open", "declined", "datasets.answer", needs_reason=True, label=_("見送る")),
        Move("accepted", "released", "datasets.answer", label=_("公開済みと答える")),
        Move("accepted", "declined", "datasets.answer", needs_reason=True, label=_("見送る")),
    ),
    deadline=timedelta(days=30),
    page="datasets:request-case",
)
REUSE = CaseKind(
    "datasets.reuse",
    _("活用事例の掲載"),
    states=(
        State("open", _("確認待ち")),
        State("shown", _("掲載中"), final=True),
        State("declined", _("見送り"), final=True),
    ),
    moves=(
        Move("open", "shown", "datasets.answer", label=_("掲載する")),
        Move("open", "declined", "datasets.answer", needs_reason=True, label=_("見送る")),
    ),
    deadline=timedelta(days=14),
    page="datasets:reuse-case",
)
CASE_KINDS = (*(_doubt_kind(name, label) for name, label in KINDS.items()), REQUEST, REUSE)
