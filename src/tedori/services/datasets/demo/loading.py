"""Loads the generated files into the service: files, decisions, versions of two dates, voices."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

from tedori.kernel.demo import World
from tedori.kernel.events.delivery import deliver
from tedori.kernel.jobs.running import run_waiting
from tedori.kernel.organisations.models import User
from tedori.kernel.organisations.queries import person_actor
from tedori.kernel.organisations.values import Actor, system_actor
from tedori.services.datasets.actions.cards import save_cards
from tedori.services.datasets.actions.deciding import decide
from tedori.services.datasets.actions.loading import Incoming, load_many
from tedori.services.datasets.actions.publishing import publish_many
from tedori.services.datasets.actions.waking import PROCESSES, crew
from tedori.services.datasets.demo.answers import answers_to, truths
from tedori.services.datasets.demo.drafts import BEFORE
from tedori.services.datasets.demo.generator import Order, generate
from tedori.services.datasets.demo.homes import Home, bureau, homes
from tedori.services.datasets.demo.records import card
from tedori.services.datasets.demo.voices import count_days, speak
from tedori.services.datasets.models import Part, Version

HALF_A_YEAR = timedelta(days=182)
# These have their doubts left for them, so that a visitor finds something to decide.
LEFT_TO_DECIDE = frozenset(("131016", "132012"))
STEPS = {
    "files": "ファイルを作る",
    "before": "前年度のファイルを標準化する",
    "now": "今年度のファイルを標準化する",
    "decide": "担当者の判断を入れる",
    "publish": "公開する",
    "voices": "利用者の声を入れる",
}
DUTY = "定例の更新（デモ）"


def build(world: World) -> None:
    """Build the datasets' part of the demo world, from nothing to published."""
    house = system_actor("demo")
    folder = world.home / "demo"
    with crew() as engine:
        order = Order(folder, seed=world.seed, codes=_codes(world))
        generate(order, pool=engine, progress=_telling(world, "files"))
        earlier, now = _years(folder)
        _record_all(folder, by=house, at=world.at - 2 * HALF_A_YEAR)
        for step, paths, at in (("before", earlier, world.at - HALF_A_YEAR), ("now", now, world.at)):
            _load(paths, folder, engine, by=house, at=at, progress=_telling(world, step))
            _decide(folder, engine, by=house, at=at, progress=_telling(world, "decide"))
            _publish(by=house, at=at, progress=_telling(world, "publish"))
    _tell_voices(world)


def _years(folder: Path) -> tuple[list[Path], list[Path]]:
    """The files of last year and those of this one."""
    files = sorted(path for path in (folder / "files").rglob("*") if path.is_file())
    earlier = [path for path in files if path.parent.name == BEFORE]
    return earlier, [path for path in files if path.parent.name != BEFORE]


def _publishers() -> tuple[Home, ...]:
    return (*homes(), bureau())


def _codes(world: World) -> tuple[str, ...]:
    """Whose files to make: of everybody, unless the world is to be a small one."""
    return tuple(home.code for home in _publishers() if not world.only or home.code in world.only)


def _telling(world: World, step: str) -> Callable[[int, int], None]:
    return lambda done, total: world.progress(STEPS[step], done, total)


def _record_all(folder: Path, *, by: Actor, at: datetime) -> None:
    """Write the record of every dataset that will come."""
    pairs = sorted({(truth["slug"], truth["code"]) for truth in truths(folder / "truth").values()})
    known = {home.code: home for home in _publishers()}
    save_cards([(slug, code, card(slug, known[code])) for slug, code in pairs], by=by, at=at)


def _code_of(path: Path) -> str:
    return path.parts[-3] if path.parts[-2] == BEFORE else path.parts[-2]


def _load(
    paths: Iterable[Path],
    folder: Path,
    engine: Executor,
    *,
    by: Actor,
    at: datetime,
    progress: Callable[[int, int], None],
) -> None:
    """Take the files in, as each municipality would have sent them."""
    files = [
        Incoming(path, _code_of(path), origin=f"demo:{path.relative_to(folder / 'files')}") for path in paths
    ]
    load_many(files, by=by, at=at, engine=engine, progress=progress)


def _decide(
    folder: Path, engine: Executor, *, by: Actor, at: datetime, progress: Callable[[int, int], None]
) -> None:
    """Answer the doubts as informed stewards would, except where they are left on purpose."""
    known = truths(folder / "truth")
    parts = Part.objects.filter(state=Part.State.REVIEW).exclude(organisation__in=LEFT_TO_DECIDE)
    waiting = list(parts.select_related("delivery").order_by("pk"))
    decided = 0
    for done, part in enumerate(waiting, start=1):
        truth = known[part.delivery.origin.removeprefix("demo:")]
        given = answers_to(part.doubts, truth, dataset=part.dataset)
        if given:
            decided += decide(part=part.pk, answers=given, by=by, at=at, seen=part.revision)
        progress(done, 2 * len(waiting))
    if decided:
        # Each process runs the jobs that the decisions asked for until none is left.
        list(engine.map(run_waiting, [10_000] * PROCESSES))
    progress(2 * len(waiting), 2 * len(waiting))


def _publish(*, by: Actor, at: datetime, progress: Callable[[int, int], None]) -> None:
    """Publish every draft; what a rule refuses stays a draft."""
    drafts = list(Version.objects.filter(state=Version.State.DRAFT).values_list("pk", flat=True))
    size = 200
    for start in range(0, len(drafts), size):
        publish_many(drafts[start : start + size], by=by, at=at, confirmed=DUTY)
        progress(min(start + size, len(drafts)), len(drafts))


def _tell_voices(world: World) -> None:
    """Uses, wishes, counted days; then the news is carried to whoever listens."""
    people = {name: person_actor(User.objects.get(username=name)) for name in ("yamamoto", "ito", "tanaka")}
    tell = _telling(world, "voices")
    speak(resident=people["yamamoto"], developer=people["ito"], platform=people["tanaka"], at=world.at)
    tell(1, 3)
    count_days(seed=world.seed, at=world.at)
    tell(2, 3)
    while deliver(now=timezone.now()):
        pass
    tell(3, 3)
