"""Descriptions as JSON-LD node objects: which term takes each object, and in what form."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from pyoxigraph import Literal

from kgpub.serialisation.description import RDF_TYPE, Description, Object
from kgpub.serialisation.jsonld_terms import Term, Vocabulary
from kgpub.serialisation.order import Order
from kgpub.vocabulary import XSD

Json: TypeAlias = "str | int | list[Json] | dict[str, Json]"

_XSD_STRING = XSD + "string"
_XSD_BOOLEAN = XSD + "boolean"
_NATIVE_TYPES = frozenset((_XSD_BOOLEAN, XSD + "integer"))
# JSON numbers that come back with the same digits from any parser, also one that reads doubles.
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,14}")
_INTEGER_TYPES = frozenset(
    XSD + name
    for name in (
        *("integer", "nonNegativeInteger", "positiveInteger"),
        *("nonPositiveInteger", "negativeInteger"),
        *("long", "int", "short", "byte"),
        *("unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
    )
)


class Encoded(str):
    """A value that is JSON text already."""


class Entry(NamedTuple):
    """One value under a key, or under a key of the map that is there; the least `rank` is best."""

    rank: int
    value: Json
    map_key: str | None = None


_SHORT, _WHOLE, _OBJECT = range(3)


class NodeWriter:
    """Writes the description of a subject as one node object that refers to others by IRI."""

    def __init__(self, vocabulary: Vocabulary, order: Order, positions: Mapping[str, int]) -> None:
        self._vocabulary = vocabulary
        self._order = order
        self._positions = positions
        self._terms: dict[str, list[Term]] = {}

    def node(self, subject: str, description: Description) -> dict[str, Json]:
        """Return the node object; raises ValueError where `Vocabulary.whole` does."""
        vocabulary = self._vocabulary
        node: dict[str, Json] = {vocabulary.id_key: vocabulary.whole(subject)}
        for predicate in sorted(description, key=self._order.predicate_key):
            objects = self._order.objects(predicate, description[predicate], self._positions)
            if predicate == RDF_TYPE:
                names = [vocabulary.name(each) for each in objects if isinstance(each, str)]
                if names:
                    node[vocabulary.type_key] = one_or_all(names)
                objects = [each for each in objects if isinstance(each, Literal)]
            node |= self._entries(predicate, objects)
        return node

    def _entries(self, predicate: str, objects: list[Object]) -> dict[str, Json]:
        return self.grouped(predicate, [self.entry(predicate, each) for each in objects])

    def _terms_of(self, predicate: str) -> list[Term]:
        terms = self._terms.get(predicate)
        if terms is None:
            terms = self._terms[predicate] = self._vocabulary.terms(predicate)
        return terms

    def grouped(self, predicate: str, found: Iterable[tuple[Term, Entry]]) -> dict[str, Json]:
        """Return all entries of one predicate, in their order, by the keys of their terms."""
        terms = self._terms_of(predicate)
        lists: dict[str, list[Json]] = {}
        maps: dict[str, dict[str, list[Json]]] = {}
        for term, entry in found:
            if entry.map_key is None:
                lists.setdefault(term.key, []).append(entry.value)
            else:
                maps.setdefault(term.key, {}).setdefault(entry.map_key, []).append(entry.value)
        entries: dict[str, Json] = {}
        for term in terms:
            if values := lists.get(term.key):
                entries[term.key] = values if term.container == "@set" else one_or_all(values)
            elif its := maps.get(term.key):
                entries[term.key] = {key: one_or_all(its[key]) for key in its}
        return entries

    def entry(self, predicate: str, each: Object) -> tuple[Term, Entry]:
        """Return the term that takes an object best, and how; raises ValueError as `node` does."""
        terms = self._terms_of(predicate)
        best: tuple[Term, Entry] | None = None
        for term in terms[:-1]:
            entry = self._entry(term, each)
            if entry is not None and (best is None or entry.rank < best[1].rank):
                best = term, entry
        if best is not None:
            return best
        entry = self._entry(terms[-1], each)
        if entry is None:
            raise ValueError(f"{terms[-1].key} cannot hold {each}")
        return terms[-1], entry

    def _entry(self, term: Term, each: Object) -> Entry | None:
        if isinstance(each, str):
            return self._iri(term, each)
        assert isinstance(each, Literal)  # no other comes through without being asked for
        return _literal(term, each, self._name)

    def _iri(self, term: Term, iri: str) -> Entry | None:
        if term.container == "@language":
            return None
        reference = self._vocabulary.reference(term, iri)
        if term.container == "@id":
            # An IRI that is not under the term's base would seem to be what the key says.
            return None if reference is None else Entry(_SHORT, {}, reference)
        if term.type == "@vocab":
            reference = self._vocabulary.local_name(term, iri)
        whole = reference or self._vocabulary.whole(iri)
        if term.type in ("@id", "@vocab"):
            return Entry(_SHORT if reference else _WHOLE, whole)
        return Entry(_OBJECT, {self._vocabulary.id_key: whole})

    def _name(self, iri: str) -> str:
        return self._vocabulary.name(iri)


def _literal(term: Term, literal: Literal, name: Callable[[str], str]) -> Entry | None:
    value, language = literal.value, literal.language
    if term.container == "@language":
        return None if language is None else Entry(_SHORT, value, language)
    if term.container == "@id":
        return None
    if language is not None:
        return Entry(_OBJECT, {"@value": value, "@language": language})
    datatype = literal.datatype.value
    number = native(value, datatype)
    if term.type == datatype or (term.type is None and datatype == _XSD_STRING):
        return Entry(_SHORT, value if number is None else number)
    if term.type is None and number is not None and datatype in _NATIVE_TYPES:
        return Entry(_SHORT, number)
    if datatype == _XSD_STRING:
        return Entry(_OBJECT, {"@value": value})
    return Entry(_OBJECT, {"@value": value, "@type": name(datatype)})


def native(value: str, datatype: str) -> int | None:
    """Return the JSON boolean or number that reads as this very lexical form, if there is one."""
    if datatype == _XSD_BOOLEAN and value in ("true", "false"):
        return value == "true"
    if datatype in _INTEGER_TYPES and _INTEGER.fullmatch(value):
        return int(value)
    return None


def one_or_all(values: Sequence[Json]) -> Json:
    """Return the value alone where it is alone."""
    return values[0] if len(values) == 1 else list(values)
