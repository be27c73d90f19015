"""What stands at every door: a UserError becomes a clear page or JSON, in the reader's language."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from tedori.kernel.errors import PROBLEM, UserError, problem


def wants_json(request: HttpRequest) -> bool:
    """Whether the caller is a program rather than a person with a browser."""
    return not request.accepts("text/html") or request.content_type == "application/json"


class UserErrorMiddleware:
    """Turns UserErrors into answers; everything else is a bug and stays one."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a UserError; leave any other exception to Django."""
        if not isinstance(exception, UserError):
            return None
        if wants_json(request):
            return JsonResponse(problem(exception), status=exception.status, content_type=PROBLEM)
        return render(request, "site/problem.html", {"error": exception}, status=exception.status)
