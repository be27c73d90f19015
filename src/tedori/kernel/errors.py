"""The one kind of error that a person is shown: what happened, where, and what to do; and its JSON shape."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of an error, already in the reader's language once they are turned into str."""

    what: str | Promise
    todo: str | Promise = ""


class UserError(Exception):
    """An error that is the caller's to mend, shown without a traceback.

    Subclasses set `code` (stable, for programs), `status` (HTTP) and `words`. Format fields given to the
    constructor fill `{}` fields of the words. Anything that is not a UserError is a bug and is not caught.
    """

    code = "user-error"
    status = 400
    words = Words("")

    def __init__(self, *, where: str = "", **fields: object) -> None:
        super().__init__(self.code)
        self.where = where
        self.fields = fields

    @property
    def what(self) -> str:
        """What happened, in the active language."""
        return str(self.words.what).format(**self.fields)

    @property
    def todo(self) -> str:
        """What to do about it, in the active language."""
        return str(self.words.todo).format(**self.fields)

    def __str__(self) -> str:
        return " ".join(part for part in (self.what, self.where, self.todo) if part)


PROBLEM = "application/problem+json"


def problem(error: UserError) -> dict[str, str | int]:
    """An error as RFC 9457 problem details, in the active language.

    `type`, `title`, `status` and `detail` are the standard's; `code`, `where` and `todo` are ours.
    """
    return {
        "type": f"about:blank#{error.code}",
        "title": error.what,
        "status": error.status,
        "code": error.code,
        "detail": str(error),
        "where": error.where,
        "todo": error.todo,
    }
