"""The update feed (Atom): what was published or withdrawn, for all datasets or for one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tedori.kernel.organisations.audiences import audience
from tedori.services.datasets.queries.places import places
from tedori.services.datasets.queries.values import VersionRecord
from tedori.services.datasets.queries.versions import changes
from tedori.services.datasets.rules.words import title

ENTRIES = 50


@audience("public")
def updates(request: HttpRequest, slug: str = "") -> HttpResponse:
    """The newest versions first."""
    found = [one for one in changes(limit=ENTRIES * (20 if slug else 1)) if slug in {"", one.slug}]
    page = reverse("datasets:dataset", args=[slug]) if slug else reverse("datasets:catalogue")
    feed = Atom1Feed(
        title=str(title(slug)) if slug else _("オープンデータの更新"),
        link=request.build_absolute_uri(page),
        description="",
        language=get_language(),
        feed_url=request.build_absolute_uri(),
    )
    names = {code: str(one.name) for code, one in places().items()}
    for one in found[:ENTRIES]:
        feed.add_item(**_entry(request, one, names.get(one.organisation, one.organisation)))
    response = HttpResponse(content_type=feed.content_type)
    feed.write(response, "utf-8")
    return response


def _entry(request: HttpRequest, one: VersionRecord, place: str) -> dict[str, object]:
    address = request.build_absolute_uri(reverse("datasets:record", args=[one.slug, one.organisation]))
    words = {
        "retracted": _("%(title)s（%(place)s）の第%(number)s版を取り下げました"),
        "other": _("%(title)s（%(place)s）の第%(number)s版を公開しました"),
    }
    wording = words.get(one.state, words["other"])
    told = {"title": title(one.slug), "place": place, "number": one.number}
    return {
        "title": wording % told,
        "link": address,
        "unique_id": f"{address}#v{one.number}",
        "description": _("%(rows)s件、品質%(score)s点") % {"rows": one.rows, "score": round(one.score)},
        "pubdate": one.published_at,
        "updateddate": one.ended_at if one.state == "retracted" and one.ended_at else one.published_at,
        "author_name": place,
    }


urls = [
    path("datasets/updates.atom", updates, name="updates"),
    path("datasets/<dataset:slug>/updates.atom", updates, name="dataset-updates"),
]
