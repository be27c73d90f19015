"""What acts and subjects are called: every app declares the words of what it writes down."""

from __future__ import annotations

from functools import cache

from django.apps import apps

from tedori.kernel.pages.values import Text


@cache
def acts() -> dict[str, Text]:
    """Code of an act → words, as apps declare them in `acts`."""
    return {code: words for app in apps.get_app_configs() for code, words in getattr(app, "acts", {}).items()}


@cache
def subjects() -> dict[str, Text]:
    """Beginning of a subject (`case`, `datasets/version`) → words, as apps declare them in `subjects`."""
    found = {}
    for app in apps.get_app_configs():
        found |= getattr(app, "subjects", {})
    return found


def act(code: str) -> Text:
    """What an act is called; its code when nobody says."""
    return acts().get(code, code)


def subject(code: str) -> str:
    """What something is called, with its number: `case:7` → 案件 7; the code when nobody says."""
    for mark in (":", "/"):
        kind, _mark, identity = code.rpartition(mark)
        if kind in subjects():
            return f"{subjects()[kind]} {identity}"
    return str(subjects().get(code, code))
