"""JSON-LD 1.1, compacted with a context that stands in the file itself."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from json.encoder import encode_basestring
from typing import Any

from kgpub.serialisation.description import QuadOrTriple, describe
from kgpub.serialisation.escapes import UNSEEN, json_escape
from kgpub.serialisation.jsonld_node import Json, NodeWriter
from kgpub.serialisation.jsonld_terms import Vocabulary
from kgpub.serialisation.order import READING_ORDER, Order

_INDENT = "  "
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
    yield _head(context).encode()
    separator = f"\n{_INDENT * 2}"
    for subject in positions:
        node = _text(writer.node(subject, descriptions[subject]), f"\n{_INDENT * 2}")
        yield f"{separator}{_visible(node)}".encode()
        separator = f",\n{_INDENT * 2}"
    yield f"\n{_INDENT}]\n}}\n".encode() if descriptions else b"]\n}\n"


def _head(context: Mapping[str, Any]) -> str:
    terms = (f"{_encode(key)}: {_encode(context[key])}" for key in context)
    body = f",\n{_INDENT * 2}".join(terms)
    shown = f"{{\n{_INDENT * 2}{body}\n{_INDENT}}}" if body else "{}"
    return _visible(f'{{\n{_INDENT}"@context": {shown},\n{_INDENT}"@graph": [')


def _text(value: Json, margin: str) -> str:
    """Lay out as `json.dumps(indent=2)` does; `margin` is the line break before the value's line.

    The nesting is that of a node object, at most four deep.
    """
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, int):
        return _encode(value)
    inner = margin + _INDENT
    if isinstance(value, list):
        body = f",{inner}".join(_text(each, inner) for each in value)
        return f"[{inner}{body}{margin}]"
    if not value:
        return "{}"
    body = f",{inner}".join(
        f"{encode_basestring(key)}: {_text(value[key], inner)}" for key in value
    )
    return f"{{{inner}{body}{margin}}}"


def _visible(text: str) -> str:
    return UNSEEN.sub(json_escape, text)
