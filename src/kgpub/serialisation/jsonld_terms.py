"""A JSON-LD context read backwards: from IRIs to the terms that stand for them.

Understood is the part of JSON-LD 1.1 that submissions use: prefixes, aliases of @id and @type, and
terms with @id, @type, @container (@language, @id, @set) and a scoped context of @base or @vocab.
Terms with nothing but @reverse may stand there, and are not written.
Anything else in a context is refused, because what it would change here is not known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# References that the parsers resolve alike against a plain base: no empty or dot segments, no
# colon, query or percent escape, nothing that looks like a keyword.
_SEGMENT = r"[A-Za-z0-9_~-][A-Za-z0-9._~-]*"
_REFERENCE = re.compile(rf"{_SEGMENT}(?:/{_SEGMENT})*(?:#[A-Za-z0-9._~=,-]+)?")
_NAME = re.compile(_SEGMENT)
_BASE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]+/(?:(?!\.\.?/)[^/?#]+/)*")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(?!//)")
_GEN_DELIMS = ":/?#[]@"


@dataclass(frozen=True)
class Term:
    """A key for a predicate, and how the values under it are read.

    `type` is "@id", "@vocab", a datatype's IRI, or None; `container` is "@language", "@id", "@set"
    or None; `base` and `vocab` are IRIs that the scoped context sets, or None.
    """

    key: str
    type: str | None = None
    container: str | None = None
    base: str | None = None
    vocab: str | None = None


class Vocabulary:
    """The terms of one context by what they stand for.

    Raises ValueError for a context that is not of the kind described above.
    """

    def __init__(self, context: Mapping[str, Any]) -> None:
        self._context = context
        self._prefixes: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._terms: dict[str, list[Term]] = {}
        self._keys: dict[str, str] = {}
        self.id_key = self.type_key = ""
        for key in sorted(context):
            self._add(key, context[key])
        self.id_key = self.id_key or "@id"
        self.type_key = self.type_key or "@type"

    def terms(self, predicate: str) -> list[Term]:
        """Return the terms for a predicate, sorted by key; the last is its compact or whole IRI."""
        return [*self._terms.get(predicate, ()), Term(self._compact(predicate))]

    def name(self, iri: str) -> str:
        """Return what stands for a class or datatype: a term, else a compact or whole IRI.

        Only terms with nothing but an IRI are taken: the scoped context of another would become
        type-scoped, and change how the node is read.
        """
        return self._names.get(iri) or self._compact(iri)

    def whole(self, iri: str) -> str:
        """Return the IRI itself.

        Raises ValueError for one that JSON-LD could only read as a compact IRI (JSON-LD 1.1 API,
        section 6.2.2): its scheme is a prefix of the context.
        """
        if (match := _SCHEME.match(iri)) and match[1] in self._prefixes:
            raise ValueError(f"<{iri}> reads as a compact IRI: {match[1]} is a prefix")
        return iri

    def reference(self, term: Term, iri: str) -> str | None:
        """Return the relative reference that the term's scoped base resolves to the IRI."""
        if term.base is None or not iri.startswith(term.base):
            return None
        reference = iri[len(term.base) :]
        return reference if self._plain(_REFERENCE, reference) else None

    def local_name(self, term: Term, iri: str) -> str | None:
        """Return the name that the term's scoped vocabulary completes to the IRI."""
        if term.vocab is None or not iri.startswith(term.vocab):
            return None
        name = iri[len(term.vocab) :]
        return name if self._plain(_NAME, name) else None

    def _plain(self, pattern: re.Pattern[str], name: str) -> bool:
        # Under @vocab a term would be taken for what it stands for; under @base pyoxigraph loses
        # values that are spelt like an alias of a keyword, or like a term that is null.
        return pattern.fullmatch(name) is not None and name not in self._context

    def _compact(self, iri: str) -> str:
        key = self._keys.get(iri)
        if key is None:
            key = self._keys[iri] = self._shortest(iri)
        return key

    def _shortest(self, iri: str) -> str:
        found = [
            f"{prefix}:{iri[len(namespace) :]}"
            for prefix, namespace in self._prefixes.items()
            if iri.startswith(namespace) and not iri.startswith("//", len(namespace))
        ]
        usable = [name for name in found if name not in self._context]
        return min(usable, key=lambda name: (len(name), name), default="") or self.whole(iri)

    def _add(self, key: str, definition: Any) -> None:
        if key == "@version" or definition is None or _is_reverse(definition):
            return
        if key.startswith("@") or ":" in key:
            raise ValueError(f"a context with {key} is not understood")
        if definition == "@id":
            self.id_key = self.id_key or key
        elif definition == "@type":
            self.type_key = self.type_key or key
        elif isinstance(definition, str):
            iri = self._expand(definition)
            self._names.setdefault(iri, key)
            self._terms.setdefault(iri, []).append(Term(key))
            if iri[-1] in _GEN_DELIMS:
                self._prefixes[key] = iri
        else:
            self._add_expanded(key, definition)

    def _add_expanded(self, key: str, definition: Any) -> None:
        if not _understood(definition):
            raise ValueError(f"the definition of {key} in the context is not understood")
        scoped = definition.get("@context", {})
        base, vocab = scoped.get("@base") or "", scoped.get("@vocab") or ""
        coercion = definition.get("@type")
        if coercion not in (None, "@id", "@vocab"):
            coercion = self._expand(coercion)
        term = Term(
            key,
            coercion,
            definition.get("@container"),
            base if _BASE.fullmatch(base) else None,
            vocab if "://" in vocab else None,
        )
        self._terms.setdefault(self._expand(definition["@id"]), []).append(term)

    def _expand(self, name: str) -> str:
        prefix, colon, local = name.partition(":")
        namespace = self._context.get(prefix)
        if colon and not local.startswith("//") and isinstance(namespace, str):
            if ":" not in namespace or not namespace.split(":", 1)[1].startswith("//"):
                raise ValueError(f"the prefix {prefix} is not a whole IRI")
            return namespace + local
        if not colon or name.startswith("@"):
            raise ValueError(f"{name} in the context is neither a compact nor a whole IRI")
        return name


def _is_reverse(definition: Any) -> bool:
    """Whether a term stands for a property read backwards: it is for those who write by hand."""
    return isinstance(definition, Mapping) and definition.keys() == {"@reverse"}


def _understood(definition: Any) -> bool:
    if not isinstance(definition, Mapping) or "@id" not in definition:
        return False
    scoped, container = definition.get("@context", {}), definition.get("@container")
    return (
        definition.keys() <= {"@id", "@type", "@container", "@context"}
        and isinstance(scoped, Mapping)
        and scoped.keys() <= {"@base", "@vocab"}
        and container in (None, "@language", "@id", "@set")
        and not (container in ("@language", "@id") and "@type" in definition)
    )
