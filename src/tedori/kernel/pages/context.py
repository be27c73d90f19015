"""What every page knows: menu, person, languages, version."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, resolve, reverse, translate_url
from django.utils.translation import get_language

import tedori
from tedori.kernel.errors import UserError
from tedori.kernel.organisations.audiences import admits
from tedori.kernel.organisations.queries import actor_of
from tedori.kernel.organisations.rules import allowed
from tedori.kernel.organisations.values import ANONYMOUS, Actor
from tedori.kernel.pages.values import Entry, Text


@dataclass(frozen=True, slots=True)
class MenuItem:
    """An entry of the menu as this reader sees it."""

    label: Text
    url: str
    here: bool


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language that this same page exists in."""

    code: str
    name: str
    url: str
    here: bool


@dataclass(frozen=True, slots=True)
class House:
    """The frame around every page."""

    public: tuple[MenuItem, ...]
    work: tuple[MenuItem, ...]
    tongues: tuple[Tongue, ...]
    language: str
    home: str
    version: str
    tiles: str
    tiles_credit: str


def address(name: str) -> str | None:
    """The address of a named page in the active language, or None while nobody serves it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def entries() -> tuple[Entry, ...]:
    """All menu entries that apps declare, in order."""
    declared = (entry for app in apps.get_app_configs() for entry in getattr(app, "navigation", ()))
    return tuple(sorted(declared, key=lambda entry: entry.order))


def reader(request: HttpRequest) -> Actor:
    """Who reads, as far as the menu is concerned."""
    try:
        return actor_of(request)
    except UserError:
        # The page that tells of the refused token needs a frame too.
        return ANONYMOUS


@cache
def permission_of(url_name: str) -> str | None:
    """The permission that the door behind an entry asks for, if any."""
    return getattr(resolve(reverse(url_name)).func, "permission", None)


def opens(entry: Entry, actor: Actor) -> bool:
    """Whether the door behind an entry would let the reader in; a menu offers no refusals."""
    if not admits(entry.audience, actor):
        return False
    wanted = permission_of(entry.url_name)
    return wanted is None or allowed(actor, wanted, organisation=None)


def menu(request: HttpRequest, *, actor: Actor, work: bool) -> tuple[MenuItem, ...]:
    """The menu items that are open to the reader: the public ones, or those of people at work."""
    items = []
    for entry in entries():
        url = address(entry.url_name)
        if url and (entry.audience in {"staff", "partner"}) == work and opens(entry, actor):
            items.append((entry, url))
    urls = [url for _, url in items if request.path.startswith(url)]
    here = max(urls, key=len, default="")
    return tuple(MenuItem(label=entry.label, url=url, here=url == here) for entry, url in items)


def tongues(request: HttpRequest) -> tuple[Tongue, ...]:
    """This same page in each language, query included."""
    now = get_language()
    path = request.get_full_path()
    return tuple(
        Tongue(code=code, name=name, url=translate_url(path, code), here=code == now)
        for code, name in settings.LANGUAGES
    )


def house(request: HttpRequest) -> dict[str, House]:
    """The context processor: one variable, `house`."""
    actor = reader(request)
    return {
        "house": House(
            public=menu(request, actor=actor, work=False),
            work=menu(request, actor=actor, work=True),
            tongues=tongues(request),
            language=get_language() or settings.LANGUAGE_CODE,
            home=address("pages:home") or "/",
            version=tedori.__version__,
            tiles=settings.TEDORI_TILES,
            tiles_credit=settings.TEDORI_TILES_CREDIT,
        )
    }
