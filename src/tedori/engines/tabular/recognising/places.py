"""Which municipality publishes a table: judged by codes, names and addresses in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import PurePath

from tedori.engines.tabular.definitions import words
from tedori.engines.tabular.mapping.contents import sample
from tedori.engines.tabular.values import PlaceGuess, Recognition, Table
from tedori.vocabulary.folding import fold, narrow
from tedori.vocabulary.municipalities import BY_CODE, PREFECTURE_NAMES, TOKYO, complete_code, find

_PREFECTURE = "|".join(PREFECTURE_NAMES.values())
# Cities whose own names have the character of a county in them.
_NO_COUNTY = "(?!(?:蒲郡|小郡|郡山|郡上|大和郡山)市)"
_CITY = re.compile(
    rf"(?P<pref>{_PREFECTURE})?(?P<city>{_NO_COUNTY}[^\d\s,、]{{1,4}}?郡[^\d\s]{{1,5}}?[町村]|[^\d\s,、]{{1,6}}?[市区町村])"
)
_COUNTY = rf"{_NO_COUNTY}[^市区町村]{{1,4}}郡(?=.+[町村]$)"
_ABOVE = re.compile(rf"^(?:{_PREFECTURE})(?=.)(?:{_COUNTY})?|^{_COUNTY}")
_IN_NAME = re.compile(r"(?<!\d)(\d{5,6})(?!\d)")
_KNOWN_LONG = tuple(sorted((p.name for p in TOKYO), key=len, reverse=True))


@dataclass(slots=True)
class Votes:
    """Weights for municipalities by code, and by name where no code is known, with the reasons."""

    codes: Counter[str] = field(default_factory=Counter)
    names: Counter[str] = field(default_factory=Counter)
    because: dict[str, list[str]] = field(default_factory=dict)

    def add(self, key: str, weight: float, reason: str, *, named: bool = False) -> None:
        """One vote for a code or a name."""
        (self.names if named else self.codes)[key] += weight
        self.because.setdefault(key, []).append(reason)


def place_of(
    table: Table, recognition: Recognition | None = None, *, codes: Mapping[str, str] | None = None
) -> PlaceGuess:
    """The municipality that publishes a table.

    The publisher's own code counts most (leading zero or check digit restored; a code whose check digit is
    right is believed even if nobody knows it), then the publisher's name, then where the things are.
    `codes` is a nationwide list code → name with prefecture that an adopter imported. When nobody knows the
    municipality the code is None and the reason says what was found. The name is the municipality's own,
    without prefecture and county (高松市); the reasons carry what was written.
    """
    known = dict(codes or {})
    votes = Votes()
    for index, heading in enumerate(table.header):
        if _tells(fold(heading)):
            values = [narrow(v) for v in sample(table.frame[f"c{index}"])]
            _vote(votes, fold(heading), heading, values, known)
    for row in table.preamble:
        _vote_names(votes, [narrow(cell) for cell in row if cell], known, 0.7, "表題 preamble")
    if not votes.codes:
        _vote_file_name(votes, table.source.path, known)
    return _decide(votes, known)


def _tells(folded: str) -> bool:
    """Whether a column under this heading can say anything about the place."""
    named = words("publisher_code") | words("publisher_name") | words("located_in")
    return folded in named or folded.endswith((fold("全国地方公共団体コード"), *_address_endings()))


@cache
def _address_endings() -> tuple[str, ...]:
    return tuple(text for text in words("address") if len(text) > 1)


def _vote(votes: Votes, folded: str, heading: str, values: Sequence[str], known: Mapping[str, str]) -> None:
    if (
        folded in words("publisher_code")
        or folded.endswith(fold("全国地方公共団体コード"))
        and "所在地" not in heading
    ):
        _vote_codes(votes, values, 1.0, f"列「{heading}」のコード (code)")
    elif folded.endswith(fold("全国地方公共団体コード")):
        _vote_codes(votes, values, 0.4, f"列「{heading}」のコード (code of the location)")
    elif folded in words("publisher_name"):
        _vote_names(votes, values, known, 0.8, f"列「{heading}」の名称 (name)")
    elif folded in words("located_in"):
        _vote_names(votes, values, known, 0.5, f"列「{heading}」(municipality of the location)")
    elif folded.endswith(_address_endings()):
        _vote_addresses(votes, values, known, heading)


def _vote_codes(votes: Votes, values: Sequence[str], weight: float, reason: str) -> None:
    found = Counter(code for value in values if (code := complete_code(_digits(value))))
    for code, times in found.items():
        if times >= 0.2 * len(values):
            votes.add(code, weight * times / len(values), reason)


def _digits(value: str) -> str:
    return value[:-2] if value.endswith(".0") else value


def _vote_names(
    votes: Votes, values: Sequence[str], known: Mapping[str, str], weight: float, reason: str
) -> None:
    if not values:
        return
    for name, times in Counter(values).items():
        if times < 0.2 * len(values) or len(name) > 12:
            continue
        code = code_of(name, known)
        if code:
            votes.add(code, weight * times / len(values), reason)
        elif _CITY.fullmatch(name):
            votes.add(name, weight * times / len(values), reason, named=True)


def _vote_addresses(votes: Votes, values: Sequence[str], known: Mapping[str, str], heading: str) -> None:
    found: Counter[str] = Counter()
    for value in values:
        place = city_of(value)
        if place:
            found[place] += 1
    for name, times in found.items():
        if times >= 0.3 * len(values):
            code = code_of(name, known)
            reason = f"列「{heading}」の住所 {name} (addresses)"
            votes.add(code or name, 0.6 * times / len(values), reason, named=code is None)


def city_of(address: str) -> str | None:
    """The municipality, with its prefecture where written, at the beginning of an address."""
    text = narrow(address)
    bare_text = re.sub(rf"^(?:{_PREFECTURE})", "", text)
    for name in _KNOWN_LONG:
        if bare_text.startswith(name):
            return text[: len(text) - len(bare_text)] + name
    match = _CITY.match(text)
    return match.group() if match else None


def code_of(name: str, known: Mapping[str, str]) -> str | None:
    """The code of a name, from the 62, the prefectures or an imported list; None when nobody's or two's."""
    place = find(name)
    if place is not None:
        return place.code
    hits = [
        code for code, full in known.items() if full == name or full.endswith(name) and _is_tail(full, name)
    ]
    return hits[0] if len(hits) == 1 else None


def _is_tail(full: str, name: str) -> bool:
    head = full[: len(full) - len(name)]
    return head in PREFECTURE_NAMES.values() or head.endswith("郡")


def _vote_file_name(votes: Votes, path: str, known: Mapping[str, str]) -> None:
    name = PurePath(path).name
    for digits in _IN_NAME.findall(name):
        code = complete_code(digits)
        if code and (code in BY_CODE or code in known or len(digits) == 6):
            votes.add(code, 0.3, f"ファイル名の番号 {digits} (code in the file's name)")
            return
    for place in TOKYO:
        if name.startswith(place.name):
            votes.add(place.code, 0.3, f"ファイル名 {place.name} (name in the file's name)")
            return


def _decide(votes: Votes, known: Mapping[str, str]) -> PlaceGuess:
    _agree(votes)
    if votes.codes:
        code, weight = votes.codes.most_common(1)[0]
        rest = sum(votes.codes.values()) - weight
        confidence = min(0.99, 0.5 + 0.5 * min(weight, 1.0)) * weight / (weight + 0.5 * rest)
        return PlaceGuess(
            code, _name_of(code, votes, known), round(confidence, 3), tuple(votes.because[code][:3])
        )
    if votes.names:
        name, weight = votes.names.most_common(1)[0]
        reason = f"「{name}」の団体コードは分からない (code not known; import a code list)"
        return PlaceGuess(
            None, own_name(name), round(min(0.9, weight), 3), (*votes.because[name][:2], reason)
        )
    reason = "団体コードも自治体名も住所も見つからない (no code, name or address of a municipality found)"
    return PlaceGuess(None, None, 0.0, (reason,))


def _agree(votes: Votes) -> None:
    """A prefecture's code gives way to a municipality of that prefecture found in the same file."""
    for code in list(votes.codes):
        if code[2:5] == "000":
            inside = [c for c in votes.codes if c[:2] == code[:2] and c != code]
            if inside and max(votes.codes[c] for c in inside) >= 0.5 * votes.codes[code]:
                del votes.codes[code]


def _name_of(code: str, votes: Votes, known: Mapping[str, str]) -> str | None:
    if code in BY_CODE:
        return BY_CODE[code].name
    if code in known:
        return own_name(known[code])
    return own_name(votes.names.most_common(1)[0][0]) if votes.names else None


def own_name(name: str) -> str:
    """A municipality's name without the prefecture and county before it; a prefecture's name stays."""
    return _ABOVE.sub("", name)
