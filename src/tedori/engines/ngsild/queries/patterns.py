"""Regular expressions that mean the same in RE2 and in PostgreSQL, and that neither can be made to hang on.

The standard asks for POSIX (IEEE 1003.2) expressions. What both engines read alike is let through: literals,
`.`, sets, groups, alternatives, `^ $`, `* + ? {m,n}`, and the classes d, w, s (ASCII). Matching is a search:
the pattern may be found anywhere in the text. Backreferences and look-around are refused, since their
matching time has no bound.
"""

from __future__ import annotations

import re
from functools import lru_cache

import re2

from tedori.engines.ngsild.errors import NgsiLdError, bad_request
from tedori.engines.ngsild.queries.scalars import sound

MAX_LENGTH = 512
MAX_REPEAT = 255
MAX_EXPANSION = 1000
"""Most copies of one piece that nested counts such as `(a{10}){100}` may ask for."""

_CLASSES = {"d": "0-9", "w": "A-Za-z0-9_", "s": " \\t\\n\\r\\f\\v"}
_CONTROLS = {"t": "\\t", "n": "\\n", "r": "\\r", "f": "\\f", "v": "\\v"}
_COUNT = re.compile(r"\{(\d{1,4})(?:(,)(\d{1,4})?)?\}", re.ASCII)
_PREFIX = re.compile(r"\^([\w :/,;=@%#&'\"~<>!-]+)(?![*?{\w])")
_POSIX = re.compile(r"\[:(alpha|digit|alnum|upper|lower|space|punct|xdigit):\]")


@lru_cache(maxsize=1024)
def checked(pattern: str) -> str:
    """The pattern in the form that all engines read alike; BadRequestData or TooComplexQuery otherwise."""
    if len(pattern) > MAX_LENGTH:
        raise NgsiLdError(
            "TooComplexQuery", "The regular expression is too long", detail=f"at most {MAX_LENGTH}"
        )
    text = _Reading(sound(pattern, where="q")).all()
    try:
        compiled(text)
    except re2.error as error:
        raise _refused(pattern, str(error)) from None
    return text


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> re2._Regexp:
    """The matcher of a checked pattern: linear in the text, bounded in memory."""
    options = re2.Options()
    options.max_mem = 4 << 20
    options.dot_nl = True
    options.log_errors = False
    return re2.compile(pattern, options)


def prefix(pattern: str) -> str:
    """What a text begins with in which this checked pattern is found; empty if that is not plain."""
    match = None if "|" in pattern else _PREFIX.match(pattern)
    return match[1] if match else ""


def found(pattern: str, text: str | None) -> bool | None:
    """Whether the pattern is found in the text; None stays None, as SQL wants it."""
    return None if text is None else compiled(pattern).search(text) is not None


def _refused(pattern: str, why: str) -> NgsiLdError:
    return bad_request("The regular expression cannot be used", detail=f"{pattern}: {why}", where="q")


class _Reading:
    """Walks a pattern once, from left to right, and writes it anew."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0

    def all(self) -> str:
        text, _ = self.alternatives()
        if self.at < len(self.pattern):
            raise _refused(self.pattern, "a ) has no (")
        return text

    def alternatives(self, depth: int = 0) -> tuple[str, int]:
        """A group's inside and how many copies of one piece it unfolds to."""
        if depth > 20:
            raise _refused(self.pattern, "too many groups within groups")
        out, most = [], 1
        while self.at < len(self.pattern) and self.pattern[self.at] != ")":
            if self.pattern[self.at] == "|":
                out.append(self._take(1))
                continue
            piece, size = self.piece(depth)
            piece, size = self.repeated(piece, size)
            out.append(piece)
            most = max(most, size)
        return "".join(out), most

    def piece(self, depth: int) -> tuple[str, int]:
        """One thing that a count can follow."""
        mark = self._take(1)
        if mark == "(":
            return self.group(depth)
        if mark == "[":
            return self.set(), 1
        if mark == "\\":
            return self.escape(inside=False), 1
        if mark in "*+?{":
            raise _refused(self.pattern, f"nothing stands before {mark}")
        return ("\\}" if mark == "}" else "\\]" if mark == "]" else mark), 1

    def group(self, depth: int) -> tuple[str, int]:
        """A group; only `(?:` of the `(?` family is known to both engines."""
        if self.pattern.startswith("?:", self.at):
            self.at += 2
        elif self.pattern.startswith("?", self.at):
            raise _refused(self.pattern, "(? groups and flags are not supported; write [Aa] for either case")
        inside, size = self.alternatives(depth + 1)
        if self._take(1) != ")":
            raise _refused(self.pattern, "a ( has no )")
        return f"(?:{inside})", size

    def repeated(self, piece: str, size: int) -> tuple[str, int]:
        """The piece with the counts that follow it."""
        mark = self.pattern[self.at : self.at + 1]
        if not mark or mark not in "*+?{":
            return piece, size
        if piece in ("^", "$"):
            raise _refused(self.pattern, "^ and $ cannot be repeated")
        count, times = (self._take(1), 2) if mark != "{" else self.count()
        if self.pattern[self.at : self.at + 1] == "?":
            self.at += 1  # "as few as possible" changes what is found, not whether
        if self.pattern[self.at : self.at + 1] in ("*", "+", "?", "{"):
            raise _refused(self.pattern, "one count follows another")
        if size * times > MAX_EXPANSION:
            raise NgsiLdError(
                "TooComplexQuery", "The regular expression repeats too much", detail=self.pattern
            )
        return piece + count, size * times if mark == "{" else size

    def count(self) -> tuple[str, int]:
        """`{m}`, `{m,}` or `{m,n}`."""
        match = _COUNT.match(self.pattern, self.at)
        low, high = (int(match[1]), int(match[3] or match[1])) if match else (1, 0)
        if match is None or low > high or high > MAX_REPEAT:
            raise _refused(self.pattern, f"a count is {{m}}, {{m,}} or {{m,n}}, at most {MAX_REPEAT}")
        self.at = match.end()
        return match[0], max(high, 1)

    def escape(self, *, inside: bool) -> str:
        """A backslash and what follows it."""
        mark = self._take(1)
        if mark in _CONTROLS:
            return _CONTROLS[mark]
        if mark in _CLASSES:
            return _CLASSES[mark] if inside else f"[{_CLASSES[mark]}]"
        if mark.lower() in _CLASSES and mark and not inside:
            return f"[^{_CLASSES[mark.lower()]}]"
        if not mark or mark.isalnum():
            raise _refused(self.pattern, f"\\{mark} is not supported")
        return f"\\{mark}" if mark.isascii() else mark

    def set(self) -> str:
        """A set in brackets; a first ] belongs to it, a - between two characters is a range."""
        out = ["[", self._take(1) if self.pattern.startswith("^", self.at) else ""]
        while len(out) == 2 or not self.pattern.startswith("]", self.at):
            low = self.member()
            ranged = self.pattern.startswith("-", self.at) and not self.pattern.startswith("-]", self.at)
            if not ranged:
                out.append(low)
                continue
            self._take(1)
            high = self.member()
            if max(len(low.lstrip("\\")), len(high.lstrip("\\"))) > 1:
                raise _refused(self.pattern, "a range goes from one character to another")
            out.append(f"{low}-{high}")
        self._take(1)
        return "".join(out) + "]"

    def member(self) -> str:
        """A character or a class within a set."""
        posix = _POSIX.match(self.pattern, self.at)
        if posix:
            return self._take(len(posix[0]))
        mark = self._take(1)
        if not mark:
            raise _refused(self.pattern, "a [ has no ]")
        if mark == "\\":
            return self.escape(inside=True)
        return f"\\{mark}" if mark in "[]-^" else mark

    def _take(self, length: int) -> str:
        taken = self.pattern[self.at : self.at + length]
        self.at += length
        return taken
