"""What was published or retracted, and how much is used."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router

from tedori.services.datasets.api import describing
from tedori.services.datasets.api.v1 import schemas
from tedori.services.datasets.api.v1.house import extra, told
from tedori.services.datasets.queries.changing import Turn, turns
from tedori.services.datasets.queries.public import usage as counted
from tedori.services.datasets.rules.asking import CURSOR, BadParameter, code, moment, opened, sealed, whole

router = Router(tags=["changes"])
Since = Annotated[
    str, Query(description="この日時より後 / later than this day or moment", example="2026-04-01")
]
Limit = Annotated[int, Query(ge=1, le=100, description="件数 / how many")]
Cursor = Annotated[str, Query(description="前の答えの next / the next of the answer before")]
Dataset = Annotated[str, Query(description="データセットの符号 / slug", example="aed")]
Municipality = Annotated[str, Query(description="団体コード / code", example="131016")]


@router.get(
    "/changes",
    response=schemas.Changes,
    summary="更新 / Changes",
    description=told(
        "公開と取り下げを新しい順に返します。最後に見た時刻を since に渡せば、その後の変化だけが返ります。",
        "Publications and retractions, newest first. Give the moment of your last look as since.",
    ),
    openapi_extra=extra(400, 422),
)
def changes(
    request: HttpRequest,
    dataset: Dataset = "",
    municipality: Municipality = "",
    since: Since = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> dict:
    """The newest turns after `since`."""
    found = turns(
        slug=code("dataset", dataset),
        organisation=code("municipality", municipality),
        since=moment(since) if since else None,
        before=_place(cursor) if cursor else None,
        limit=limit + 1,
    )
    shown = found[:limit]
    following = _sealed(shown[-1]) if len(found) > limit else None
    values = [describing.version_value(turn.version) | {"changed_at": turn.at} for turn in shown]
    return {"changes": values, "next": following}


def _sealed(turn: Turn) -> str:
    return sealed(f"{turn.at.isoformat()} {turn.version.id}")


def _place(cursor: str) -> tuple[datetime, int]:
    at, _, identity = opened(cursor).partition(" ")
    number = whole(identity)
    if number is None:
        raise BadParameter(name="cursor", value=cursor[:40], example=CURSOR, where="cursor")
    return moment(at), number


@router.get(
    "/usage",
    response=schemas.UsageDays,
    summary="利用回数 / Usage",
    description=told(
        "日ごと・データセットごとの利用回数です。だれが使ったかは記録していません。",
        "Uses per day and dataset. Nobody is tracked.",
    ),
    openapi_extra=extra(400, 422),
)
def usage(
    request: HttpRequest,
    dataset: Dataset = "",
    since: Annotated[date | None, Query(description="この日から / from")] = None,
    until: Annotated[date | None, Query(description="この日まで / until")] = None,
) -> dict:
    """Counted use."""
    found = counted(code("dataset", dataset) or None, since=since, until=until)
    return {
        "usage": [
            {"dataset": one.slug, "day": one.day, "kind": one.kind, "count": one.count} for one in found
        ]
    }
