"""Names and texts in both languages at once, and the addresses under which everything is found."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import override

from tedori.services.datasets.queries.places import Place
from tedori.services.datasets.rules.words import THEMES, WORDS, Bilingual

UNNAMED = Bilingual("", "")


def both(text: Promise | Bilingual | str) -> Bilingual:
    """A text in Japanese and in English; the Japanese stands where there is no English."""
    if isinstance(text, Bilingual):
        return Bilingual(text.ja, text.en or text.ja)
    with override("ja"):
        japanese = str(text)
    with override("en"):
        return Bilingual(japanese, str(text))


def pair(text: Promise | Bilingual | str) -> dict[str, str]:
    """A text as {"ja": …, "en": …}."""
    found = both(text)
    return {"ja": found.ja, "en": found.en}


def title(slug: str) -> Bilingual:
    """The name of a dataset."""
    return both(WORDS[slug].title) if slug in WORDS else Bilingual(slug, slug)


def text(slug: str) -> Bilingual:
    """What a dataset holds, in one sentence."""
    return both(WORDS[slug].text) if slug in WORDS else Bilingual(slug, slug)


def theme(slug: str) -> str:
    """The theme under which people look for a dataset."""
    return WORDS[slug].theme if slug in WORDS else "government"


def theme_name(code: str) -> Bilingual:
    """The name of a theme."""
    return both(THEMES.get(code, code))


def named(place: Place | None, code: str) -> Bilingual:
    """The name of a publisher; its code when nobody knows it any more."""
    return both(place.name) if place else Bilingual(code, code)
