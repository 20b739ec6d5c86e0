"""JSON-LD 1.1, compacted with a context that stands in the file itself."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from json.encoder import encode_basestring
from typing import Any

from kgpub.serialisation.description import QuadOrTriple, describe
from kgpub.serialisation.escapes import UNSEEN, json_escape
from kgpub.serialisation.jsonld_node import Encoded, Json, NodeWriter
from kgpub.serialisation.jsonld_terms import Vocabulary
from kgpub.serialisation.order import READING_ORDER, Order

INDENT = "  "
MARGIN = f"\n{INDENT * 2}"
"""The line break before a node object's lines."""
_encode = json.JSONEncoder(ensure_ascii=False).encode


def jsonld(
    quads: Iterable[QuadOrTriple], context: Mapping[str, Any], order: Order = READING_ORDER
) -> Iterator[bytes]:
    """Return the union of all graphs as JSON-LD: `context`, then a flat list of node objects.

    Its scoped bases must be absolute. Raises ValueError for a context that `Vocabulary` does not
    understand and for an IRI that the context would turn into another.
    """
    vocabulary = Vocabulary(context)
    descriptions = describe(quads)
    positions = order.positions(descriptions)
    writer = NodeWriter(vocabulary, order, positions)
    nodes = (laid_out(writer.node(subject, descriptions[subject]), MARGIN) for subject in positions)
    yield from document(context, map(visible, nodes))


def document(context: Mapping[str, Any], nodes: Iterable[str]) -> Iterator[bytes]:
    """Return the document with this context, and node objects that are laid out at MARGIN."""
    yield _head(context).encode()
    separator, end = MARGIN, "]\n}\n"
    for node in nodes:
        yield f"{separator}{node}".encode()
        separator, end = f",{MARGIN}", f"\n{INDENT}]\n}}\n"
    yield end.encode()


def _head(context: Mapping[str, Any]) -> str:
    terms = (f"{_encode(key)}: {_encode(context[key])}" for key in context)
    body = f",\n{INDENT * 2}".join(terms)
    shown = f"{{\n{INDENT * 2}{body}\n{INDENT}}}" if body else "{}"
    return visible(f'{{\n{INDENT}"@context": {shown},\n{INDENT}"@graph": [')


def laid_out(value: Json, margin: str) -> str:
    """Lay out as `json.dumps(indent=2)` does; `margin` is the line break before the value's line.

    The nesting is that of a node object, at most four deep.
    """
    if isinstance(value, str):
        return value if isinstance(value, Encoded) else encode_basestring(value)
    if isinstance(value, int):
        return _encode(value)
    inner = margin + INDENT
    if isinstance(value, list):
        body = f",{inner}".join(laid_out(each, inner) for each in value)
        return f"[{inner}{body}{margin}]"
    if not value:
        return "{}"
    body = f",{inner}".join(
        f"{encode_basestring(key)}: {laid_out(value[key], inner)}" for key in value
    )
    return f"{{{inner}{body}{margin}}}"


def visible(text: str) -> str:
    """Return a text of JSON with escapes for what is not seen."""
    return UNSEEN.sub(json_escape, text)
