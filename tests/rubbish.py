"""Rubbish for every form: what nobody would type and somebody sends."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

VALUES = (
    "",
    "x",
    "-1",
    "0",
    "9" * 40,
    "1e5",
    "None",
    "\x00",
    "'\"><b>",
    "💥" * 400,
    "2026-99-99",
    "../../etc",
)
NUMBERS = ("0", "-1", str(2**31), str(2**63), "9" * 40)
WORDS = ("x", "a%00b", quote("💥" * 60), "..", "1'--", "%0d%0aX: y")
QUERY = (
    "page",
    "state",
    "format",
    "next",
    "dataset",
    "organisation",
    "q",
    "kind",
    "show",
    "subject",
    "action",
)
ALWAYS = (
    "part",
    "seen",
    "decision",
    "step",
    "do",
    "to",
    "version",
    "reason",
    "correct",
    "visible",
    "file",
    "files",
)
FIELD = re.compile(r'<(?:input|select|textarea|button)[^>]*\bname="([^"]+)"')


def paths(route: str) -> Iterator[str]:
    """The addresses of a route with rubbish in place of what it asks for."""
    holes = re.findall(r"<(?:(\w+):)?\w+>", route)
    for turn in range(max(len(NUMBERS), len(WORDS)) if holes else 1):
        fillings = iter([(NUMBERS if kind == "int" else WORDS)[turn % 5] for kind in holes])
        yield "/" + re.sub(r"<(?:\w+:)?\w+>", lambda _hole, rest=fillings: next(rest), route)


def visit(browser: Client, path: str) -> Iterator[tuple[str, int]]:
    """What a page answers to rubbish in its address, its forms and its files: (what was sent, status)."""
    shown = browser.get(path)
    text = shown.content.decode(errors="replace") if not shown.streaming else ""
    shown.close()
    yield f"GET {path}", shown.status_code
    yield f"POST {path} nothing", _status(browser.post(path))
    if shown.status_code == 404:
        return
    names = sorted({*FIELD.findall(text), *ALWAYS} - {"csrfmiddlewaretoken"})
    for value in VALUES:
        asked = {name: value for name in QUERY}
        yield f"GET {path} {value[:20]!r}", _status(browser.get(path, asked))
        yield f"POST {path} {value[:20]!r}", _status(browser.post(path, dict.fromkeys(names, value)))
    yield f"POST {path} files", _status(browser.post(path, {name: _file() for name in names}))
    yield f"POST {path} json", _status(browser.post(path, b"{[", content_type="application/json"))
    for method in (browser.put, browser.delete, browser.patch, browser.options):
        yield f"{method.__name__} {path}", _status(method(path))


def one_by_one(browser: Client, path: str, sent: dict[str, str]) -> Iterator[tuple[str, int]]:
    """A form that is right in all fields but one."""
    for name in sent:
        for value in (*VALUES, None):
            wrong = {key: text for key, text in sent.items() if key != name}
            if value is not None:
                wrong[name] = value
            yield f"POST {path} {name}={value!r}", _status(browser.post(path, wrong))


def broken(answers: Iterable[tuple[str, int]]) -> list[str]:
    """What was answered with a failure of ours."""
    return [f"{sent}: {status}" for sent, status in answers if status >= 500]


def _status(answer) -> int:
    answer.close()
    return answer.status_code


def _file() -> SimpleUploadedFile:
    return SimpleUploadedFile("\u202ea/../b\n.csv", b"\x00\xff\xfe,\n" * 9)
