"""The HTML doors of the delivery of events, for the platform's administrators."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tedori.kernel.events import actions, queries
from tedori.kernel.organisations.audiences import audience
from tedori.kernel.organisations.queries import actor_of
from tedori.kernel.pages.values import whole


@audience("staff", permission="events.mend")
@require_GET
def deliveries(request: HttpRequest) -> HttpResponse:
    """How far each consumer is, and what could not be delivered."""
    context = {
        "consumers": queries.consumer_states(),
        "dead": queries.letters(state="dead"),
        "waiting": queries.letters(state="waiting"),
    }
    return render(request, "events/list.html", context)


@audience("staff", permission="events.mend")
@require_POST
def retry(request: HttpRequest) -> HttpResponse:
    """Give one dead letter (or all) fresh attempts."""
    letter = request.POST.get("letter")
    chosen = {} if letter is None else {"letter_id": whole(letter)}
    count = actions.retry(by=actor_of(request), at=timezone.now(), **chosen)
    messages.success(request, _("{count} 件の配達をやり直します。").format(count=count))
    return redirect("events:list")


@audience("staff", permission="events.mend")
@require_POST
def drop(request: HttpRequest, letter_id: int) -> HttpResponse:
    """Throw a dead letter away for good."""
    if actions.drop(letter_id, by=actor_of(request), at=timezone.now()):
        messages.success(request, _("配達をあきらめました。"))
    return redirect("events:list")
