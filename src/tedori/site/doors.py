"""What stands at every door: a UserError becomes a clear page or JSON, in the reader's language."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from tedori.kernel.errors import PROBLEM, UserError, Words, problem
from tedori.kernel.pages.bodies import BodyTooLarge, check

NUL = "\0"


class NotText(UserError):
    """A character that is none."""

    code = "not-text"
    words = Words(_("文字ではないもの（NUL）が含まれています。"), _("入力し直してください。"))


def wants_json(request: HttpRequest) -> bool:
    """Whether the caller is a program rather than a person with a browser."""
    return not request.accepts("text/html") or request.content_type == "application/json"


def told(request: HttpRequest, error: UserError) -> HttpResponse:
    """The answer that tells of an error."""
    if wants_json(request):
        return JsonResponse(problem(error), status=error.status, content_type=PROBLEM)
    return render(request, "site/problem.html", {"error": error}, status=error.status)


class UserErrorMiddleware:
    """Turns UserErrors into answers; everything else is a bug and stays one."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, unless it brings too much."""
        try:
            check(request)
        except BodyTooLarge as error:
            answer = told(request, error)
            answer.headers["Connection"] = "close"  # whatever else is being sent is not waited for
            return answer
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: tuple[object, ...], kwargs: dict[str, object]
    ) -> HttpResponse | None:
        """Refuse what no text may hold and PostgreSQL does not take, before a query meets it.

        Doors for programs (those without a form's token) judge and describe by themselves what they take.
        """
        if getattr(view, "csrf_exempt", False):
            return None
        sent = (text for form in (request.GET, request.POST) for __, texts in form.lists() for text in texts)
        if NUL in request.path_info or any(NUL in text for text in sent):
            return told(request, NotText())
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a UserError; leave any other exception to Django."""
        return told(request, exception) if isinstance(exception, UserError) else None
