"""Parameters of named queries: how a text becomes a term of their type.

iri      a whole IRI, prefix:name, prefix/name; a slug alone where the parameter is called as a
         prefix: `person` is one of `person:`
text     a string
tagged   a string with a language, as text@language
date     a day, as YYYY-MM-DD
edtf     a time in EDTF, as in `kg:start`
integer  a whole number of 64 bits
boolean  true or false
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from kgpub.errors import CallError
from kgpub.mapping.edtf import EdtfError, bounds, is_day
from kgpub.model.slug import SLUG, quoted
from kgpub.store import Binding
from kgpub.vocabulary import EDTF, XSD

LEAST, MOST = -(2**63), 2**63 - 1
"""Of integers: Oxigraph takes no others for numbers."""
TAGGED = r"[\s\S]*@[A-Za-z]{2,3}(-[A-Za-z]{4})?(-[A-Za-z]{2}|-[0-9]{3})?"
"""A text and behind its last @ a language, perhaps with script and region (BCP 47)."""
_INTEGER = r"-?[0-9]{1,19}"
# Parts of an IRI (RFC 3987, section 2.2). Beyond ASCII more is allowed here than there: which of it
# is valid, whoever makes the term checks.
_HOST = r"[^\x00-\x2c/\x3a-\x40\x5b-\x60\x7b-\x9f]{1,253}(:[0-9]{1,5})?"
_PATH = r'([^\x00-\x20"#%<>?\[\\\]^`{|}\x7f-\x9f]|%[0-9A-Fa-f]{2})*'
_REST = _PATH.replace("?", "", 1)
_WEB = rf"https?://{_HOST}(/{_PATH})?(\?{_REST})?(#{_REST})?"


@dataclass(frozen=True)
class Parameter:
    """A variable that must be given a value."""

    name: str
    type: str
    description: str

    def value(self, text: str, prefixes: Mapping[str, str]) -> Binding:
        """Return the term that `text` says. Raises CallError."""
        if self.type == "iri":
            return _iri(self.name, text, prefixes)
        return _LITERALS[self.type](self.name, text)


TYPES = ("iri", "text", "tagged", "date", "edtf", "integer", "boolean")


def web_iri_pattern(name: str, prefixes: Mapping[str, str]) -> str:
    """Return the regular expression, for the whole text, of IRIs that the web may ask for.

    It has only what the dialects of Python and of JSON Schema have in common.
    """
    known = "|".join(sorted(prefixes))
    own = f"|{SLUG.pattern}".replace("(?:", "(") if name in prefixes else ""
    return f"({known})[:/]{_PATH}|{_WEB}{own}"


def _iri(name: str, text: str, prefixes: Mapping[str, str]) -> NamedNode:
    prefix, colon, local = text.partition(":")
    slash_prefix, slash, slug = text.partition("/")
    if name in prefixes and SLUG.fullmatch(text):
        text = prefixes[name] + text
    elif colon and prefix in prefixes:
        text = prefixes[prefix] + local
    elif slash and slash_prefix in prefixes:
        text = prefixes[slash_prefix] + slug
    elif colon and not local.startswith("//"):
        known = ", ".join(sorted(prefixes))
        raise CallError(
            f"{quoted(text)}: there is no prefix {quoted(prefix)}", f"Prefixes: {known}."
        )
    try:
        return NamedNode(text)
    except ValueError as error:
        remedy = "Write person:slug, person/slug or a whole IRI."
        raise CallError(f"{quoted(text)} is no IRI", remedy) from error


def _text(name: str, text: str) -> Literal:
    return Literal(text)


def _tagged(name: str, text: str) -> Literal:
    if not re.fullmatch(TAGGED, text):
        raise CallError(f"{name}: {quoted(text)} has no language", "Write it as text@ar.")
    value, _, language = text.rpartition("@")
    return Literal(value, language=language)


def _date(name: str, text: str) -> Literal:
    if not is_day(text):
        raise CallError(f"{name}: {quoted(text)} is no date", "Write a day as YYYY-MM-DD.")
    return Literal(text, datatype=NamedNode(XSD + "date"))


def _edtf(name: str, text: str) -> Literal:
    try:
        bounds(text)
    except EdtfError as error:
        raise CallError(f"{name}: {error.message}", error.remedy) from error
    return Literal(text, datatype=NamedNode(EDTF + "EDTF"))


def _integer(name: str, text: str) -> Literal:
    if not re.fullmatch(_INTEGER, text) or not LEAST <= int(text) <= MOST:
        raise CallError(
            f"{name}: {quoted(text)} is no integer", f"Write one from {LEAST} to {MOST}."
        )
    return Literal(text, datatype=NamedNode(XSD + "integer"))


def _boolean(name: str, text: str) -> Literal:
    if text not in ("true", "false"):
        raise CallError(f"{name}: {quoted(text)} is no boolean", "Write true or false.")
    return Literal(text, datatype=NamedNode(XSD + "boolean"))


_LITERALS: Mapping[str, Callable[[str, str], Literal]] = {
    "text": _text,
    "tagged": _tagged,
    "date": _date,
    "edtf": _edtf,
    "integer": _integer,
    "boolean": _boolean,
}
