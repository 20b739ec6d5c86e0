"""Turtle and TriG that a person enjoys reading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kgpub.serialisation.description import (
    Description,
    Descriptions,
    Object,
    QuadOrTriple,
    describe,
    describe_graphs,
)
from kgpub.serialisation.order import READING_ORDER, Order
from kgpub.serialisation.turtle_nesting import Nesting
from kgpub.serialisation.turtle_text import TurtleText

INDENT = "    "
_WIDTH = 100
"""Code points that a line of several objects may have."""
_LABELLED = Nesting()


def turtle(
    quads: Iterable[QuadOrTriple],
    prefixes: Mapping[str, str],
    order: Order = READING_ORDER,
    *,
    any_term: bool = False,
) -> Iterator[bytes]:
    """Return the union of all graphs as Turtle 1.1; `prefixes` maps labels to namespaces.

    With `any_term`, blank nodes, triple terms and base directions are written too, the latter two
    as Turtle 1.2 has them. The bytes are the same where the labels of blank nodes are.
    """
    text = TurtleText(prefixes)
    descriptions = describe(quads, any_term)
    del quads  # a report may have a million, which are not needed beside their descriptions
    nesting = Nesting.of(descriptions) if any_term else _LABELLED
    blocks = list(_blocks(descriptions, text, order, "", nesting))
    yield from _document(text, blocks)


def trig(
    quads: Iterable[QuadOrTriple], prefixes: Mapping[str, str], order: Order = READING_ORDER
) -> Iterator[bytes]:
    """Return the dataset as TriG 1.1: the default graph, then the named graphs by IRI."""
    text = TurtleText(prefixes)
    graphs = describe_graphs(quads)
    blocks = list(_blocks(graphs.pop("", {}), text, order, ""))
    for name in sorted(graphs):
        inner = "\n".join(_blocks(graphs[name], text, order, INDENT))
        blocks.append(f"{text.iri(name)} {{\n{inner}}}\n")
    yield from _document(text, blocks)


def _document(text: TurtleText, blocks: list[str]) -> Iterator[bytes]:
    directives = text.directives()
    if directives:
        yield directives.encode()
    for number, block in enumerate(blocks):
        yield f"\n{block}".encode() if number or directives else block.encode()


def _blocks(
    descriptions: Descriptions,
    text: TurtleText,
    order: Order,
    margin: str,
    nesting: Nesting = _LABELLED,
) -> Iterator[str]:
    positions = order.positions(descriptions)
    said = _Said(descriptions, text, order, nesting, positions)
    for subject in positions:
        if subject in nesting.within:
            continue
        start = f"{margin}{text.iri(subject)} "
        separator = f" ;\n{margin}{INDENT}"
        parts: list[str] = []
        for verb, objects in said.verbs(descriptions[subject]):
            if verb == "a":
                parts.append(f"a {' , '.join(objects)}")
            else:
                used = len(verb) + (len(margin) + len(INDENT) if parts else len(start))
                parts.append(verb + object_list(objects, used, margin))
        yield f"{start}{separator.join(parts)} .\n"


@dataclass(frozen=True)
class _Said:
    """Writes terms, and verbs with their objects; `positions` are those of subjects."""

    descriptions: Descriptions
    text: TurtleText
    order: Order
    nesting: Nesting
    positions: Mapping[str, int]

    def term(self, each: Object) -> str:
        """Return an object, with all that is said of it where that is nested."""
        if not isinstance(each, str):
            return self.text.term(each)
        if each in self.nesting.lists:
            return f"( {' '.join(map(self.term, self.nesting.lists[each]))} )"
        if each in self.nesting.brackets:
            verbs = self.verbs(self.descriptions[each])
            said = (f"{verb} {' , '.join(its)}" for verb, its in verbs)
            return f"[ {' ; '.join(said)} ]"
        return self.text.iri(each)

    def verbs(self, about: Description) -> Iterator[tuple[str, list[str]]]:
        """Yield each predicate with its objects, as they are written."""
        for predicate in sorted(about, key=self.order.predicate_key):
            objects = self.order.objects(predicate, about[predicate], self.positions)
            yield self.text.verb(predicate), [self.term(each) for each in objects]


def object_list(objects: list[str], used: int, margin: str) -> str:
    """Lay out the objects: on one line where that is short and reads from left to right only.

    Two Arabic literals on one line would be shown in the opposite order of the file's. `used` is
    how much of the line stands before the objects.
    """
    line = " , ".join(objects)
    if len(objects) == 1 or (
        used + len(line) + len("  ;") <= _WIDTH and line.isascii() and "\n" not in line
    ):
        return f" {line}"
    start = f"\n{margin}{INDENT}{INDENT}"
    return start + f" ,{start}".join(objects)
