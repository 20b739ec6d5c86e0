"""The tokens of a query's text, and what of them rdflib and Oxigraph read differently.

rdflib's parser decides what may stand in a query, and Oxigraph evaluates it: so both must read it
alike, or Oxigraph is not asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kgpub.messages import Message

# The characters of names, as PN_CHARS_BASE, PN_CHARS_U with digits, and PN_CHARS have them.
_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_FIRST = f"{_BASE}_0-9"
_LETTER = f"{_FIRST}\u00b7\u0300-\u036f\u203f\u2040"
# The terminals of SPARQL 1.1, section 19.8.
_TOKEN = re.compile(
    rf"""(?P<comment>\#[^\n\r]*)
      | (?P<iri><[^<>"{{}}|^`\\\x00-\x20]*>)
      | (?P<text>'''(?:'{{0,2}}(?:[^'\\]|\\.))*'''|\"{{3}}(?:"{{0,2}}(?:[^"\\]|\\.))*\"{{3}}
               |'(?:[^'\\\n\r]|\\.)*'|"(?:[^"\\\n\r]|\\.)*")
      | (?P<variable>[?$][{_FIRST}][{_LETTER}]*)
      | (?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
      | (?P<blank>_:[{_FIRST}][{_LETTER}.\-]*)
      | (?P<name>(?:[{_BASE}][{_LETTER}.\-]*)?:(?:[{_LETTER}.:\-]|%[0-9A-Fa-f]{{2}}|\\.)*)
      | (?P<word>[{_BASE}_][{_LETTER}]*)
      | (?P<space>\s+)
      | (?P<sign>.)""",
    re.VERBOSE | re.DOTALL,
)
# What can only be an IRI: where // follows a prefix, no expression goes on.
_ABSOLUTE = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*://")
_LOCAL_ESCAPE = re.compile(r"\\[^uU]")
_CUT = re.compile("\\.[^.]+\\.+[^.]|\ufffd")


def tokens(query: str) -> Iterator[tuple[str, str]]:
    """Yield kind and text of each token; they make up the whole query.

    Between `<` and `>` there may be a part of an expression, such as `?a<?b&&?c>?d` has, where
    the grammar would have an IRI. It is read as that where there may be variables in it.
    """
    position = 0
    while match := _TOKEN.match(query, position):
        kind, token = str(match.lastgroup), match[0]
        if kind == "iri" and not _ABSOLUTE.match(token) and ("?" in token or "$" in token):
            kind, token = "sign", "<"
        yield kind, token
        position += len(token)


def misread_by_rdflib(query: str) -> Message | None:
    """Return what rdflib reads otherwise than SPARQL says, or None."""
    before = ""
    for kind, token in tokens(query):
        if kind == "name" and _LOCAL_ESCAPE.search(token):
            return Message("query-backslash", name=token)
        if before == "comment" and token.startswith("\r") and not token.startswith("\r\n"):
            return Message("query-carriage-return")
        before = kind
    return None


def misread_by_oxigraph(query: str) -> str:
    """Return what Oxigraph reads otherwise than SPARQL says, or ""."""
    for kind, token in tokens(query):
        # It ends the name at the second dot, and before U+FFFD; what follows may be a word of the
        # language, or another name.
        if kind == "name" and _CUT.search(token.partition(":")[2]):
            return f"Oxigraph does not read {token} as one name"
    return ""
