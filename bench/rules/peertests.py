"""A folder of tests in the peer's form against our rules: agreement per file and per output.

The peer takes whatever a test does not say as no, none or zero; that is its convention, not ours, so it is
put into the household here and stays out of the engine. What we have no rule for counts as unsupported.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from bench.figure import CannotMeasure, Figure, Measured
from tedori.engines.rules.errors import HouseholdFault
from tedori.engines.rules.evaluating import Scope
from tedori.engines.rules.households import Household, Person, population
from tedori.engines.rules.loading import standard
from tedori.engines.rules.model import CHOICE, HOUSEHOLD, PERSON, RANGE, TRUTH, Fact, Node, Rulebook

LISTS = {"親一覧": "親", "子一覧": "子", "祖父母一覧": "祖父母"}
# What the peer does not model: what an insurer decides stays unknown, residence is taken as long enough.
UNASKED = {
    "労務不能と認められた": None,
    "就労形態": None,
    "東京都に一年以上住んでいる": True,
    "社会保険料納付条件": True,
    "資産と能力を活用している": True,
}
DIFFERENCES = Path(__file__).with_name("differences.yaml")
Homes = Mapping[str, Household]
Wanted = tuple[str, str, str, Any]
ENTITIES = {"世帯員": PERSON, "世帯一覧": HOUSEHOLD, "世帯": HOUSEHOLD}
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Checked:
    """One expected value: where it stands and what became of it."""

    file: str
    test: str
    output: str
    state: str
    expected: object = None
    found: object = None


@cache
def _as_the_peer_knows() -> Rulebook:
    """Our rules with the amounts of the day on which the peer's own tables end (`amounts_until`)."""
    rulebook, ends = standard(), _differences()["amounts_until"]
    return replace(
        rulebook,
        parameters={
            name: replace(
                one, values=tuple(each for each in one.values if each[0] <= ends.get(name, each[0]))
            )
            for name, one in rulebook.parameters.items()
        },
    )


@cache
def _differences() -> Mapping[str, Any]:
    """What we know to differ and why: later amounts, and tests that the law decides otherwise."""
    found: Mapping[str, Any] = yaml.safe_load(DIFFERENCES.read_text(encoding="utf-8"))
    return found


def folder() -> Path:
    """The folder of TESTS, a file of it when it names one."""
    named = os.environ.get("TESTS", "")
    if not named or not Path(named).exists():
        raise CannotMeasure("no tests: give their folder as TESTS=DIR")
    return Path(named)


def checked(root: Path) -> Iterator[Checked]:
    """Every expected value of every test below a folder."""
    for path in [root] if root.is_file() else sorted((*root.rglob("*.yaml"), *root.rglob("*.yml"))):
        for test in yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER) or ():  # noqa: S506
            yield from _of_test(path.relative_to(root).as_posix() if path != root else path.name, test)


def _of_test(file: str, test: Mapping[str, Any]) -> Iterator[Checked]:
    rulebook, day = _as_the_peer_knows(), _day(test["period"])
    told = _told(test["input"])
    try:
        homes = {name: _household(rulebook, one, told["世帯員"]) for name, one in told["世帯一覧"].items()}
        scope = Scope(rulebook, population(rulebook, list(homes.values()), day), day)
        failed = None
    except HouseholdFault as why:
        homes, scope, failed = {}, None, why.fault.code
    for entity, who, output, expected in _wanted(test["output"], told, rulebook):
        if scope is None:
            yield Checked(file, str(test.get("name")), output, f"unsupported input ({failed})")
        else:
            yield _compared(file, test, (rulebook, scope, homes), (entity, who, output, _plain(expected)))


def _day(given: object) -> date:
    text = str(given)
    return date.fromisoformat((text + "-01-01")[:10] if len(text) == 4 else (text + "-01")[:10])


def _told(given: Mapping[str, Any]) -> dict[str, Any]:
    """The three forms of input as one: 世帯一覧 and 世帯員."""
    if "世帯一覧" in given:
        return {"世帯一覧": given["世帯一覧"], "世帯員": given.get("世帯員") or {}}
    if "世帯" in given or "世帯員" in given:
        people = given.get("世帯員") or {}
        home = given.get("世帯") or {"親一覧": list(people)}
        return {"世帯一覧": {"世帯": home}, "世帯員": people}
    return {"世帯一覧": {"世帯": dict(given) | {"親一覧": ["自分"]}}, "世帯員": {"自分": dict(given)}}


def _household(rulebook: Rulebook, home: Mapping[str, Any], people: Mapping[str, Any]) -> Household:
    given = dict(home)
    # The peer keeps these two as an amount and as a fact of the household.
    given["生活保護を受けている"] = bool(_plain(home.get("生活保護") or 0))
    widowed = {"寡婦である": True} if _plain(home.get("夫と離別死別")) else {}
    members = [
        Person(
            str(name),
            role,
            _answers(rulebook, PERSON, people.get(name) or {}) | (widowed if role == "親" else {}),
        )
        for key, role in LISTS.items()
        for name in home.get(key) or ()
    ]
    return Household(_answers(rulebook, HOUSEHOLD, given), tuple(members))


def _answers(rulebook: Rulebook, entity: str, given: Mapping[str, Any]) -> dict[str, object]:
    """What the test says, and the peer's own convention for what it does not say."""
    said = {name: _plain(value) for name, value in given.items() if name not in LISTS}
    own = {name: value for name, value in said.items() if name and _entity(rulebook, name) == entity}
    return {fact.name: _default(fact) for fact in rulebook.facts.values() if fact.entity == entity} | own


def _default(fact: Fact) -> object:
    if fact.name in UNASKED:
        return UNASKED[fact.name]
    if fact.sort == "date" or fact.low > 0:
        return None
    return {TRUTH: False, RANGE: 0, CHOICE: fact.options[0] if fact.options[:1] == ("無",) else None}[
        fact.sort
    ]


def _entity(rulebook: Rulebook, name: str) -> str | None:
    if name in rulebook.facts:
        return rulebook.facts[name].entity
    return rulebook.definitions[name].node.entity if name in rulebook.definitions else None


def _plain(value: Any) -> Any:
    """The value itself: the peer writes some as {day: value}."""
    if isinstance(value, dict) and len(value) == 1:
        return next(iter(value.values()))
    return value


def _wanted(output: Mapping[str, Any], told: Mapping[str, Any], rulebook: Rulebook) -> Iterator[Wanted]:
    """Each expected value: (entity, whose, name, value)."""
    for key, entry in output.items():
        if key in ENTITIES:
            yield from _listed(ENTITIES[key], {"世帯": entry} if key == "世帯" else entry)
        else:
            programme = _bounds(key)[0] in rulebook.programmes
            entity = HOUSEHOLD if programme else _entity(rulebook, key) or HOUSEHOLD
            yield (
                entity,
                "世帯" if entity == HOUSEHOLD else str(next(iter(told["世帯員"]), "自分")),
                key,
                entry,
            )


def _listed(entity: str, entry: Mapping[str, Mapping[str, Any]]) -> Iterator[Wanted]:
    for who, values in entry.items():
        yield from ((entity, str(who), name, value) for name, value in values.items())


def _bounds(output: str) -> tuple[str, str]:
    """〈name〉_最大 and 〈name〉_最小 are the two bounds of an amount."""
    for ending, bound in (("_最大", "high"), ("_最小", "low")):
        if output.endswith(ending):
            return output.removesuffix(ending), bound
    return output, "low"


def _node(rulebook: Rulebook, output: str) -> tuple[Node | None, str]:
    if output in rulebook.definitions:
        return rulebook.definitions[output].node, "low"
    name, bound = _bounds(output)
    if name in rulebook.programmes:
        return rulebook.programmes[name].amount, bound
    found = rulebook.definitions.get(name)
    return (found.node if found else None), bound


def _compared(file: str, test: Mapping[str, Any], world: tuple[Any, ...], wanted: tuple[str, ...]) -> Checked:
    rulebook, scope, homes = world
    entity, who, output, expected = wanted
    node, bound = _node(rulebook, output)
    if node is None or not isinstance(expected, bool | int | float):
        return Checked(file, str(test.get("name")), output, "no rule for this output")
    found = _found(scope, node, bound, _places(homes, entity, node.entity, who))
    agree = found is not None and abs(float(found) - float(expected)) < 1
    return Checked(file, str(test.get("name")), output, "agree" if agree else "differ", expected, found)


def _places(homes: Homes, entity: str, wanted: str, who: str) -> list[int]:
    """The places whose values make up what the test names; for a person's programme all of the home."""
    if wanted == HOUSEHOLD:
        return [list(homes).index(who) if who in homes else 0]
    people = [(name, one.name) for name, home in homes.items() for one in home.people]
    return [place for place, (home, one) in enumerate(people) if who == (one if entity == PERSON else home)]


def _found(scope: Scope, node: Node, bound: str, places: list[int]) -> object:
    value = scope.value(node)
    if node.sort == TRUTH:
        yes, may = (any(_at(each, place) for place in places) for each in (value.yes, value.may))
        return bool(yes) if yes == may else None
    # A test that names one amount where we know only bounds is compared with the lower one.
    return float(sum(_at(value.high if bound == "high" else value.low, place) for place in places))


def _at(values: Any, place: int) -> Any:
    return np.atleast_1d(values)[place if np.ndim(values) else 0]


def explained(one: Checked, known: list[Mapping[str, Any]]) -> str | None:
    """The article that decides where we differ from this test, if it is written down."""
    for entry in known:
        if (
            entry["output"] in (one.output, _bounds(one.output)[0])
            and entry.get("test", one.test) == one.test
        ):
            return str(entry["article"])
    return None


def _measure() -> Measured:
    found = list(checked(folder()))
    known = _differences()["decided_by_law"]
    states = Counter(one.state.split(" (")[0] for one in found)
    unexplained = [one for one in found if one.state == "differ" and explained(one, known) is None]
    _print(found, known)
    decided = states["agree"] + states["differ"]
    if not decided:
        raise CannotMeasure("no test of this folder concerns a programme that we have")
    share = 100 * states["agree"] / decided
    what = (
        f"{states['agree']} agree, {states['differ']} differ ({len(unexplained)} of them not explained), "
        + ", ".join(f"{count} {state}" for state, count in states.items() if state not in ("agree", "differ"))
    )
    aged = len(_differences()["amounts_until"])
    what += f"; {aged} parameters taken as of the day on which the peer's tables end"
    return Measured(round(share, 2), share >= 95 and not unexplained, what)


def _print(found: list[Checked], known: list[Mapping[str, Any]]) -> None:
    for title in ("file", "output"):
        print(f"\nper {title}:  agree  differ  unsupported")
        for name, counts in sorted(_grouped(found, title).items()):
            print("  {:>6} {:>6} {:>6}  {}".format(counts["agree"], counts["differ"], counts["other"], name))
    for one in found:
        if one.state == "differ":
            why = explained(one, known) or "NOT EXPLAINED"
            place = f"{one.file} · {one.test} · {one.output}"
            print(f"differs: {place}: test {one.expected}, rule {one.found} – {why}")


def _grouped(found: list[Checked], title: str) -> dict[str, Counter[str]]:
    groups: dict[str, Counter[str]] = {}
    for one in found:
        state = one.state if one.state in ("agree", "differ") else "other"
        groups.setdefault(getattr(one, title), Counter())[state] += 1
    return groups


FIGURE = Figure(
    "benefit-tests",
    "agreement with a peer's tests (TESTS=DIR)",
    "%",
    "≥ 95 %, explained",
    _measure,
)
