"""Scalars to RDF terms, by the term of the context that they stand under."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Mapping, Sequence
from datetime import date

from pyoxigraph import BlankNode, Literal, NamedNode

from kgpub.mapping.edtf import EdtfError, bounds
from kgpub.model.slug import ValueProblem, check_slug, is_slug, quoted
from kgpub.vocabulary import EDTF, WIKIDATA
from kgpub.vocabulary.schema import BOOLEAN, DATE, INTEGER, REFERENCE_FOLDERS, Term

LABEL = re.compile(r"_:[A-Za-z0-9](?:[A-Za-z0-9-]{0,98}[A-Za-z0-9])?")
LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_MINTED = re.compile(r"(?:fact|statement|event|participation|link)/[0-9a-f]{32}")
_ITEM = re.compile(r"Q[1-9][0-9]*")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_PAGE = re.compile(r"https?://(?:www\.|m\.)?wikidata\.org/(?:wiki|entity)/(Q[1-9][0-9]*)")
_WEB = re.compile(r"https?://[^\s/?#]")
_EDTF = NamedNode(EDTF + "EDTF")


def check_language(text: str) -> str:
    """Return the language tag `text` (BCP 47) in small letters. Raises ValueProblem."""
    try:
        if not LANGUAGE_TAG.fullmatch(text):
            raise ValueError("it is not of the form of one")
        Literal("", language=text)
    except ValueError as error:
        remedy = "Tags look like ar, ckb, en (BCP 47)."
        raise ValueProblem(f"{quoted(text)} is no language tag", remedy) from error
    return text.lower()


def web_iri(text: str) -> NamedNode:
    """Return an absolute http or https IRI (RFC 3987). Raises ValueProblem."""
    if not _WEB.match(text):
        scheme = text.split(":")[0] if _ABSOLUTE.match(text) else ""
        message = (
            f"{quoted(text)} is not a web address"
            if not scheme
            else (f"an IRI of the scheme {quoted(scheme)} is not allowed here")
        )
        raise ValueProblem(message, "Give an address that begins with https:// or http://.")
    hidden = next((each for each in text if unicodedata.category(each) == "Cf"), None)
    if hidden is not None:
        message = f"{quoted(text)} holds the invisible character U+{ord(hidden):04X}"
        raise ValueProblem(message, "Remove it (RFC 3987, section 4.1).")
    try:
        return NamedNode(text)
    except ValueError as error:
        remedy = 'Spaces and the characters <>"{}|\\^` must be percent-encoded (a space is %20).'
        raise ValueProblem(f"{quoted(text)} is not a valid IRI", remedy) from error


def reference(text: str, term: Term, known: Mapping[str, Sequence[str]]) -> NamedNode | BlankNode:
    """Return what `text` refers to under `term`.

    `known` holds the entities of the file, by slug as `person/slug`, for the suggestion when the
    folder was left out. Raises ValueProblem.
    """
    if term.base == WIKIDATA:
        return _item(text)
    if _ABSOLUTE.match(text) and not text.startswith("_:"):
        return web_iri(text)
    if not term.base:
        return web_iri(text)
    if term.folder:
        return _in_folder(text, term)
    if text.startswith("_:"):
        if LABEL.fullmatch(text):
            return BlankNode(text[2:])
        raise ValueProblem(f"{quoted(text)} is not a label", "Labels look like _:stay-in-london.")
    folder, slash, slug = text.partition("/")
    if _MINTED.fullmatch(text) or (folder in REFERENCE_FOLDERS and slash and is_slug(slug)):
        return NamedNode(term.base + text)
    folders = ", ".join(REFERENCE_FOLDERS)
    remedy = f"Write folder/slug; folders are: {folders}."
    if text in known:
        remedy = f"Write {' or '.join(known[text])}."
    raise ValueProblem(f"{quoted(text)} does not say of what kind the thing referred to is", remedy)


def _item(text: str) -> NamedNode:
    if _ITEM.fullmatch(text.removeprefix(WIKIDATA)):
        return NamedNode(WIKIDATA + text.removeprefix(WIKIDATA))
    page = _PAGE.fullmatch(text)
    remedy = f"Write {page[1]}." if page else "Items look like Q796."
    raise ValueProblem(f"{quoted(text)} is not a Wikidata item", remedy)


def _in_folder(text: str, term: Term) -> NamedNode:
    folder, slash, slug = text.partition("/")
    if slash and is_slug(slug):
        if folder == term.folder:
            raise ValueProblem(f"{term.key} takes a bare slug", f"Write {slug}.")
        message = f"{term.key} takes the slug of a {term.folder}, not of a {folder}"
        raise ValueProblem(message, f"Describe it in its section, and give its slug: {slug}.")
    return NamedNode(term.base + check_slug(text))


def concept(text: str, term: Term, reserved: Container[str] = ()) -> NamedNode:
    """Return the concept that `text` names: a slug of the term's vocabulary, or a web address.

    Terms of the context are `reserved`: to JSON-LD they would mean themselves where a word of a
    vocabulary is expected (JSON-LD 1.1 API, section 5.2). Raises ValueProblem.
    """
    if _ABSOLUTE.match(text):
        return web_iri(text)
    if text in reserved:
        message = f"{quoted(text)} is a key or class, and cannot be a {term.key}"
        raise ValueProblem(message, f"If there is such a kind, write {term.base}{text}.")
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9-]{0,99}", text):
        return NamedNode(term.base + text)
    remedy = "Kinds are written like head-of-state."
    raise ValueProblem(f"{quoted(text)} cannot be a {term.key}", remedy)


def typed(text: str, datatype: NamedNode) -> Literal:
    """Return a literal of `datatype`, whose lexical form is `text`. Raises ValueProblem."""
    if datatype == _EDTF:
        try:
            bounds(text)
        except EdtfError as error:
            raise ValueProblem(error.message, error.remedy) from error
    elif datatype == BOOLEAN and text not in ("true", "false"):
        raise ValueProblem(f"{quoted(text)} is neither true nor false", "Write true or false.")
    elif datatype == INTEGER and not re.fullmatch(r"-?(?:0|[1-9][0-9]{0,17})", text):
        raise ValueProblem(
            f"{quoted(text)} is not a whole number", "Write digits 0-9 only, such as 6."
        )
    elif datatype == DATE:
        _check_date(text)
    return Literal(text, datatype=datatype)


def _check_date(text: str) -> None:
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise ValueError("it is not of the form YYYY-MM-DD")
        date.fromisoformat(text)
    except ValueError as error:
        raise ValueProblem(
            f"{quoted(text)} is not a date: {error}", "Write year, month and day: 2020-05-07."
        ) from error
