"""`/live/hold/`: a person sets a value, which then stays whatever sensors and partners say, or lets it go."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _

from tedori.engines.ngsild.errors import NgsiLdError
from tedori.kernel.errors import UserError
from tedori.kernel.organisations.audiences import audience
from tedori.kernel.organisations.queries import actor_of
from tedori.services.live.actions.holding import PERMISSION, Held, hold, release
from tedori.services.live.forms import HoldForm


@audience("staff", permission=PERMISSION)
def holding(request: HttpRequest) -> HttpResponse:
    """Set a value, or let it go."""
    initial = {name: request.GET.get(name, "") for name in ("urn", "attribute")}
    form = HoldForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        free = "release" in request.POST
        try:
            (release if free else hold)(Held(**form.cleaned_data), by=actor_of(request), at=timezone.now())
        except NgsiLdError:
            form.add_error("urn", _("このIDと属性の組は見つかりません。"))
        except UserError as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request, _("解除しました。次に届く値から反映されます。") if free else _("値を決めました。")
            )
            return redirect("live:hold")
    return render(request, "live/links/hold.html", {"form": form}, status=400 if form.errors else 200)


urls = [path("live/hold/", holding, name="hold")]
