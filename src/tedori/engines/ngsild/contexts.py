"""What names mean: compiled @contexts, the core context always last (GS CIM 009, clauses 4.4 and 5.5.7)."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import orjson
import yaml

from tedori.engines.ngsild.errors import NgsiLdError, bad_request
from tedori.engines.ngsild.terms import (
    ABSOLUTE,
    CORE_URL,
    KEYWORDS,
    LIMITS,
    Active,
    Compiler,
    Limits,
    Load,
    Term,
    from_prefix,
)

NGSI_LD = "https://uri.etsi.org/ngsi-ld/"
DEFAULT_VOCABULARY = f"{NGSI_LD}default-context/"
MEMORY = 4_096
IN_IRI = re.compile(r'[\s\x00-\x1f\x7f<>"{}|\\^`]')
NAME = re.compile(r"[^\W\d_]\w*")


class Context:
    """The names that hold for one request. Immutable to its users; what it has worked out it remembers.

    `source` is what the caller gave (a URL, a map, an array; None for the core context alone) and what an
    answer echoes; `urls` are the remote documents that went into it, in the order of loading.
    """

    def __init__(
        self, terms: Mapping[str, Term], *, source: Any = None, documents: Mapping[str, Any] | None = None
    ) -> None:
        self.terms = terms
        self.source = source
        self.documents = documents or {}
        self.urls = tuple(self.documents)
        self._expanded: dict[str, str] = {}
        self._compacted: dict[str, str] = {}

    def expand(self, name: str) -> str:
        """The IRI of a name of an attribute or a type (or the keyword that it is an alias of).

        Raises BadRequestData for a name with forbidden characters, a blank one, or one that the context
        switches off by null.
        """
        known = self._expanded.get(name)
        return known if known is not None else self._remember(self._expanded, name, self._named(name))

    def compact(self, iri: str) -> str:
        """The name of an IRI: a term, a name of the vocabulary, a compact IRI, or else the IRI itself."""
        known = self._compacted.get(iri)
        return known if known is not None else self._remember(self._compacted, iri, self._shortest(iri))

    def expand_value(self, value: Any) -> Any:
        """A value of a VocabProperty: a text becomes an IRI, an array a tuple of IRIs."""
        if isinstance(value, str):
            return self.iri(value) or value
        return tuple(self.iri(part) or part for part in value)

    def compact_value(self, value: Any) -> Any:
        """The other way round: a tuple becomes a list."""
        return self.compact(value) if isinstance(value, str) else [self.compact(part) for part in value]

    def iri(self, name: str) -> str | None:
        """The IRI of any text, as JSON-LD expands it against the vocabulary; None when it is switched off."""
        term = self.terms.get(name)
        if term is not None:
            return term.iri
        if name in KEYWORDS:
            return name
        prefix, colon, suffix = name.partition(":")
        if not colon or not prefix:
            return DEFAULT_VOCABULARY + name
        return (
            name
            if prefix == "_" or suffix.startswith("//")
            else from_prefix(self.terms, name, prefix, suffix)
        )

    @cached_property
    def aliases(self) -> Mapping[str, str]:
        """The names that stand for `@id` and `@type`, these two among them."""
        return {"@id": "@id", "@type": "@type"} | {
            name: term.iri for name, term in self.terms.items() if term.iri in ("@id", "@type")
        }

    @cached_property
    def _names(self) -> dict[str, str]:
        """By IRI its best term: one that leaves its values alone, then the shortest, then by alphabet."""
        ranked = sorted(
            ((len(term.containers) > 0, term.type is not None, len(name), name), name, term.iri)
            for name, term in self.terms.items()
            if term.iri
        )
        return {iri: name for _, name, iri in reversed(ranked)}

    @cached_property
    def _prefixes(self) -> dict[str, list[str]]:
        """By IRI the prefixes that stand for it, the shortest first."""
        prefixes: dict[str, list[str]] = {}
        for name in sorted(self.terms, key=lambda name: (len(name), name)):
            term = self.terms[name]
            if term.prefix and term.iri:
                prefixes.setdefault(term.iri, []).append(name)
        return prefixes

    def _named(self, name: str) -> str:
        known = ":" in name or name in self.terms
        fits = not IN_IRI.search(name) if known else NAME.fullmatch(name)
        if not fits or len(name) > LIMITS.length:
            raise bad_request(
                "A name is empty, too long or holds forbidden characters.", detail=repr(name[:80])
            )
        iri = self.iri(name)
        if iri is None:
            raise bad_request("The @context switches this name off.", detail=name)
        if iri[0] != "@" and not ABSOLUTE.match(iri):
            raise bad_request("A name does not lead to an IRI.", detail=f"{name} → {iri}")
        return iri

    def _shortest(self, iri: str) -> str:
        if iri in self._names:
            return self._names[iri]
        rest = iri.removeprefix(DEFAULT_VOCABULARY)
        if rest != iri and NAME.fullmatch(rest) and rest not in self.terms:
            return rest  # what is no short name (from NGSIv2, say) stays an IRI, which can be read back
        return min(self._compact_iris(iri), key=lambda text: (len(text), text), default=iri)

    def _compact_iris(self, iri: str) -> Iterator[str]:
        # Its beginnings are looked up, not the prefixes tried: a context may have very many of them.
        for cut in range(1, len(iri)):
            for name in self._prefixes.get(iri[:cut], ()):
                text = f"{name}:{iri[cut:]}"
                if text not in self.terms and self.iri(text) == iri:
                    yield text

    @staticmethod
    def _remember(memory: dict, key: Any, value: Any) -> Any:
        if len(memory) >= MEMORY:
            memory.clear()  # names come from outside: memory must not grow with them
        memory[key] = value
        return value


def _core() -> Context:
    """The core context, from the facts beside this file."""
    facts = yaml.safe_load((Path(__file__).parent / "core_context.yaml").read_text(encoding="utf-8"))
    prefixes = facts["prefixes"]
    iris = {
        name: prefixes["ngsi-ld"] + facts["renamed"].get(name, name)
        for name in facts["types"] + facts["names"]
    }
    iris |= {name: prefixes["geojson"] + name for name in facts["geojson"]} | facts["elsewhere"]
    types = {
        name: kind if kind[0] == "@" else iris[kind]
        for kind, names in facts["coerced"].items()
        for name in names
    }
    containers = {name: (kind,) for kind, names in facts["containers"].items() for name in names}
    terms = {name: Term(iri, types.get(name), containers.get(name, ())) for name, iri in iris.items()}
    terms |= {name: Term(iri) for name, iri in facts["keywords"].items()}
    terms |= {name: Term(iri, prefix=True) for name, iri in prefixes.items()}
    return Context(terms)


CORE = _core()
CORE_VERSION = "1.8"
CORE_CONTEXT_URL = f"{NGSI_LD}v1/ngsi-ld-core-context-v{CORE_VERSION}.jsonld"


def is_core(url: str) -> bool:
    """Whether a URL names the core context, whatever its version and wherever its authors host it."""
    return CORE_URL.fullmatch(url) is not None


def remote_urls(context: Any) -> tuple[str, ...]:
    """The remote documents that a context names itself, to fetch them before compiling."""
    if isinstance(context, str):
        return () if is_core(context) else (context,)
    parts = context if isinstance(context, list) else ()
    return tuple(dict.fromkeys(url for part in parts for url in remote_urls(part)))


@dataclass(frozen=True, slots=True)
class Kept:
    """A compiled context, with how much it weighs in the cache."""

    context: Context
    weight: int


class ContextCache:
    """Compiled contexts by content, the least recently used forgotten first; safe under threads.

    An entry holds as long as the loader gives the same documents for the URLs that went into it: with a
    loader that keeps documents a hit costs one look-up per URL.
    """

    def __init__(self, *, entries: int = 512, terms: int = 500_000) -> None:
        self.entries = entries
        self.terms = terms
        self._kept: OrderedDict[Any, Kept] = OrderedDict()
        self._weight = 0
        self._lock = Lock()

    def get(self, key: Any, load: Load) -> Context | None:
        """The context under this key, when all its documents are still the same."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is None:
                return None
            self._kept.move_to_end(key)
        for url, document in kept.context.documents.items():
            now = load(url)
            if now is not document and now != document:
                return None
        return kept.context

    def put(self, key: Any, context: Context) -> None:
        """Keep a context, forgetting others until it fits."""
        with self._lock:
            self._drop(key)
            self._kept[key] = Kept(context, len(context.terms))
            self._weight += len(context.terms)
            while len(self._kept) > 1 and (len(self._kept) > self.entries or self._weight > self.terms):
                self._drop(next(iter(self._kept)))

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
            self._weight = 0

    def __len__(self) -> int:
        return len(self._kept)

    def _drop(self, key: Any) -> None:
        kept = self._kept.pop(key, None)
        if kept is not None:
            self._weight -= kept.weight


SHARED = ContextCache()


def compiled(
    context: Any, *, load: Load, limits: Limits = LIMITS, cache: ContextCache | None = None
) -> Context:
    """The context that a caller's `@context` (a URL, a map, an array, None) stands for, the core one last.

    `load` gives the document (a map with `@context`) of a URL and raises LdContextNotAvailable when it
    cannot; it is never asked for the core context. Raises BadRequestData for what is no context, and for
    cycles and for more terms, documents or nesting than `limits` allow.
    """
    if context is None or (isinstance(context, str) and is_core(context)):
        return CORE
    cache = SHARED if cache is None else cache
    key = context if isinstance(context, str) else _key(context)
    known = cache.get(key, load)
    if known is not None:
        return known
    compiler = Compiler(CORE.terms, load, limits)
    active = Active(vocab=None)
    try:
        compiler.process(active, context)
    except RecursionError:
        raise bad_request("The @context is nested too deeply.", where="@context") from None
    active.terms.update(CORE.terms)
    made = Context(active.terms, source=context, documents=compiler.loaded)
    cache.put(key, made)
    return made


def _key(context: Any) -> bytes:
    try:
        return orjson.dumps(context)
    except orjson.JSONEncodeError as error:
        raise bad_request("The @context is not JSON.", detail=str(error)[:120], where="@context") from None


def unavailable(url: str, why: str = "") -> NgsiLdError:
    """The error that a loader raises when a document cannot be had."""
    return NgsiLdError(
        "LdContextNotAvailable",
        "A remote @context cannot be read.",
        detail=f"{url} {why}".strip(),
        where="@context",
    )
