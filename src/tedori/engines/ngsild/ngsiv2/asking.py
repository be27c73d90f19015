"""What v2 asks for, said in NGSI-LD: q and mq, places, orders.

The texts come with a context that names each attribute (`a0`, `a1` …), since names of v2 may hold marks that
have a meaning in the language of NGSI-LD.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from tedori.engines.ngsild.errors import NgsiLdError, bad_request
from tedori.engines.ngsild.ngsiv2 import places
from tedori.engines.ngsild.ngsiv2.instants import utc
from tedori.engines.ngsild.ngsiv2.names import iri_of

LONGEST = 8_192
QUOTED = r"'[^']*'"
PIECE = re.compile(rf"(?:{QUOTED}|[^;'])+")
NAME = re.compile(rf"(?:{QUOTED}|[^.'])+")
STATEMENT = re.compile(
    rf"(?P<path>(?:{QUOTED}|[^'=!<>~:])+)(?P<operator>==|!=|>=|<=|~=|>|<|:)(?P<value>.*)", re.S
)
NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,300})(?:\.\d+)?(?:[eE][+-]?\d{1,3})?")
OWN = {"dateCreated": "createdAt", "dateModified": "modifiedAt"}
OWN_METADATA = {**OWN, "TimeInstant": "observedAt", "unitCode": "unitCode"}
RELATIONS = {"coveredBy": "within", "intersects": "intersects", "equals": "equals", "disjoint": "disjoint"}
NEAR = re.compile(r"near;(max|min)Distance:(\d+(?:\.\d+)?)", re.ASCII)


@dataclass(slots=True)
class Asked:
    """A text of NGSI-LD and the context in which it holds."""

    text: str = ""
    context: dict[str, str] = field(default_factory=dict)

    def alias(self, name: str) -> str:
        """The short name here of a name of v2."""
        iri = iri_of(name)
        for known, meant in self.context.items():
            if meant == iri:
                return known
        self.context[f"a{len(self.context)}"] = iri
        return f"a{len(self.context) - 1}"


def query_of(q: str | None, mq: str | None = None) -> Asked:
    """The query of both; raises BadRequestData. The text is empty when nothing is asked."""
    asked = Asked()
    statements = [_statement(one, asked, about=False) for one in _pieces(q, "q")]
    statements += [_statement(one, asked, about=True) for one in _pieces(mq, "mq")]
    asked.text = ";".join(statements)
    return asked


def _pieces(text: str | None, where: str) -> list[str]:
    if text is None:
        return []
    if len(text) > LONGEST:
        raise NgsiLdError("TooComplexQuery", "The query is too long", where=where)
    found = PIECE.findall(text)
    if not found or ";".join(found) != text:
        raise bad_request("invalid query expression", detail=text[:80], where=where)
    return found


def _statement(text: str, asked: Asked, *, about: bool) -> str:
    path = _of_metadata if about else _of_value
    unary = text[1:] if text.startswith("!") else text
    found = STATEMENT.fullmatch(unary)
    if found is None:
        if re.search(r"[=<>~]", re.sub(QUOTED, "", unary)):
            raise bad_request("invalid query expression", detail=text[:80], where="q")
        return ("!" if text.startswith("!") else "") + path(unary, asked)
    if text.startswith("!"):
        raise bad_request("invalid query expression", detail=text[:80], where="q")
    operator = {":": "=="}.get(found["operator"], found["operator"])
    return path(found["path"], asked) + operator + _operand(found["value"], operator)


def _names(path: str) -> list[str]:
    names = [name.strip("'") for name in NAME.findall(path.strip())]
    if not all(names) or not names:
        raise bad_request("invalid query expression", detail=path[:80], where="q")
    return names


def _of_value(path: str, asked: Asked) -> str:
    name, *keys = _names(path)
    if name in OWN and not keys:
        return OWN[name]
    return asked.alias(name) + _trail(keys)


def _of_metadata(path: str, asked: Asked) -> str:
    name, *rest = _names(path)
    if not rest:
        raise bad_request("metadata in filter must be attribute.metadata", detail=path[:80], where="mq")
    about = OWN_METADATA.get(rest[0]) or asked.alias(rest[0])
    return f"{asked.alias(name)}.{about}{_trail(rest[1:])}"


def _trail(keys: list[str]) -> str:
    if any(re.search(r'[\s.\[\]"]', key) for key in keys):
        raise bad_request("a key inside a value cannot hold dots, brackets or blanks here", where="q")
    return f"[{'.'.join(keys)}]" if keys else ""


def _operand(text: str, operator: str) -> str:
    if operator == "~=":
        return '"' + text.strip("'").replace('"', '\\"') + '"'
    low, dots, high = text.partition("..")
    if dots and operator in ("==", "!=") and "'" not in text:
        return f"{_literal(low)}..{_literal(high)}"
    if operator in ("==", "!="):
        parts = re.findall(rf"(?:{QUOTED}|[^,'])+", text)
        if not parts or ",".join(parts) != text:
            raise bad_request("invalid query expression", detail=text[:80], where="q")
        return ",".join(map(_literal, parts))
    return _literal(text)


def _literal(text: str) -> str:
    if not text:
        raise bad_request("empty right-hand-side in q-item", where="q")
    if text[0] == "'":
        return json.dumps(text.strip("'"), ensure_ascii=False)
    if NUMBER.fullmatch(text) or text in ("true", "false"):
        return text
    if text == "null":
        raise bad_request("null cannot be compared with here", where="q")
    return utc(text) or json.dumps(text, ensure_ascii=False)


def order_of(text: str) -> Asked:
    """The order of `orderBy=temperature,!humidity`; `geo:distance` needs the place of the query."""
    asked = Asked()
    terms = []
    for term in text.split(","):
        name = term.removeprefix("!")
        way = ";desc" if term != name else ""
        if name == "geo:distance":
            terms.append("location;dist-desc" if way else "location;dist-asc")
        elif name in ("id", "type"):
            terms.append(name + way)
        else:
            terms.append(_of_value(name, asked) + way)
    asked.text = ",".join(terms)
    return asked


def place_of(georel: str | None, geometry: str | None, coords: str | None) -> dict[str, Any] | None:
    """The geo-query as members of NGSI-LD (georel, geometry, coordinates); None when nothing is asked."""
    given = {"georel": georel, "geometry": geometry, "coords": coords}
    if not any(given.values()):
        return None
    for name, value in given.items():
        if not isinstance(value, str) or not value:
            raise bad_request(f"Invalid query: {name} is missing", where=name)
    kind = places.SHAPES.get(geometry or "")
    if kind is None:
        raise bad_request("geometry is point, line, box or polygon", where="geometry")
    shape = places.shape(kind, places.positions_of(coords or "", "coords"), "coords")
    return {
        "georel": _relation(georel or ""),
        "geometry": shape["type"],
        "coordinates": shape["coordinates"],
    }


def _relation(georel: str) -> str:
    near = NEAR.fullmatch(georel)
    if near:
        return f"near;{near[1]}Distance=={near[2]}"
    if georel not in RELATIONS:
        raise bad_request("Invalid value in georel", detail=georel[:80], where="georel")
    return RELATIONS[georel]
