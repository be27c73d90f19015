"""What the public says in the demo world: uses, wishes and counted use; and the targets that Tokyo sets."""

from __future__ import annotations

from datetime import datetime, timedelta

from tedori.kernel.organisations.values import Actor
from tedori.services.datasets.actions import voices
from tedori.services.datasets.actions.voices import Use, Wish
from tedori.services.datasets.demo.homes import chance
from tedori.services.datasets.demo.records import ABOUT

DAYS = 28
# Uses per day of the most wanted datasets; the others get the last number.
WANTED = {
    "evacuation_space": 90,
    "aed": 70,
    "public_toilet": 60,
    "population": 55,
    "preschool": 45,
    "event": 40,
}
OTHERS = 14
USES = (
    Use("いちばん近いAED", "https://aed.civic-tech.example/", "シビックテック東京", ("aed",),
        "現在地から近いAEDを、使える時間とともに示します。", "Nearest AED",
        "Shows the nearest AED and when it can be used.", "アプリ"),
    Use("避難所と段差の地図", "https://shelter.musashino-mart.example/", "むさしのマート",
        ("evacuation_space", "public_toilet"), "避難場所までの道と、だれでも使えるトイレを重ねた地図です。",
        "Shelters without steps", "Ways to shelters, with accessible toilets.", "地図"),
    Use("給食アレルゲン便り", "https://lunch.civic-tech.example/", "シビックテック東京", ("school_lunch",),
        "献立からアレルゲンを拾い、朝に知らせます。", "School lunch allergens",
        "Finds allergens in the menu and tells you in the morning.", "アプリ"),
    Use("ごみ分別かるた", "https://karuta.civic-tech.example/", "シビックテック東京", ("garbage_separation",),
        "授業で使う分別のかるたです。", "Waste-sorting cards", "Cards for lessons at school.", "教材"),
)  # fmt: skip
WISHES = (
    Wish("道路の冠水実績", "雨の日の迂回路を子どもに教えるため", "131016", "冠水した場所と日時"),
    Wish("公園の遊具の一覧", "車椅子で遊べる公園を探すため", "132012", "遊具の種類と設置年"),
    Wish("街路樹の本数と樹種", "夏の木陰の研究のため", "131121", "路線別の樹種", "オープンデータ円卓会議"),
    Wish("コミュニティバスの時刻", "乗換案内に載せるため", "132098", "標準的なバス情報フォーマット"),
)  # fmt: skip


def speak(*, resident: Actor, developer: Actor, platform: Actor, at: datetime) -> None:
    """Let people propose uses and ask for data; some are answered, some still wait."""
    for number, use in enumerate(USES):
        proposed = voices.propose_use(use, by=developer, at=at - timedelta(days=20 - number))
        if number < len(USES) - 1:
            voices.show_use(
                use=proposed.use,
                visible=True,
                by=platform,
                at=at - timedelta(days=10),
                reason="掲載しました。",
            )
    asked = [voices.ask(wish, by=resident, at=at - timedelta(days=15)) for wish in WISHES]
    voices.answer(
        request=asked[1].request, to="accepted", text="台帳を整理し、年度内に公開します。", by=platform,
        at=at - timedelta(days=5), release_on=(at + timedelta(days=90)).date(),
    )  # fmt: skip
    voices.answer(
        request=asked[3].request, to="declined", text="運行事業者が別の形式で公開しています。", by=platform,
        at=at - timedelta(days=3),
    )  # fmt: skip
    voices.set_targets(
        [("aed", "", 0.1), ("evacuation_space", "", 0.1), ("public_toilet", "緯度", 0.05)], by=platform, at=at
    )


def count_days(*, seed: int, at: datetime) -> None:
    """Four weeks of counted use, with quieter weekends."""
    dice, counts = chance(seed, "usage"), {}
    for back in range(DAYS, 0, -1):
        day = (at - timedelta(days=back)).date()
        for slug in ABOUT:
            usual = WANTED.get(slug, OTHERS) * (0.6 if day.weekday() >= 5 else 1)
            for kind, share in ((voices.PAGE, 1.0), (voices.DOWNLOAD, 0.3), (voices.API, 2.2)):
                counts[slug, kind, day] = max(1, round(usual * share * dice.uniform(0.7, 1.3)))
    voices.count_uses(counts)
