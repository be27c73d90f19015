"""How an action is called: its parameters from address or body, its answer and errors in CKAN's shapes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tedori.kernel.errors import UserError
from tedori.services.datasets.api.answers import address, as_json
from tedori.services.datasets.rules.asking import LONGEST, whole

TRUE, FALSE = {"true", "1", "yes", "t", "on"}, {"false", "0", "no", "f", "off", ""}
LARGEST_BODY = 1 << 20


class Refused(Exception):
    """An action's refusal: CKAN's name of the error, its HTTP status, and what it says."""

    def __init__(self, kind: str, status: int, **said: Any) -> None:
        super().__init__(kind)
        self.status = status
        self.error = {"__type": kind, **said}


def not_found(what: str = "") -> Refused:
    """There is no such thing."""
    return Refused("Not Found Error", 404, message=_("見つかりません") + f": {what[:200]}")


def invalid(name: str, because: str) -> Refused:
    """A parameter that cannot be."""
    return Refused("Validation Error", 409, **{name: [because]})


def unsearchable(because: str) -> Refused:
    """A search that cannot be understood."""
    return Refused("Search Query Error", 400, message=f"Search Query is invalid: {because[:200]!r}")


class Given(dict[str, Any]):
    """The parameters of a call; each reader raises CKAN's Validation Error for a value that cannot be."""

    def text(self, name: str, default: str = "") -> str:
        """A text."""
        found = self.get(name, default)
        if found is None:
            return default
        if not isinstance(found, str | int | float):
            raise invalid(name, "Must be a string")
        if len(str(found)) > 10 * LONGEST:
            raise invalid(name, "Too long")
        return str(found).replace("\x00", "")

    def need(self, name: str) -> str:
        """A text that must be there."""
        found = self.text(name)
        if not found:
            raise invalid(name, "Missing value")
        return found

    def number(self, name: str, default: int, *, most: int) -> int:
        """A whole number from 0; more than `most` counts as `most`."""
        found = self.get(name)
        if found is None or found == "":
            return default
        number = whole(str(found))
        if number is None:
            raise invalid(name, "Invalid integer")
        return min(number, most)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Yes or no."""
        found = str(self.get(name, default)).lower()
        if found not in TRUE | FALSE:
            raise invalid(name, "Must be true or false")
        return found in TRUE

    def many(self, name: str) -> list[str]:
        """Several texts: a list, a JSON list, or texts parted by commas."""
        found = self.value(name)
        if found is None or found == "":
            return []
        parts = found.split(",") if isinstance(found, str) else found
        if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
            raise invalid(name, "Not a list of strings")
        return [part.strip() for part in parts if part.strip()]

    def value(self, name: str) -> Any:
        """Whatever was given; a text that looks like JSON is read as such."""
        found = self.get(name)
        if not isinstance(found, str) or found.lstrip()[:1] not in {"{", "["}:
            return found
        try:
            return orjson.loads(found)
        except orjson.JSONDecodeError as error:
            raise invalid(name, "Cannot parse JSON") from error


def given(request: HttpRequest) -> Given:
    """The parameters in the address and in the body, JSON or form; raises Refused."""
    found = Given(request.GET.dict())
    if request.method != "POST":
        return found
    if request.content_type in {"application/x-www-form-urlencoded", "multipart/form-data"} and request.POST:
        return Given(found | request.POST.dict())
    body = request.body[: LARGEST_BODY + 1]
    if not body.strip():
        return found
    try:
        more = orjson.loads(body) if len(body) <= LARGEST_BODY else None
    except orjson.JSONDecodeError:
        more = None
    if not isinstance(more, dict):
        raise Refused("Validation Error", 400, message="Bad request - JSON Error: a JSON object is expected")
    return Given(found | more)


def answered(request: HttpRequest, action: str, result: Any) -> HttpResponse:
    """A success."""
    return as_json({"help": _help(request, action), "success": True, "result": result})


def failed(request: HttpRequest, action: str, error: Mapping[str, Any], status: int) -> HttpResponse:
    """A refusal."""
    return as_json({"help": _help(request, action), "success": False, "error": error}, status=status)


def refused(request: HttpRequest, error: UserError) -> HttpResponse:
    """An error of the house in CKAN's shape."""
    kind = {401: "Authorization Error", 403: "Authorization Error", 404: "Not Found Error"}.get(error.status)
    action = request.path.rpartition("/")[2]
    return failed(
        request, action, {"__type": kind or "Validation Error", "message": str(error)}, error.status
    )


def _help(request: HttpRequest, action: str) -> str:
    return address(request, "/api/3/action/help_show", name=action)
