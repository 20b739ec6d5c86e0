"""SPARQL put to a store: what it may not do, and errors that a person can act upon."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode, Store
from rapidfuzz import fuzz, process

from kgpub.errors import QueryError, StoreError
from kgpub.store import Answer, Binding
from kgpub.store.binding import bind
from kgpub.store.syntax import LETTER, form, is_small, measure, place, undeclared

_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_POSITION = re.compile(r"^error at (\d+):(\d+): ")
_SERVICE, _SILENT = (re.compile(word, re.IGNORECASE | re.ASCII) for word in ("service", "silent"))
_LONG = 200
_NAME = rf"[{LETTER}.\-]{{0,{_LONG}}}"
_CALLED = re.compile(
    rf"""[?$]{_NAME} | <[^<>"{{}}|^`\x00-\x20]*+> | {_NAME}:(?:[{LETTER}.:%\-]|\\.){{0,{_LONG}}}
      | [{LETTER}.\-]{{{_LONG}}}""",
    re.VERBOSE | re.DOTALL,
)
"""A variable, an IRI, a prefixed name, or the beginning of one that is too long to be looked at."""
_SPACE = re.compile(r"[ \t\r\n]+")
_LINE_END = re.compile(r"[\r\n]")
_SHOWN = 80
"""Characters of a line that are shown before and after a place."""


@dataclass(frozen=True)
class Graphs:
    """The RDF dataset of a query by the IRIs of its graphs (SPARQL 1.1 Protocol, 2.1.4).

    The default graph is the merge of those in `default`; only those in `named` are named graphs.
    """

    default: tuple[str, ...]
    named: tuple[str, ...]


class EmbeddedStore:
    """Queries on an Oxigraph store whose default graph holds the union of its graphs.

    Relative IRIs in queries are resolved against `base`, if it is not "". `services` are the
    endpoints that SERVICE may ask; others are refused.
    """

    def __init__(self, store: Store, base: str = "", services: Container[str] = ()) -> None:
        self.store = store
        self.base = base
        self.services = services

    def query(
        self,
        sparql: str,
        prefixes: Mapping[str, str] | None = None,
        bindings: Mapping[str, Binding] | None = None,
        graphs: Graphs | None = None,
    ) -> Answer:
        """Evaluate a SPARQL 1.1 query; variables in `bindings` have these values.

        With `graphs` it is evaluated on these, whatever it says itself of its dataset.

        Raises QueryError with line and column for a syntax error, for an update, for SERVICE, and
        for a query that is longer or nested deeper than can be evaluated.
        """
        bound = bind(sparql, bindings or {})
        if not is_small(bound):
            measure(bound)
        refuse_service(bound, self.services)
        known = prefixes or {}
        try:
            return self.store.query(
                bound,
                base_iri=self.base or None,
                prefixes=needed(known, bound),
                default_graph=None if graphs is None else _nodes(graphs.default),
                named_graphs=None if graphs is None else _nodes(graphs.named),
            )
        except SyntaxError as error:
            measure(bound)  # may tell better what is wrong, as does the form
            form(bound)
            raise syntax_error(bound, str(error), known) from error
        except OSError as error:
            raise StoreError(f"the store cannot be read: {error}") from error
        except (ValueError, RuntimeError) as error:
            raise QueryError(f"the query cannot be evaluated: {error}") from error


def needed(prefixes: Mapping[str, str], sparql: str) -> dict[str, str]:
    """Return those of `prefixes` that a query may use: to hand over all takes longer."""
    if "\\" in sparql:
        return dict(prefixes)
    return {prefix: iri for prefix, iri in prefixes.items() if f"{prefix}:" in sparql}


def _nodes(iris: tuple[str, ...]) -> list[Any]:
    return [NamedNode(iri) for iri in iris]


def syntax_error(sparql: str, detail: str, prefixes: Mapping[str, str]) -> QueryError:
    """Make an error that shows the place in the query from Oxigraph's, which lists tokens."""
    match = _POSITION.match(detail)
    if match is None:
        return QueryError(f"the query is not SPARQL: {detail}")
    index = _index(sparql, int(match[1]), int(match[2]))
    reason, remedy = "not SPARQL from here on", ""
    # Oxigraph reads on behind a name before it looks its prefix up.
    faults = (name for name in undeclared(sparql, prefixes) if name.start() <= index)
    if name := next(faults, None):
        index = name.start()
        reason = f"the prefix {name['prefix']}: is not declared"
        nearest = process.extractOne(
            name["prefix"], list(prefixes), scorer=fuzz.ratio, score_cutoff=75
        )
        hint = f"Did you mean {nearest[0]}:? " if nearest else ""
        remedy = f"{hint}Known without declaration: {', '.join(sorted(prefixes))}."
    return QueryError(f"{place(sparql, index)}: {reason}", remedy, _pointer(sparql, index))


def _index(sparql: str, line: int, column: int) -> int:
    """Return the index of a place whose lines end in LF only, as Oxigraph counts."""
    before = sparql.split("\n")[: line - 1]
    index = sum(len(each) + 1 for each in before) + column - 1
    # Within a CR LF is neither on the line before nor on the one after.
    return index + 1 if sparql[index - 1 : index + 1] == "\r\n" else index


def _pointer(sparql: str, index: int) -> str:
    """Return what stands around `index` in its line, and below it a caret that points there."""
    start = max(sparql.rfind(end, 0, index) for end in "\r\n") + 1
    start = max(start, index - _SHOWN)
    shown = re.split(r"[\r\n]", sparql[start : index + _SHOWN], maxsplit=1)[0]
    return f"{shown}\n{' ' * (index - start)}^"


def refuse_service(sparql: str, allowed: Container[str] = ()) -> None:
    """Raise QueryError if `sparql` might ask another than the `allowed` IRIs by SERVICE.

    That is SPARQL 1.1 Federated Query.

    Oxigraph follows SERVICE by itself and cannot be told not to. How it divides a text into words
    need not be known: where it reads the keyword, what the grammar asks for must follow in the text
    itself, a variable or IRI and then `{`, white space and comments between. So that is refused
    wherever it stands, in strings and comments too, as is a name too long to be looked at. Escapes
    do not count in keywords; in case they ever do, the text with all resolved is looked at as well.
    """
    for text in (sparql, _resolved(sparql)) if "\\" in sparql else (sparql,):
        at = _call(text, allowed)
        if at is not None:
            shown = at if text == sparql else 0
            raise QueryError(
                f"{place(sparql, shown)}: SERVICE would send a request to another server, which "
                f"{'is done for some only' if allowed else 'kgpub does not do'}",
                "Query that server by itself with --endpoint, or remove the SERVICE pattern; end a "
                "triple with a dot before a group, and write a graph with this word in its name as "
                "an IRI in < >.",
                _pointer(sparql, shown),
            )


def _call(text: str, allowed: Container[str]) -> int | None:
    """Return where a SERVICE pattern might begin in `text` that asks none of the `allowed`."""
    gaps = _Gaps(text)
    for found in _SERVICE.finditer(text):
        after = gaps.end(found.end())
        silent = _SILENT.match(text, after)
        for begin in {after, gaps.end(silent.end())} if silent else {after}:
            called = _CALLED.match(text, begin)
            if called is None:
                continue
            if text[begin] == "<" and text[begin + 1 : called.end() - 1] in allowed:
                continue
            is_long = called.end() - begin >= _LONG and text[begin] != "<"
            if is_long or text.startswith("{", gaps.end(called.end())):
                return found.start()
    return None


class _Gaps:
    """White space and comments in a text; each end of a line is looked for once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._line_end = -1
        self._known: dict[int, int] = {}

    def end(self, start: int) -> int:
        """Return where what begins at `start` ends that parts words."""
        text, at, passed = self._text, start, []
        while True:
            space = _SPACE.match(text, at)
            at = space.end() if space else at
            if not text.startswith("#", at):
                break
            if self._line_end < at:
                found = _LINE_END.search(text, at)
                self._line_end = found.start() if found else len(text)
            at = self._line_end
            if at in self._known:
                at = self._known[at]
                break
            passed.append(at)
        self._known.update(dict.fromkeys(passed, at))
        return at


def _resolved(sparql: str) -> str:
    """Return a query with all its escapes resolved, valid ones and others alike."""
    return _ESCAPE.sub(lambda match: _character(match[1] or match[2]), sparql)


def _character(digits: str) -> str:
    number = int(digits, 16)
    return chr(number) if number < 0x110000 else ""
