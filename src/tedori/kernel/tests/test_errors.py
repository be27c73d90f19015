"""How an error that a person can mend is told, to people and to programs."""

from __future__ import annotations

from django.utils.translation import override

from tedori.kernel.errors import UserError, Words, problem
from tedori.kernel.organisations.rules import Forbidden


class TooMany(UserError):
    """More than fits."""

    code = "too-many"
    status = 413
    words = Words("{count} are too many.", "Send fewer.")


def test_a_program_hears_an_error_as_problem_details():
    assert problem(TooMany(where="row 7", count=9)) == {
        "type": "about:blank#too-many",
        "title": "9 are too many.",
        "status": 413,
        "code": "too-many",
        "detail": "9 are too many. row 7 Send fewer.",
        "where": "row 7",
        "todo": "Send fewer.",
    }


def test_an_error_speaks_the_readers_language():
    japanese = problem(Forbidden())["title"]
    with override("en"):
        english = problem(Forbidden())["title"]
    assert japanese != english
    assert english.isascii()
