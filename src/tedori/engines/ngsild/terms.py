"""JSON-LD @contexts turned into term definitions (JSON-LD 1.1 API, section 4), the part that NGSI-LD needs.

Understood: nested arrays, remote contexts, `@import`, `@vocab`, compact IRIs and prefixes, aliases
of keywords, definitions as objects, `@type` and `@container`, protected terms. Reverse properties have no
meaning in NGSI-LD and are left out; scoped contexts are forbidden by the standard and refused. Everything
that a hostile author could use to keep a machine busy is counted: documents, nesting, terms, lengths, cycles.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urljoin

from tedori.engines.ngsild.errors import NgsiLdError, bad_request

Load = Callable[[str], Mapping[str, Any]]
KEYWORDS = frozenset(
    [
        "@base",
        "@container",
        "@context",
        "@direction",
        "@graph",
        "@id",
        "@import",
        "@included",
        "@index",
        "@json",
        "@language",
        "@list",
        "@nest",
        "@none",
        "@prefix",
        "@propagate",
        "@protected",
        "@reverse",
        "@set",
        "@type",
        "@value",
        "@version",
        "@vocab",
    ]
)
LIKE_KEYWORD = re.compile(r"@[A-Za-z]+")
ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
CORE_URL = re.compile(
    r"https?://(?:uri|forge)\.etsi\.org/(?:\S*/)?ngsi-ld-core-context(?:-v1\.\d{1,2}(?:\.\d{1,2})?)?\.jsonld"
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one @context may cost: documents, nesting, terms resting on terms, terms, characters of a name."""

    remotes: int = 32
    depth: int = 10
    chain: int = 100
    terms: int = 50_000
    length: int = 2_048


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Term:
    """What a name means: its IRI (or keyword, or None when it is switched off), how its values are read."""

    iri: str | None
    type: str | None = None
    containers: tuple[str, ...] = ()
    prefix: bool = False
    protected: bool = False


@dataclass(slots=True)
class Active:
    """The terms that hold at one point of a document."""

    terms: dict[str, Term] = field(default_factory=dict)
    vocab: str | None = None


class Compiler:
    """Works one @context into terms; `loaded` holds each remote document that it needed."""

    def __init__(self, core: Mapping[str, Term], load: Load, limits: Limits = LIMITS) -> None:
        self.core = core
        self.load = load
        self.limits = limits
        self.loaded: dict[str, Any] = {}
        self.steps = 0

    def process(self, active: Active, context: Any, chain: tuple[str, ...] = (), level: int = 0) -> None:
        """Apply a context (None, a URL, a map, an array of these) to the terms that hold."""
        self._count(1, level)
        if context is None:
            self._forget(active)
        elif isinstance(context, str):
            self._remote(active, context, chain, level)
        elif isinstance(context, list):
            for part in context:
                self.process(active, part, chain, level + 1)
        elif isinstance(context, dict):
            self._map(active, context, chain, level)
        else:
            raise bad_request(
                "A @context must be a URL, a map or an array of these.",
                detail=repr(context)[:80],
                where="@context",
            )

    def fetch(self, url: str, chain: tuple[str, ...]) -> Any:
        """The @context inside a remote document. Raises LdContextNotAvailable when there is none."""
        if url in chain:
            raise bad_request(
                "The @context includes itself.", detail=" → ".join((*chain, url)), where="@context"
            )
        if url not in self.loaded:
            if len(self.loaded) >= self.limits.remotes:
                raise bad_request(
                    "The @context needs too many other documents.", detail=url, where="@context"
                )
            self.loaded[url] = self.load(url)
        document = self.loaded[url]
        if not isinstance(document, Mapping) or "@context" not in document:
            raise NgsiLdError(
                "LdContextNotAvailable", "A remote document holds no @context.", detail=url, where="@context"
            )
        return document["@context"]

    def _count(self, work: int, level: int) -> None:
        # Every step counts: documents that name others twice could double the work again and again.
        self.steps += work
        if self.steps > self.limits.terms or level > self.limits.depth:
            raise bad_request("The @context is too large or nested too deeply.", where="@context")

    def _forget(self, active: Active) -> None:
        if any(term.protected for term in active.terms.values()):
            raise bad_request("A @context tries to forget protected terms.", where="@context")
        active.terms, active.vocab = {}, None

    def _remote(self, active: Active, reference: str, chain: tuple[str, ...], level: int) -> None:
        url = resolve(reference, chain)
        if CORE_URL.fullmatch(url):
            # Its names are known from here on already, so that prefixes work; they are set again at the end.
            active.terms.update(self.core)
            return
        self.process(active, self.fetch(url, chain), (*chain, url), level + 1)

    def _map(self, active: Active, context: dict[str, Any], chain: tuple[str, ...], level: int) -> None:
        if isinstance(context.get("@import"), str):
            url = resolve(context["@import"], chain)
            imported = self.fetch(url, chain)
            if not isinstance(imported, dict) or "@import" in imported:
                raise bad_request(
                    "An imported @context must be one map.", detail=url, where="@context.@import"
                )
            context = {**imported, **{key: value for key, value in context.items() if key != "@import"}}
        self._count(len(context), level)
        definer = Definer(self, active, context, chain, level)
        definer.settings()
        for name in context:
            if name not in KEYWORDS:
                definer.define(name)


class Definer:
    """Defines the terms of one map, each at most once, following references between them."""

    def __init__(
        self, compiler: Compiler, active: Active, local: dict[str, Any], chain: tuple[str, ...], level: int
    ) -> None:
        self.compiler = compiler
        self.active = active
        self.local = local
        self.chain = chain
        self.level = level
        self.done: dict[str, bool] = {}
        self.open = 0
        self.protected = local.get("@protected") is True

    def settings(self) -> None:
        """Take `@version` and `@vocab`; `@base` means nothing for names."""
        if self.local.get("@version", 1.1) != 1.1:
            raise bad_request("Only JSON-LD 1.1 is understood.", where="@context.@version")
        if "@vocab" in self.local:
            vocab = self.local["@vocab"]
            if vocab is not None and not isinstance(vocab, str):
                raise bad_request("@vocab must be a text or null.", where="@context.@vocab")
            self.active.vocab = vocab if vocab is None else self.iri(vocab, whole=True)

    def define(self, name: str) -> None:
        """Create the definition of one term (and first of those it rests on)."""
        if name in self.done:
            if not self.done[name]:
                raise bad_request(
                    "Terms of the @context rest on each other in a circle.", where=f"@context.{name}"
                )
            return
        if self.open > self.compiler.limits.chain:
            raise bad_request(
                "Terms of the @context rest on each other too deeply.", where=f"@context.{name}"
            )
        self._check(name)
        if LIKE_KEYWORD.fullmatch(name):
            return
        self.done[name] = False
        self.open += 1
        self._put(name, self.active.terms.pop(name, None), self._term(name, self.local[name]))
        self.open -= 1
        self.done[name] = True

    def _put(self, name: str, previous: Term | None, term: Term | None) -> None:
        if previous is not None and previous.protected:
            if term is None or replace(term, protected=True) != previous:
                raise bad_request("A @context redefines a protected term.", where=f"@context.{name}")
            term = previous
        if term is not None:
            self.active.terms[name] = term

    def _check(self, name: str) -> None:
        if not name or len(name) > self.compiler.limits.length:
            raise bad_request("A term of the @context is empty or too long.", where=f"@context.{name[:60]}")

    def _term(self, name: str, value: Any) -> Term | None:
        if isinstance(value, dict):
            return self._from_map(name, value)
        if value is None:
            return Term(None, protected=self.protected)
        if isinstance(value, str):
            return self._named(name, value, simple=True)
        raise bad_request("A term must be defined by a text, a map or null.", where=f"@context.{name}")

    def _from_map(self, name: str, value: dict[str, Any]) -> Term | None:
        if "@reverse" in value:
            return None
        if "@id" in value and value["@id"] is None:
            return Term(None, protected=self.protected)
        target = value.get("@id", name)
        if not isinstance(target, str):
            raise bad_request("The @id of a term must be a text.", where=f"@context.{name}.@id")
        if "@context" in value:
            # The standard forbids them (clause 5.5.7): they could give the core's own names another meaning.
            raise bad_request(
                "A term must not carry a @context of its own.", where=f"@context.{name}.@context"
            )
        term = self._named(name, target, simple=False)
        return replace(
            term,
            type=self._type(name, value.get("@type")),
            containers=self._containers(name, value.get("@container")),
            prefix=term.prefix or value.get("@prefix") is True,
            protected=value.get("@protected", self.protected) is True,
        )

    def _named(self, name: str, target: str, *, simple: bool) -> Term:
        if len(target) > self.compiler.limits.length:
            raise bad_request("An IRI of the @context is too long.", where=f"@context.{name}")
        iri = self._own(name) if target == name else self.iri(target)
        if iri is None:
            return Term(None, protected=self.protected)
        if iri == "@context" or (iri not in KEYWORDS and ":" not in iri):
            raise bad_request(
                "A term does not lead to an IRI.", detail=f"{name} → {iri}", where=f"@context.{name}"
            )
        prefix = simple and ":" not in name and "/" not in name and iri[-1] in ":/?#[]@"
        return Term(iri, prefix=prefix, protected=self.protected)

    def _own(self, name: str) -> str | None:
        """The IRI of a term defined by its own name: a compact IRI, an IRI, or one of the vocabulary."""
        prefix, colon, suffix = name.partition(":")
        if colon and prefix:
            return self._compact(name, prefix, suffix)
        if self.active.vocab is None:
            raise bad_request("A term has no IRI, and no @vocab is set.", where=f"@context.{name}")
        return self.active.vocab + name

    def _compact(self, value: str, prefix: str, suffix: str) -> str:
        if prefix == "_" or suffix.startswith("//"):
            return value
        if prefix in self.local and not self.done.get(prefix):
            self.define(prefix)
        return from_prefix(self.active.terms, value, prefix, suffix)

    def iri(self, value: str, *, whole: bool = False) -> str | None:
        """Expand a name inside the map that is being read. `whole`: a vocabulary, which may be relative."""
        if value in KEYWORDS:
            return value
        if LIKE_KEYWORD.fullmatch(value):
            return None
        if value in self.local and not self.done.get(value) and not whole:
            self.define(value)
        if value in self.active.terms and not whole:
            return self.active.terms[value].iri
        prefix, colon, suffix = value.partition(":")
        if colon and prefix:
            return self._compact(value, prefix, suffix)
        return (self.active.vocab or "") + value

    def _type(self, name: str, value: Any) -> str | None:
        if value is None:
            return None
        if not isinstance(value, str):
            raise bad_request("The @type of a term must be a text.", where=f"@context.{name}.@type")
        return self.iri(value)

    def _containers(self, name: str, value: Any) -> tuple[str, ...]:
        parts = value if isinstance(value, list) else [] if value is None else [value]
        if not all(isinstance(part, str) and part in KEYWORDS for part in parts):
            raise bad_request("The @container of a term is not known.", where=f"@context.{name}.@container")
        return tuple(parts)


def from_prefix(terms: Mapping[str, Term], value: str, prefix: str, suffix: str) -> str:
    """A compact IRI written out; the value itself when its first part is no prefix."""
    term = terms.get(prefix)
    return term.iri + suffix if term is not None and term.prefix and term.iri else value


def resolve(reference: str, chain: tuple[str, ...]) -> str:
    """The absolute URL of a context named inside another. Raises BadRequestData when it stays relative."""
    url = urljoin(chain[-1], reference) if chain else reference
    if not url.startswith(("http://", "https://", "urn:")) or any(char.isspace() for char in url):
        raise bad_request(
            "A @context must be named by an absolute URL.", detail=reference[:200], where="@context"
        )
    return url
