"""How deep an RDF text is nested, told before it is parsed.

Oxigraph's JSON-LD parser overflows the stack of the process at some thousand levels, which nothing
can catch, and its RDF/XML parser takes time that grows with the square of the depth. What of a text
is a value, in which brackets open nothing, tells also which value has no end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pyoxigraph import RdfFormat

MAX_NESTING = 200
"""Brackets, objects or elements inside each other. Data as deep can be written side by side."""
LONG = 2**23
"""Bytes of a value: half of what Oxigraph's parsers take."""

# A byte is looked at once: what stands in texts, IRIs and comments opens nothing.
_TURTLE = re.compile(
    rb"""
      \#[^\n\r]*+
    | \"{3}(?:[^"\\]|\\.|"(?!""))*+(?:\"{3})? | '{3}(?:[^'\\]|\\.|'(?!''))*+(?:'{3})?
    | "(?:[^"\\\n\r]|\\.)*+"? | '(?:[^'\\\n\r]|\\.)*+'?
    | <[^\x00-\x20<>"{}|^`]*+>
    | \\.
    | (?P<open> [\[({] | <<\(? ) | (?P<close> \)>> | [\])}] | >> )
    """,
    re.VERBOSE | re.DOTALL,
)
_JSON = re.compile(rb'"(?:[^"\\]|\\.)*+"?|(?P<open>[\[{])|(?P<close>[\]}])', re.DOTALL)
_XML = re.compile(
    rb"""
      <!--.*?(?:-->|\Z) | <!\[CDATA\[.*?(?:\]\]>|\Z) | <\?.*?(?:\?>|\Z)
    | (?P<close> </ )
    | <(?!!)(?:[^<>"'/]|"[^"]*+"|'[^']*+'|/(?!>))*+ (?: /> | (?P<open> > ) )
    """,
    re.VERBOSE | re.DOTALL,
)
_TOKENS = {RdfFormat.JSON_LD: _JSON, RdfFormat.RDF_XML: _XML}
_OPENING: dict[RdfFormat, Sequence[bytes]] = {
    RdfFormat.JSON_LD: (b"[", b"{"),
    RdfFormat.RDF_XML: (b"<",),
    # Of RDF 1.2, triple terms.
    RdfFormat.N_TRIPLES: (b"<<",),
    RdfFormat.N_QUADS: (b"<<",),
}


def too_deep_at(content: bytes, form: RdfFormat) -> int | None:
    """Return the offset in bytes of what opens more than MAX_NESTING levels, or None."""
    opening = _OPENING.get(form, (b"[", b"(", b"{", b"<"))
    if sum(map(content.count, opening)) <= MAX_NESTING:
        return None
    depth = 0
    for opens, offset in _brackets(content, _TOKENS.get(form, _TURTLE)):
        depth += 1 if opens else -1
        if depth > MAX_NESTING:
            return offset
    return None


def long_value_at(content: bytes, form: RdfFormat, start: int) -> int:
    """Return the offset of the first text or IRI from `start` on that is longer than LONG bytes.

    `start` itself where there is none.
    """
    tokens = _TOKENS.get(form, _TURTLE).finditer(content, start)
    return next((each.start() for each in tokens if each.end() - each.start() > LONG), start)


def _brackets(content: bytes, tokens: re.Pattern[bytes]) -> Iterator[tuple[bool, int]]:
    for token in tokens.finditer(content):
        if token.lastgroup is not None:
            yield token.lastgroup == "open", token.start()
