"""Queries that are answered without a worker, as they can be shown to take next to no time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from pyoxigraph import QuerySolutions, QueryTriples, Store

from kgpub.service.errors import RequestError
from kgpub.service.sparql.wire import Task
from kgpub.service.sparql.writing import Sink, Unwritable, form_of, is_xml, write
from kgpub.store import Answer

_LONGEST = 4_000
"""Characters of a query."""
_MOST_JSON, _MOST_GRAPH, _MOST = 2**15, 2**14, 2**12
"""Bytes of an answer: where a row has 25 at least, of triples, and where it may have two.

So there are some 2,000 rows at most. One takes 1 to 3 µs.
"""
_SPACE = r"[ \t\r\n]"
_PREFIX = r"[A-Za-z][A-Za-z0-9-]*"
_VARIABLE = r"[?$][A-Za-z0-9_]+"
_IRI = r"<[^<>\"{}|^`\\\x00-\x20]*>"


def _named(prefix: str) -> str:
    """Return what an IRI or a prefixed name is like, whose prefix is the group of that name."""
    return rf"{_IRI} | (?P<{prefix}>{_PREFIX}):[A-Za-z][A-Za-z0-9_-]*"


_LOOKUP = re.compile(
    rf"""{_SPACE}*+ (?: PREFIX {_SPACE}+ {_PREFIX}: {_SPACE}* {_IRI} {_SPACE}*+ )*+
    (?: (?: (?: ASK | SELECT (?: {_SPACE}* \* | (?P<some> (?: {_SPACE}+ {_VARIABLE} )+ ) ) )
              (?: {_SPACE}+ WHERE )?
          | CONSTRUCT (?: {_SPACE}* (?P<template> \{{ [^{{}}]* \}} ) )? {_SPACE}* WHERE )
        {_SPACE}* (?P<pattern> \{{
        {_SPACE}* (?: {_named("of_subject")} | (?P<subject> {_VARIABLE}) ) {_SPACE}+
        (?: a | {_named("of_predicate")} | (?P<predicate> {_VARIABLE}) ) {_SPACE}+
        (?: {_named("of_object")} | (?P<object> {_VARIABLE})
          | "[^"\\\r\n]*" (?: @[A-Za-z-]+ )? ) {_SPACE}*+
        \.? {_SPACE}*+ \}} )
      | DESCRIBE {_SPACE}* {_IRI} ) {_SPACE}*
    (?: LIMIT {_SPACE}+ [0-9]{{1,9}} {_SPACE}* )? (?: \# [^\\\r\n]* )?""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)


def is_lookup(sparql: str) -> bool:
    """Whether a query asks for one triple pattern, or for the description of one IRI, and no more.

    See `prefixes_of`.
    """
    return prefixes_of(sparql) is not None


def prefixes_of(sparql: str) -> tuple[str, ...] | None:
    """Return the prefixes of the names in a lookup, None for what is no lookup.

    A lookup asks for one triple pattern, or for the description of one IRI, and no more; the
    triples that it makes, if it makes any, are those that it comes upon.

    Each triple that it comes upon is a row of the answer, and there is an index for every pattern
    of Oxigraph's. Variables that are the same, DISTINCT, OFFSET or an order would have it look at
    many for few rows. So an answer that is short is one that is soon there.
    """
    # What might call others is looked at elsewhere, even in a string.
    if len(sparql) > _LONGEST or "service" in sparql.lower():
        return None
    found = _LOOKUP.fullmatch(sparql)
    if found is None:
        return None
    used = [each[1:] for each in found.group("subject", "predicate", "object") if each]
    if len(set(used)) < len(used):
        return None
    if found["template"] is not None and found["template"] != found["pattern"]:
        return None
    # Rows without any value would be of next to no length.
    shown = found["some"]
    if shown is not None and not any(each[1:] in used for each in shown.split()):
        return None
    return tuple(filter(None, found.group("of_subject", "of_predicate", "of_object")))


class _TooLong(Exception):
    pass


class _Short(Sink):
    def __init__(self, most: int) -> None:
        super().__init__(is_xml=False)
        self._most = most
        self.content = b""

    def write(self, block: bytes) -> int:
        if len(self.content) + len(block) > self._most:
            raise _TooLong
        return super().write(block)

    def take(self, content: bytes) -> None:
        self.content += content


class Lookups:
    """Evaluates lookups on one generation of the store, which lies in `folder`."""

    def __init__(self, folder: Path, base: str, prefixes: Mapping[str, str]) -> None:
        self._store = Store.read_only(str(folder))
        self._base = base or None
        self._prefixes = prefixes

    def answer(self, task: Task) -> tuple[bytes, str] | None:
        """Return an answer and the name of its form; None where it is no lookup, or a long one.

        Also where something is wrong with it, which a worker may tell.
        """
        named = None if task.graphs is not None or task.on else prefixes_of(task.text)
        if named is None:
            return None
        # To hand over all takes longer.
        prefixes = {each: self._prefixes[each] for each in named if each in self._prefixes}
        try:
            answer = self._store.query(task.text, base_iri=self._base, prefixes=prefixes)
            form = form_of(answer, task.forms)
            if is_xml(form):  # of a long text that takes ten times as long
                return None
            short = _Short(_most(answer, form.name))
            write(answer, form, self._prefixes, short)
        except (RequestError, Unwritable, _TooLong, SyntaxError, OSError, RuntimeError, ValueError):
            return None
        return short.content, form.name


def _most(answer: Answer, form: str) -> int:
    if isinstance(answer, QueryTriples):
        return _MOST_GRAPH
    return _MOST if isinstance(answer, QuerySolutions) and form != "json" else _MOST_JSON
