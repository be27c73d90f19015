"""`/live/subscriptions/`: whom subscriptions of an organisation tell, how that goes, what was given up."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from tedori.kernel.organisations.audiences import audience
from tedori.kernel.organisations.queries import actor_of
from tedori.kernel.pages.values import Column, Crumb, Link, Status, Table, page_of
from tedori.services.live.actions import attending
from tedori.services.live.actions.attending import PERMISSION
from tedori.services.live.actions.writing import column_time
from tedori.services.live.forms import LettersForm, ReasonForm
from tedori.services.live.pages.words import clock, read, type_label
from tedori.services.live.queries.subscribers import (
    Dead,
    Subscriber,
    dead_letters,
    subscriber,
    subscribers,
)
from tedori.services.live.rules.letters import GONE
from tedori.services.live.rules.subscribing import NoSuchSubscription

STANDS = {
    "well": ("ok", gettext_lazy("届いています")),
    "silent": ("none", gettext_lazy("まだ知らせることがありません")),
    "failing": ("stop", gettext_lazy("届きません。もう一度試しています")),
    "lost": ("wait", gettext_lazy("届かなかった通知があります")),
    "paused": ("none", gettext_lazy("止めています")),
    "expired": ("none", gettext_lazy("期限が過ぎました")),
}
REASONS = {
    "overflow": gettext_lazy("送信待ちが多すぎたため"),
    GONE: gettext_lazy("送る前に購読が止まったため"),
}


def _owner(request: HttpRequest) -> str | None:
    actor = actor_of(request)
    return None if actor.everywhere else actor.organisation


def _found(request: HttpRequest, number: int) -> Subscriber:
    found = subscriber(number, owner=_owner(request))
    if found is None:
        raise NoSuchSubscription(where=str(number))
    return found


def _time(text: str) -> str | None:
    moment = read(text)
    return clock(moment) if moment else None


def _status(one: Subscriber) -> Status:
    return Status(*STANDS[one.stands(column_time(timezone.now()))])


@audience("staff", permission=PERMISSION)
def subscriptions(request: HttpRequest) -> HttpResponse:
    """The subscriptions of the organisation and how they fare."""
    pages = page_of(subscribers(_owner(request)), number=request.GET.get("page"))
    columns = (
        Column(_("購読")),
        Column(_("状態")),
        Column(_("知らせる先")),
        Column(_("最後に届いた"), "date"),
        Column(_("最後に失敗した"), "date"),
        Column(_("送信待ち"), "number"),
        Column(_("届かなかった"), "number"),
    )
    rows = tuple(
        (
            Link(one.name, reverse("live:subscription", args=[one.number])),
            _status(one),
            one.place,
            _time(one.last_success),
            _time(one.last_failure),
            one.waiting,
            one.dead,
        )
        for one in pages.rows
    )
    context = {
        "table": Table(_("変化の通知先"), columns, rows),
        "pages": pages,
        "crumbs": (Crumb(_("いまの状況"), reverse("live:types")), Crumb(_("変化の通知先"))),
    }
    return render(request, "live/subscriptions/list.html", context)


@audience("staff", permission=PERMISSION)
def subscription(request: HttpRequest, number: int) -> HttpResponse:
    """One subscription: how it fares, what was given up, and what can be done."""
    return _shown(request, _found(request, number))


@audience("staff", permission=PERMISSION)
@require_POST
def switch(request: HttpRequest, number: int) -> HttpResponse:
    """Pause it, or let it go on."""
    found, form = _found(request, number), _switching(request.POST)
    if not form.is_valid():
        return _shown(request, found, switching=form)
    active, reason = not found.active, form.cleaned_data["reason"]
    attending.switch(number, active=active, reason=reason, by=actor_of(request), at=timezone.now())
    messages.success(request, _("購読を再開しました。") if active else _("購読を止めました。"))
    return redirect("live:subscription", number)


@audience("staff", permission=PERMISSION)
@require_POST
def letters(request: HttpRequest, number: int) -> HttpResponse:
    """Send again or drop what was given up."""
    found = _found(request, number)
    form = _letters_form(dead_letters(number), request.POST)
    if not form.is_valid():
        return _shown(request, found, form=form)
    dropping = "drop" in request.POST
    work = attending.drop if dropping else attending.send_again
    reason = form.cleaned_data["reason"]
    count = work(number, form.chosen, reason=reason, by=actor_of(request), at=timezone.now())
    said = (
        ngettext("通知を%(n)s件捨てました。", "通知を%(n)s件捨てました。", count)
        if dropping
        else ngettext("通知を%(n)s件送り直します。", "通知を%(n)s件送り直します。", count)
    )
    messages.success(request, said % {"n": count})
    return redirect("live:subscription", number)


def _shown(
    request: HttpRequest,
    found: Subscriber,
    *,
    form: LettersForm | None = None,
    switching: ReasonForm | None = None,
) -> HttpResponse:
    dead = dead_letters(found.number)
    context = {
        "one": found,
        "status": _status(found),
        "kinds": tuple(type_label(name) for name in found.kinds),
        "success": _time(found.last_success),
        "failure": _time(found.last_failure),
        "expires": _time(found.expires_at),
        "dead": _dead_table(dead),
        "left_out": found.dead - len(dead),
        "form": form or _letters_form(dead),
        "switching": switching or _switching(),
        "crumbs": (
            Crumb(_("いまの状況"), reverse("live:types")),
            Crumb(_("変化の通知先"), reverse("live:subscriptions")),
            Crumb(found.name),
        ),
    }
    return render(request, "live/subscriptions/one.html", context, status=400 if form or switching else 200)


def _switching(given: Any = None) -> ReasonForm:
    return ReasonForm(given, prefix="switch")


def _letters_form(dead: tuple[Dead, ...], given: Any = None) -> LettersForm:
    return LettersForm(given, letters=tuple((str(one.number), _time(one.at) or one.at) for one in dead))


def _dead_table(dead: tuple[Dead, ...]) -> Table:
    columns = (Column(_("いつの通知"), "date"), Column(_("試した回数"), "number"), Column(_("理由")))
    rows = tuple(
        (_time(one.at) or one.at, one.attempts, str(REASONS.get(one.reason, one.reason))) for one in dead
    )
    return Table(_("届かなかった通知"), columns, rows)


urls = [
    path("live/subscriptions/", subscriptions, name="subscriptions"),
    path("live/subscriptions/<int:number>/", subscription, name="subscription"),
    path("live/subscriptions/<int:number>/switch/", switch, name="subscription-switch"),
    path("live/subscriptions/<int:number>/letters/", letters, name="subscription-letters"),
]
