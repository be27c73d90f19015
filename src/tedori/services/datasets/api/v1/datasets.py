"""Datasets, publishers and versions."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from ninja import Path, Query, Router

from tedori.engines.tabular.definitions import standard
from tedori.services.datasets.api import describing
from tedori.services.datasets.api.v1 import schemas
from tedori.services.datasets.api.v1.house import extra, told
from tedori.services.datasets.queries.catalogue import Record
from tedori.services.datasets.queries.places import places
from tedori.services.datasets.queries.versions import version_history
from tedori.services.datasets.rules.asking import code, codes, text
from tedori.services.datasets.rules.errors import NotFound
from tedori.services.datasets.rules.search import score, terms

router = Router(tags=["datasets"])
Slug = Annotated[str, Path(description="データセットの符号 / slug of the dataset", example="aed")]
Code = Annotated[str, Path(description="発行者の団体コード / code of the publisher", example="131016")]
Municipality = Annotated[
    str, Query(description="団体コード（, で複数） / codes, parted by commas", example="131016")
]
Text = Annotated[str, Query(description="探す言葉 / words to search for", example="AED")]


def known(slug: str) -> str:
    """The slug, if there is such a dataset; raises NotFound."""
    if slug not in standard():
        raise NotFound(where=slug)
    return slug


@router.get(
    "/datasets",
    response=schemas.Datasets,
    summary="データセットの一覧 / List datasets",
    description=told(
        "標準データセットの一覧です。発行者・件数・品質・更新日時が付きます。text で探し、"
        "municipality で発行者を選べます。",
        "The standard datasets, with publishers, rows, quality and time of update. Search with text, choose "
        "publishers with municipality.",
    ),
    openapi_extra=extra(400, 422),
)
def datasets(request: HttpRequest, text: Text = "", municipality: Municipality = "") -> dict:
    """The datasets that hold every word, over the chosen publishers."""
    chosen = codes(municipality)
    found = [
        describing.dataset_value(slug, _of(group, chosen))
        for slug, group in describing.by_dataset().items()
        if _answers(slug, group, text) and (not chosen or _of(group, chosen))
    ]
    return {"matched": len(found), "datasets": found}


def _of(group: list[Record], chosen: tuple[str, ...]) -> list[Record]:
    return [record for record in group if not chosen or record.version.organisation in chosen]


def _answers(slug: str, group: list[Record], words: str) -> bool:
    wanted = terms(text(words))
    if not wanted:
        return True
    own = [(1.0, text) for text in describing.folded(slug)]
    return score(wanted, own) > 0 or any(score(wanted, record.texts) > 0 for record in group)


@router.get(
    "/datasets/{slug}",
    response=schemas.DatasetDetail,
    summary="データセット / One dataset",
    description=told(
        "1つのデータセットの項目と、発行者ごとの版・ライセンス・担当者・品質です。",
        "The items of a dataset, and version, licence, steward and quality of each publisher.",
    ),
    openapi_extra=extra(404),
)
def dataset(request: HttpRequest, slug: Slug) -> dict:
    """One dataset with its items and publications."""
    found = describing.by_dataset().get(known(slug), [])
    return describing.dataset_value(slug, found) | {
        "items": [describing.item_value(item) for item in standard()[slug].items],
        "publications": describing.publications(found, describing.rates(slug)),
    }


@router.get(
    "/datasets/{slug}/versions",
    response=schemas.Versions,
    summary="版の履歴 / Versions",
    description=told(
        "1つの発行者の、公開中・旧版・取り下げた版です。新しい順です。",
        "The versions of one publisher that are or were public, newest first.",
    ),
    openapi_extra=extra(400, 404, 422),
)
def versions(
    request: HttpRequest,
    slug: Slug,
    municipality: Annotated[str, Query(description="団体コード / code", example="131016")],
) -> dict:
    """The public history of one dataset of one publisher."""
    found = version_history(known(slug), code("municipality", municipality))
    return {"versions": [describing.version_value(version) for version in found]}


@router.get(
    "/publishers",
    response=schemas.Publishers,
    summary="発行者の一覧 / List publishers",
    description=told(
        "東京都、62区市町村と、登録されたほかの発行者です。",
        "The Metropolis, its 62 municipalities and other registered publishers.",
    ),
    openapi_extra=extra(),
)
def publishers(request: HttpRequest) -> dict:
    """Everybody who publishes or could."""
    groups = describing.by_publisher()
    found = [
        describing.publisher_value(code, place, groups.get(code, [])) for code, place in places().items()
    ]
    return {"matched": len(found), "publishers": found}


@router.get(
    "/publishers/{code}",
    response=schemas.PublisherDetail,
    summary="発行者 / One publisher",
    description=told("1つの発行者と公開データです。", "One publisher and what it publishes."),
    openapi_extra=extra(404),
)
def publisher(request: HttpRequest, code: Code) -> dict:
    """One publisher with its publications."""
    place = places().get(code)
    if place is None:
        raise NotFound(where=code)
    found = describing.by_publisher().get(code, [])
    return describing.publisher_value(code, place, found) | {
        "publications": describing.publications(found, describing.rates(organisation=code))
    }
