"""Published versions without the way there: rows straight into the lake, for tests of what is read out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import polars as pl

from tedori.engines.tabular.definitions import standard
from tedori.kernel.lake.store import house_lake
from tedori.services.datasets.models import Card, Version
from tedori.services.datasets.rules.frames import content_of, lake_frame
from tedori.services.datasets.tests.factories import CHIYODA, HACHIOJI, NOW
from tedori.vocabulary.municipalities import BY_CODE
from tests.people import make_organisation

Values = Mapping[str, str | None]


def aed(number: int, name: str, *, lat: str = "", lon: str = "", **more: str) -> dict[str, str | None]:
    """One AED."""
    place = {"緯度": lat or None, "経度": lon or None}
    return {"全国地方公共団体コード": CHIYODA, "ID": f"{number:04d}", "名称": name, **place, **more}


CHIYODA_AED = (
    aed(1, "千代田区役所", lat="35.6940", lon="139.7536", 小児対応設備の有無="有"),
    aed(2, "九段図書館", lat="35.6950", lon="139.7460", 小児対応設備の有無="無"),
    aed(3, '=HYPERLINK("http://x")', 小児対応設備の有無="有"),
)
HACHIOJI_AED = (
    aed(1, "八王子市役所", lat="35.6664", lon="139.3160", 全国地方公共団体コード=HACHIOJI),
    aed(2, "高尾山口駅 ＡＥＤ", lat="35.6324", lon="139.2700", 全国地方公共団体コード=HACHIOJI),
)


def publish_rows(
    rows: Sequence[Values],
    *,
    slug: str = "aed",
    code: str = CHIYODA,
    number: int = 1,
    at: datetime = NOW,
    title: str = "",
    **fields: object,
) -> Version:
    """Make rows the public version of a dataset of an organisation, with its record; the one before ends."""
    known = BY_CODE[code]
    make_organisation(code, known.name, known.english, "municipality")
    names = list(dict.fromkeys(name for row in rows for name in row))
    table = {name: [row.get(name) for row in rows] for name in names}
    frame = pl.DataFrame(table, schema=dict.fromkeys(names, pl.String))
    frame = frame.with_columns((pl.int_range(pl.len()) + 2).alias("_row"))
    frame = lake_frame(frame, standard()[slug])
    stored = house_lake().write(dataset=f"datasets/{slug}", partition=code, version=number, frame=frame)
    current = Version.objects.filter(dataset=slug, organisation=code, state="published")
    current.update(state="superseded", ended_at=at)
    Card.objects.update_or_create(dataset=slug, organisation=code, defaults=_card(title, known.name, at))
    items = standard()[slug].items
    filled = {item.name: (item.demand, frame[item.name].count(), frame.height) for item in items}
    return Version.objects.create(
        **{
            "dataset": slug, "organisation": code, "number": number, "state": "published",
            "path": stored.path, "sha256": stored.sha256, "rows": stored.rows, "bytes": stored.bytes,
            "content": content_of(frame), "edition": "current", "score": 87.5, "completeness": filled,
            "licence": "CC-BY-4.0", "steward": "佐藤花子", "source_name": f"{slug}.csv", "drafted_at": at,
            "drafted_by": "佐藤花子", "published_at": at, "published_by": "鈴木一郎",
            "difference": {"added": len(rows), "removed": 0, "changed": 0},
        }
        | fields
    )  # fmt: skip


def _card(title: str, publisher: str, at: datetime) -> dict[str, object]:
    return {
        "title": title,
        "description": f"{publisher}が設置した場所の一覧",
        "steward": "佐藤花子",
        "steward_contact": "03-0000-0000",
        "granularity": "1台ごと",
        "update_cycle": "年1回",
        "licence": "CC-BY-4.0",
        "keywords": ["AED", "救急"],
        "updated_at": at,
        "updated_by": "佐藤花子",
    }


def publish_aed() -> tuple[Version, Version]:
    """千代田区's three AED, then a day later 八王子市's two, which have a column of their own."""
    extra = [{**row, "extra:管理番号": f"H-{place}"} for place, row in enumerate(HACHIOJI_AED)]
    return publish_rows(CHIYODA_AED), publish_rows(extra, code=HACHIOJI, at=NOW + timedelta(days=1))


def retract(version: Version, *, at: datetime, because: str = "座標の誤り") -> None:
    """Take a version back."""
    version.state, version.ended_at, version.ended_because = "retracted", at, because
    version.save()
