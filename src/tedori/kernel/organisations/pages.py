"""The HTML doors of one's own account, an organisation's members and its tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.conf import settings
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, translate_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from tedori.kernel.errors import UserError
from tedori.kernel.organisations import actions, queries
from tedori.kernel.organisations.audiences import audience
from tedori.kernel.organisations.forms import MemberForm, OrganisationForm, RoleForm, TokenForm
from tedori.kernel.organisations.permissions import permissions, roles
from tedori.kernel.organisations.rules import Forbidden, allowed, demand
from tedori.kernel.organisations.values import Actor, OrganisationValue


@audience("resident")
@require_GET
def me(request: HttpRequest) -> HttpResponse:
    """My organisations, my role, my language, and what I may manage."""
    actor = queries.actor_of(request)
    return render(
        request,
        "organisations/me.html",
        {
            "actor": actor,
            "memberships": queries.memberships(actor.user_id),
            "role_labels": _role_labels(),
            "languages": settings.LANGUAGES,
            "language": request.user.language,
            "may_manage_members": allowed(actor, "organisations.members", organisation=None),
            "may_manage_tokens": allowed(actor, "organisations.tokens", organisation=None),
            "may_create": allowed(actor, "organisations.create", organisation=None),
        },
    )


@audience("resident")
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Act for another of my organisations from now on."""
    code = request.POST.get("organisation", "")
    if code not in {one.organisation for one in queries.memberships(request.user.pk)}:
        raise Forbidden(where=code)
    request.session[queries.ACTIVE] = code
    return redirect(_next(request))


@audience("resident")
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Speak to me in this language from now on."""
    chosen = request.POST.get("language", "")
    actions.set_language(user_id=request.user.pk, language=chosen)
    answer = redirect(translate_url(_next(request), chosen))
    answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen, samesite="Lax")
    return answer


@audience("staff", permission="organisations.create")
def organisations(request: HttpRequest) -> HttpResponse:
    """All organisations, and a form for a new one."""
    form = OrganisationForm(request.POST or None)

    def create(by: Actor) -> None:
        actions.create_organisation(**form.cleaned_data, by=by, at=timezone.now())

    if request.method == "POST" and _done(request, form, create):
        return redirect("organisations:organisations")
    return render(
        request,
        "organisations/organisations.html",
        {"form": form, "organisations": queries.organisations()},
        status=_status(form),
    )


@audience("staff")
def members(request: HttpRequest, code: str) -> HttpResponse:
    """The people in an organisation, and a form to add one."""
    place = _manageable(request, code, "organisations.members")
    form = MemberForm(request.POST or None)

    def add(by: Actor) -> None:
        actions.add_member(organisation=code, **form.cleaned_data, by=by, at=timezone.now())

    if request.method == "POST" and _done(request, form, add):
        return redirect("organisations:members", code=code)
    return render(
        request,
        "organisations/members.html",
        {
            "organisation": place,
            "form": form,
            "members": queries.members(code),
            "roles": roles(),
        },
        status=_status(form),
    )


@audience("staff")
@require_POST
def change_role(request: HttpRequest, code: str, user_id: int) -> HttpResponse:
    """Give a member another role."""
    form = RoleForm(request.POST)
    role = form.cleaned_data["role"] if form.is_valid() else request.POST.get("role", "")
    actions.change_role(
        organisation=code, user_id=user_id, role=role, by=queries.actor_of(request), at=timezone.now()
    )
    return redirect("organisations:members", code=code)


@audience("staff")
@require_POST
def remove_member(request: HttpRequest, code: str, user_id: int) -> HttpResponse:
    """Take a person out of the organisation."""
    actions.remove_member(organisation=code, user_id=user_id, by=queries.actor_of(request), at=timezone.now())
    return redirect("organisations:members", code=code)


@audience("staff")
@never_cache
def tokens(request: HttpRequest, code: str) -> HttpResponse:
    """An organisation's tokens; the answer to a new one is the only place that ever shows its secret."""
    place = _manageable(request, code, "organisations.tokens")
    by = queries.actor_of(request)
    form = TokenForm(request.POST or None, by=by, organisation=code)
    issued: list[str] = []

    def issue(by: Actor) -> None:
        _, secret = actions.issue_token(
            organisation=code,
            label=form.cleaned_data["label"],
            scopes=form.chosen(),
            by=by,
            at=timezone.now(),
            expires=form.end(),
        )
        issued.append(secret)

    if request.method == "POST" and _done(request, form, issue):
        form = TokenForm(by=by, organisation=code)
    return render(
        request,
        "organisations/tokens.html",
        {
            "organisation": place,
            "form": form,
            "secret": issued[0] if issued else "",
            "tokens": [(one, _scopes_in_words(one.scopes)) for one in queries.tokens(code)],
            "now": timezone.now(),
        },
        status=_status(form),
    )


def _scopes_in_words(scopes: Iterable[str]) -> list[str]:
    """Scopes as people read them: a label, and what it is narrowed to."""
    labels = {one.name: str(one.label) for one in permissions()}
    parts = (scope.partition(":") for scope in scopes)
    return [
        f"{labels.get(name, name)}（{limit}）" if limit else labels.get(name, name)
        for name, _, limit in parts
    ]


@audience("staff")
@require_POST
def revoke_token(request: HttpRequest, code: str, token_id: int) -> HttpResponse:
    """Make a token useless."""
    actions.revoke_token(token_id=token_id, by=queries.actor_of(request), at=timezone.now())
    return redirect("organisations:tokens", code=code)


def _manageable(request: HttpRequest, code: str, permission: str) -> OrganisationValue:
    """The organisation, once it is certain that this person may manage it: a wall tells nothing behind it."""
    demand(queries.actor_of(request), permission, organisation=code)
    place = queries.organisation(code)
    if place is None:
        raise Http404
    return place


def _done(request: HttpRequest, form: Form, act: Callable[[Actor], None]) -> bool:
    """Act on a valid form; a refusal of the action becomes the form's own error."""
    if not form.is_valid():
        return False
    try:
        act(queries.actor_of(request))
    except UserError as error:
        form.add_error(None, str(error))
        return False
    return True


def _status(form: Form) -> int:
    return 400 if form.is_bound and form.errors else 200


def _next(request: HttpRequest) -> str:
    """Where to go on: the page named in the form, as long as it is one of ours."""
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours else reverse("organisations:me")


def _role_labels() -> dict[str, object]:
    return {one.name: one.label for one in roles()}
