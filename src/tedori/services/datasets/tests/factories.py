"""The people, organisations and files that the tests of this service tell their stories with."""

from __future__ import annotations

from datetime import UTC, datetime

from tedori.kernel.organisations.models import Membership, Organisation, User
from tedori.kernel.organisations.queries import person_actor
from tedori.kernel.organisations.values import Actor

NOW = datetime(2026, 4, 1, 9, tzinfo=UTC)
CHIYODA, HACHIOJI, TOKYO = "131016", "132012", "130001"
PLACES = (
    (CHIYODA, "千代田区", "municipality"),
    (HACHIOJI, "八王子市", "municipality"),
    (TOKYO, "東京都", "bureau"),
)
PEOPLE = (
    ("sato", "佐藤花子", CHIYODA, "steward"),
    ("suzuki", "鈴木一郎", CHIYODA, "publisher"),
    ("takahashi", "高橋美咲", HACHIOJI, "steward"),
    ("tanaka", "田中健", TOKYO, "admin"),
)


def make_places() -> None:
    """千代田区, 八王子市 and 東京都, which steers the platform."""
    for code, name, kind in PLACES:
        Organisation.objects.create(code=code, name=name, kind=kind, steward_of_platform=code == TOKYO)


def make_people() -> dict[str, Actor]:
    """sato, suzuki, takahashi, tanaka, and yamamoto, a resident."""
    found = {}
    for username, name, code, role in PEOPLE:
        user = User.objects.create(username=username, name=name)
        place = Organisation.objects.get(code=code)
        Membership.objects.create(user=user, organisation=place, role=role, added_at=NOW)
        found[username] = person_actor(user)
    resident = User.objects.create(username="yamamoto", name="山本さくら")
    found["yamamoto"] = person_actor(resident)
    return found


AED_HEADER = (
    "全国地方公共団体コード", "ID", "地方公共団体名", "名称", "所在地_連結表記", "緯度", "経度", "設置位置",
    "電話番号", "小児対応設備の有無",
)  # fmt: skip


def aed_rows(count: int, *, code: str = CHIYODA, start: int = 1) -> list[tuple[str, ...]]:
    """AED of 千代田区, one row each."""
    return [
        (
            code,
            f"{number:04d}",
            "東京都千代田区",
            f"第{number}出張所",
            f"東京都千代田区丸の内{number}丁目1-1",
            f"35.68{number:04d}",
            f"139.76{number:04d}",
            "1階受付",
            f"03-3212-{number:04d}",
            "有",
        )
        for number in range(start, start + count)
    ]


def csv_of(header: tuple[str, ...], rows: list[tuple[str, ...]], *, encoding: str = "cp932") -> bytes:
    """A file as a municipality's spreadsheet program would save it."""
    return "\r\n".join(",".join(row) for row in [header, *rows]).encode(encoding) + b"\r\n"


def aed_file(count: int = 12, *, encoding: str = "cp932", start: int = 1) -> bytes:
    """A clean AED file."""
    return csv_of(AED_HEADER, aed_rows(count, start=start), encoding=encoding)


def changed(data: bytes, before: str, after: str, *, encoding: str = "cp932") -> bytes:
    """The same file with one text replaced everywhere."""
    return data.decode(encoding).replace(before, after).encode(encoding)
