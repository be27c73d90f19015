"""The HTML doors of cases for staff: the queue, and one case with everything that can be done to it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.template.loader import select_template
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from tedori.kernel.cases import actions, files, queries, rules
from tedori.kernel.cases.queries import Wanted
from tedori.kernel.cases.rules import Attachment, Case, Entry
from tedori.kernel.errors import UserError
from tedori.kernel.organisations.audiences import audience
from tedori.kernel.organisations.queries import actor_of, members
from tedori.kernel.organisations.values import Actor
from tedori.kernel.pages.bodies import takes
from tedori.kernel.pages.sending import download
from tedori.kernel.pages.values import Pages, whole

SIZE = 50


@audience("staff")
@require_GET
def cases(request: HttpRequest) -> HttpResponse:
    """The queue of one's own organisation, the most pressing first (platform administrators: all)."""
    actor, now = actor_of(request), timezone.now()
    asked = {name: request.GET.get(name, "") for name in ("kind", "state", "mine", "overdue", "closed")}
    number = request.GET.get("page", "")
    page = max(1, whole(number))
    wanted = Wanted(
        kind=asked["kind"],
        state=asked["state"],
        owner=actor.user_id if asked["mine"] else None,
        overdue_at=now if asked["overdue"] else None,
        open_only=not asked["closed"],
    )
    rows, total = queries.queue(actor, wanted, skip=(page - 1) * SIZE, limit=SIZE)
    kinds = rules.kinds()
    chosen = [kinds[asked["kind"]]] if asked["kind"] in kinds else list(kinds.values())
    return render(
        request,
        "cases/list.html",
        {
            "pages": Pages(
                tuple((case, address(case), case.overdue(now)) for case in rows), page, SIZE, total
            ),
            "asked": asked,
            "kinds": kinds.values(),
            "states": {state.code: state.label for kind in chosen for state in kind.states}.items(),
            "everywhere": actor.everywhere,
        },
    )


def address(case: Case) -> str:
    """Where a case is worked on: the desk that its kind names, or the kernel's own page."""
    kind = rules.kinds().get(case.kind)
    return reverse(kind.page if kind and kind.page else "cases:case", args=[case.id])


@takes(lambda: (files.LIMIT_MB + 1) * 2**20)
@audience("staff")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def case(request: HttpRequest, case_id: int) -> HttpResponse:
    """One case; a POST does one thing to it. What cannot be done is said above the form, still filled in."""
    actor = actor_of(request)
    found = queries.case(case_id, seen_by=actor)
    if request.method != "POST":
        return _detail(request, found, actor)
    try:
        said = _do(request, found, actor)
    except UserError as error:
        return _detail(request, queries.case(case_id, seen_by=actor), actor, error=error)
    messages.success(request, said)
    return redirect("cases:case", case_id)


def _do(request: HttpRequest, found: Case, actor: Actor) -> str:
    """Do what the form asks; returns what to say about it."""
    do = {"move": _move, "assign": _assign, "comment": _comment, "answer": _answer, "attach": _attach}
    return do.get(request.POST.get("do", ""), _nothing)(request, found, actor)


def _seen(request: HttpRequest) -> int:
    return whole(request.POST.get("version"))


def _move(request: HttpRequest, found: Case, actor: Actor) -> str:
    moved = actions.move(
        found.id,
        to=request.POST.get("to", ""),
        by=actor,
        at=timezone.now(),
        seen_version=_seen(request),
        reason=request.POST.get("reason", ""),
        answer=request.POST.get("answer", ""),
    )
    return _("「{state}」に進めました。").format(state=moved.state_label)


def _assign(request: HttpRequest, found: Case, actor: Actor) -> str:
    person = request.POST.get("owner", "")
    to = whole(person) or None
    changed = actions.assign(found.id, to=to, by=actor, at=timezone.now(), seen_version=_seen(request))
    return _("担当を「{name}」にしました。").format(name=changed.owner_name or "—")


def _comment(request: HttpRequest, found: Case, actor: Actor) -> str:
    actions.comment(found.id, text=request.POST.get("comment", ""), by=actor, at=timezone.now())
    return _("コメントを加えました。")


def _answer(request: HttpRequest, found: Case, actor: Actor) -> str:
    actions.answer_reporter(found.id, text=request.POST.get("answer", ""), by=actor, at=timezone.now())
    return _("報告した人に回答しました。")


def _attach(request: HttpRequest, found: Case, actor: Actor) -> str:
    sent = request.FILES.get("file")
    if sent is None:
        raise rules.FileMissing
    actions.attach(
        found.id,
        name=sent.name,
        chunks=sent.chunks(),
        by=actor,
        at=timezone.now(),
        for_reporter=bool(request.POST.get("for_reporter")),
    )
    return _("ファイルを添付しました。")


def _nothing(request: HttpRequest, found: Case, actor: Actor) -> str:
    raise rules.UnknownDeed


def _detail(
    request: HttpRequest, found: Case, actor: Actor, *, error: UserError | None = None
) -> HttpResponse:
    kind = rules.kinds().get(found.kind)
    labels = rules.WITHOUT_KIND | ({state.code: state.label for state in kind.states} if kind else {})
    context = {
        "case": found,
        "overdue": found.overdue(timezone.now()),
        "body": body_of(found),
        **(_work(found, kind, actor) if kind else NO_WORK),
        "people": members(found.organisation),
        "history": told(queries.history(found.id), labels),
        "files": [
            (one, reverse("cases:file", args=[found.id, one.id])) for one in queries.attachments(found.id)
        ],
        "types": ",".join(sorted(files.TYPES)),
        "limit": files.LIMIT_MB,
        "error": error,
        "entered": request.POST if error else {},
    }
    return render(request, "cases/case.html", context, status=error.status if error else 200)


NO_WORK = {"desk": "", "moves": [], "may_work": False}


def _work(found: Case, kind: rules.CaseKind, actor: Actor) -> dict[str, object]:
    """What can be done with a case whose kind is known: where, which moves, and whether by this person."""
    moves = rules.open_moves(actor, kind, state=found.state, organisation=found.organisation)
    ends = [(move, kind.state(move.to)) for move in moves]
    return {
        "desk": address(found) if kind.page else "",
        "moves": [(move, state.label, state.final) for move, state in ends],
        "may_work": rules.may_work(actor, kind, found.organisation),
    }


def body_of(found: Case) -> str:
    """What the case is about: by the service's template `<service>/cases/<kind>.html`, else its facts."""
    service, _dot, name = found.kind.partition(".")
    template = select_template([f"{service}/cases/{name}.html", "cases/facts.html"])
    return template.render({"case": found, "facts": found.facts})


def told(entries: tuple[Entry, ...], labels: dict[str, object]) -> list[tuple[Entry, str]]:
    """Each line of a history with what it says in words."""
    return [(entry, rules.describe(entry.what, str(labels.get(entry.to, entry.to)))) for entry in entries]


@audience("staff")
@require_GET
def file(request: HttpRequest, case_id: int, file_id: int) -> HttpResponse:
    """An attachment, to be saved."""
    found = queries.case(case_id, seen_by=actor_of(request))
    return attached(request, queries.attachment(found.id, file_id))


def attached(request: HttpRequest, kept: Attachment) -> StreamingHttpResponse:
    """A file to be saved, never shown inside our own pages; raises NoSuchFile when it has been lost."""
    try:
        answer = download(request, files.place(kept.sha256), name=kept.name, kind=kept.media_type)
    except FileNotFoundError as error:
        raise rules.NoSuchFile from error
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer
