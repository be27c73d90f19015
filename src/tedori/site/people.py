"""Registers who a metropolis begins with: its bureau, its 62 municipalities, an administrator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tedori.kernel.organisations.actions import add_member, create_organisation, register_person
from tedori.kernel.organisations.queries import organisation
from tedori.kernel.organisations.values import system_actor
from tedori.vocabulary.municipalities import TOKYO, TOKYO_PREFECTURE

BUREAU = TOKYO_PREFECTURE.code
DEMO_PASSWORD = "tedori-demo-62"  # noqa: S105 - printed at the start of every demo, on purpose
SETUP = system_actor("setup")


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody in the demo world; a resident has no organisation."""

    username: str
    name: str
    organisation: str = ""
    role: str = ""
    does: str = ""


DEMO_ORGANISATIONS = (
    ("civic-tech", "シビックテック東京", "Civic Tech Tokyo", "civic"),
    ("musashino-mart", "むさしのマート", "Musashino Mart", "company"),
)
DEMO_PEOPLE = (
    DemoPerson("sato", "佐藤花子", "131016", "steward", "千代田区の担当者: ファイルを送り、迷いを決める"),
    DemoPerson("suzuki", "鈴木一郎", "131016", "publisher", "千代田区の公開責任者: 差分を見て承認し公開する"),
    DemoPerson("takahashi", "高橋美咲", "132012", "steward", "八王子市の担当者"),
    DemoPerson("tanaka", "田中健", BUREAU, "admin", "東京都の管理者: すべての組織、証跡、点検"),
    DemoPerson("ito", "伊藤蓮", "civic-tech", "developer", "市民開発者"),
    DemoPerson("yamamoto", "山本さくら", does="住民"),
)


@transaction.atomic
def register_organisations(*, at: datetime) -> int:
    """Register the bureau and the 62, as far as they are not there yet; gives how many are new."""
    bureau = (BUREAU, "東京都 デジタルサービス局", "Tokyo Bureau of Digital Services", "bureau")
    wanted = [bureau, *((place.code, place.name, place.english, "municipality") for place in TOKYO)]
    return sum(_register(*one, at=at) for one in wanted)


@transaction.atomic
def register_administrator(*, username: str, name: str, password: str, at: datetime) -> None:
    """Register a person who administers the whole platform; raises Taken or WeakPassword."""
    register_person(username=username, name=name, password=password, by=SETUP, at=at)
    add_member(organisation=BUREAU, username=username, role="admin", by=SETUP, at=at)


@transaction.atomic
def register_demo_people(*, at: datetime) -> None:
    """Register the people of the demo world, who all have the same printed password."""
    for one in DEMO_ORGANISATIONS:
        _register(*one, at=at)
    for person in DEMO_PEOPLE:
        register_person(username=person.username, name=person.name, password=DEMO_PASSWORD, by=SETUP, at=at)
        if person.organisation:
            add_member(
                organisation=person.organisation, username=person.username, role=person.role, by=SETUP, at=at
            )


def _register(code: str, name: str, name_en: str, kind: str, *, at: datetime) -> bool:
    """Register one organisation; False when it is there already."""
    if organisation(code) is not None:
        return False
    create_organisation(
        code=code, name=name, name_en=name_en, kind=kind, by=SETUP, at=at, steward_of_platform=code == BUREAU
    )
    return True
