"""Node objects from lines of N-Quads: as `jsonld_node` has them, and quicker.

How an object is written hangs, of a literal, on the predicate and on its datatype or language; of
these there are few. For each a text is kept into which the value is put.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from json.encoder import encode_basestring
from typing import TypeAlias, TypeVar

from kgpub.serialisation.escapes import UNSEEN
from kgpub.serialisation.jsonld_document import INDENT, MARGIN, laid_out, visible
from kgpub.serialisation.jsonld_node import Encoded, Entry, Json, NodeWriter, native, one_or_all
from kgpub.serialisation.jsonld_terms import Term, Vocabulary
from kgpub.serialisation.order import Order
from kgpub.serialisation.subject_lines import TYPE, Said, objects_in_order
from kgpub.serialisation.terms import literal_of
from kgpub.vocabulary import XSD

_MAX_KEPT = 50_000
"""Texts that are kept, of each kind."""
_INNER = MARGIN + INDENT
_STAND_IN, _NUMBER = "\ue000\ue001", "918273645546372"
"""A value, and a number, of which is seen where a text has it."""
_Around: TypeAlias = tuple[str, str] | None
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")
_BOOLEAN = XSD + "boolean"


class JsonLdSubjects:
    """Writes subjects as node objects with the terms of one context."""

    def __init__(self, vocabulary: Vocabulary, order: Order) -> None:
        self._vocabulary = vocabulary
        self._order = order
        self._nodes = NodeWriter(vocabulary, order, {})
        self._orders: dict[tuple[str, ...], list[int]] = {}
        self._members: dict[tuple[str, ...], str] = {}
        self._around: dict[tuple[str, str, bool], _Around] = {}
        self._entries: dict[tuple[str, str, bool], tuple[Term, Entry]] = {}
        self._id = encode_basestring(vocabulary.id_key)

    def node(self, said: Said, position: Callable[[str], int]) -> str:
        """Return the node object, laid out, of what is said of one subject.

        `position` is that of a term that is a subject. Raises ValueError where `Vocabulary.whole`
        does.
        """
        predicates = said.predicates
        order = self._orders.get(predicates)
        if order is None:
            key = self._order.predicate_key
            order = sorted(range(len(predicates)), key=lambda each: key(predicates[each][1:-1]))
            _keep(self._orders, predicates, order)
        subject = self._vocabulary.whole(said.subject[1:-1])
        parts = [f"{self._id}: {visible(encode_basestring(subject))}"]
        for each in order:
            its = said.of(each)
            if len(its) == 1:
                parts.append(self._one(predicates[each], its[0]))
            else:
                parts.append(self._several(predicates[each], its, position))
        return f"{{{_INNER}{f',{_INNER}'.join(parts)}{MARGIN}}}"

    def _one(self, predicate: str, term: str) -> str:
        """Return the member of a predicate with one object."""
        if term[0] == '"':
            end = term.rindex('"')
            value, kind = term[1:end], term[end + 1 :]
            is_native = kind != "" and native(value, kind[3:-1]) is not None
            key = predicate, kind, is_native
            around = self._around.get(key)
            if around is None and key not in self._around:
                around = self._learnt(predicate, kind, is_native)
                _keep(self._around, key, around)
            if around is not None and _is_same(value):
                return f"{around[0]}{value}{around[1]}"
            return self._laid_out(predicate, [term])
        member = self._members.get((predicate, term))
        if member is None:
            member = self._laid_out(predicate, [term])
            _keep(self._members, (predicate, term), member)
        return member

    def _several(self, predicate: str, terms: Sequence[str], position: Callable[[str], int]) -> str:
        """Return the members of a predicate with several objects, as they stand in the lines."""
        if predicate != TYPE:
            ordered = objects_in_order(self._order, predicate, terms, position)
            return self._laid_out(predicate, ordered)
        member = self._members.get((predicate, *terms))
        if member is None:
            ordered = objects_in_order(self._order, predicate, terms, position)
            member = self._laid_out(predicate, ordered)
            _keep(self._members, (predicate, *terms), member)
        return member

    def _laid_out(self, predicate: str, terms: Sequence[str]) -> str:
        """Return the members of a predicate whose objects are in order."""
        members: dict[str, Json] = {}
        rest = terms
        if predicate == TYPE:
            names = [self._vocabulary.name(each[1:-1]) for each in terms if each[0] == "<"]
            rest = terms[len(names) :]
            if names:
                members[self._vocabulary.type_key] = one_or_all(names)
        if rest:
            found = [self._entry(predicate, each) for each in rest]
            members |= self._nodes.grouped(predicate[1:-1], found)
        return visible(
            f",{_INNER}".join(
                f"{encode_basestring(key)}: {laid_out(value, _INNER)}"
                for key, value in members.items()
            )
        )

    def _entry(self, predicate: str, term: str) -> tuple[Term, Entry]:
        if term[0] != '"':
            return self._nodes.entry(predicate[1:-1], term[1:-1])
        end = term.rindex('"')
        value, kind = term[1:end], term[end + 1 :]
        if not _is_same(value) or (kind != "" and native(value, kind[3:-1]) is not None):
            return self._nodes.entry(predicate[1:-1], literal_of(term))
        key = predicate, kind, False
        found = self._entries.get(key)
        if found is None:
            found = self._nodes.entry(predicate[1:-1], literal_of(f'""{kind}'))
            _keep(self._entries, key, found)
        chosen, (rank, empty, map_key) = found
        encoded: Json = Encoded(f'"{value}"')
        if isinstance(empty, dict):
            encoded = {**empty, "@value": encoded}
        return chosen, Entry(rank, encoded, map_key)

    def _learnt(self, predicate: str, kind: str, is_native: bool) -> _Around:
        """Return what stands around the value of a literal; None where that cannot be told."""
        value = _STAND_IN
        if is_native:
            if kind[3:-1] == _BOOLEAN:
                return None
            value = _NUMBER
        before, found, after = self._laid_out(predicate, [f'"{value}"{kind}']).partition(value)
        return (before, after) if found and value not in after else None


def _is_same(value: str) -> bool:
    """Whether what stands between the quotation marks in N-Quads does so in JSON too.

    Their escapes are those of JSON, but for letters in those by number, which are small here.
    """
    return "\\u" not in value and (value.isascii() or UNSEEN.search(value) is None)


def _keep(kept: dict[_Key, _Value], key: _Key, value: _Value) -> None:
    if len(kept) == _MAX_KEPT:
        kept.clear()
    kept[key] = value
