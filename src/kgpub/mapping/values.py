"""Scalars to RDF terms, by the term of the context that they stand under."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Mapping, Sequence
from datetime import date

from pyoxigraph import BlankNode, Literal, NamedNode

from kgpub.mapping.date_readings import weekday
from kgpub.mapping.edtf import EdtfError, advised, bounds, is_day
from kgpub.mapping.language_names import tags_of
from kgpub.messages import Lines, Message
from kgpub.model.keys import nearest_key
from kgpub.model.slug import (
    MAX_SLUG,
    ValueProblem,
    check_slug,
    is_slug,
    quoted,
    suggested_slug,
)
from kgpub.vocabulary import EDTF, ENTITY_SECTIONS, QID, WIKIDATA, kinds
from kgpub.vocabulary import terms as kg
from kgpub.vocabulary.lists import is_language, languages, weekdays
from kgpub.vocabulary.schema import BOOLEAN, DATE, INTEGER, REFERENCE_FOLDERS, Form, Term

LABEL = re.compile(r"_:[A-Za-z0-9](?:[A-Za-z0-9-]{0,98}[A-Za-z0-9])?")
LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
MAX_DIGITS = 18
"""Of a whole number: every program that reads the data can hold one of so many (64 bits)."""
_MINTED = re.compile(r"(?:fact|statement|event|participation|link)/[0-9a-f]{32}")
_ITEM = re.compile(QID)
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_PAGE = re.compile(rf"https?://(?:www\.|m\.)?wikidata\.org/(?:wiki|entity)/({QID})")
_WEB = re.compile(r"https?://[^\s/?#]")
_WEB_SCHEME = re.compile("https?:", re.IGNORECASE)
_FOLDERS = {
    **{folder: folder for folder in REFERENCE_FOLDERS},
    **{section: folder[:-1] for section, (_, folder) in ENTITY_SECTIONS.items()},
}
"""Folders by their names and those of their sections."""
_EDTF = NamedNode(EDTF + "EDTF")
_OUTSIDE_XML = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_BLANK_LETTERS = frozenset("\u0640\u115f\u1160\u3164\uffa0")
"""Letters to Unicode that show nothing alone: the Arabic tatweel and the fillers of Hangul."""


def check_text(text: str, key: str) -> str:
    """Return `text`, that of `key` as a message shows it, if every format can hold it.

    XML is the narrowest (XML 1.0, section 2.2), and results of queries come in it. Raises
    ValueProblem.
    """
    if (outside := _OUTSIDE_XML.search(text)) is not None:
        message = Message("text-control", key=key, character=f"U+{ord(outside[0]):04X}")
        raise ValueProblem(message, Message("remove-it"))
    return text


def check_visible(text: str, key: str) -> str:
    """Return `text`, that of `key` as a message shows it, if it has a letter or a number.

    Otherwise nobody could tell it from another, or from none. Raises ValueProblem.
    """
    for character in text:
        if unicodedata.category(character)[0] in "LN" and character not in _BLANK_LETTERS:
            return text
    message = Message("text-without-letter", key=key, text=quoted(text))
    raise ValueProblem(message, Message("write-letter"))


def check_language(text: str) -> str:
    """Return the language tag `text` (BCP 47) in small letters.

    Raises ValueProblem for what is none, and for that of a language that texts may not be in.
    """
    try:
        if not LANGUAGE_TAG.fullmatch(text):
            raise ValueError("it is not of the form of one")
        Literal("", language=text)
    except ValueError as error:
        message = Message("language-tag-invalid", value=quoted(text))
        raise ValueProblem(message, _language_meant(text) or Message("tags-look-like")) from error
    tag = text.lower()
    if not is_language(tag):
        here = Message("languages-here", languages=", ".join(languages()))
        message = Message("language-unknown", value=quoted(text))
        raise ValueProblem(message, _language_meant(tag) or here)
    return tag


def _language_meant(text: str) -> Message | None:
    """Return a remedy with the tag that is meant by another one, or by the name of a language."""
    if len(text) > 3:
        meant = tags_of(text)
    else:
        # Codes of three letters (ISO 639-2) mostly begin with that of two.
        near = text[:2] if is_language(text[:2]) else nearest_key(text, languages())
        meant = (near,) if near else ()
    names = [Message("a-name", name=each) for each in meant]
    return Message("did-you-mean", name=Lines(names, Message("or"))) if names else None


def web_iri(text: str) -> NamedNode:
    """Return an absolute http or https IRI (RFC 3987). Raises ValueProblem."""
    if not _WEB.match(text):
        message = (
            _scheme_not_allowed(text)
            if _ABSOLUTE.match(text)
            else Message("not-web-address", value=quoted(text))
        )
        raise ValueProblem(message, Message("give-web-address"))
    hidden = next((each for each in text if unicodedata.category(each) == "Cf"), None)
    if hidden is not None:
        character = f"U+{ord(hidden):04X}"
        message = Message("iri-invisible", value=quoted(text), character=character)
        raise ValueProblem(message, Message("remove-invisible"))
    try:
        return NamedNode(text)
    except ValueError as error:
        message = Message("iri-invalid", value=quoted(text))
        raise ValueProblem(message, Message("percent-encode")) from error


def _scheme_not_allowed(text: str) -> Message:
    return Message("scheme-not-allowed", scheme=quoted(text.split(":")[0]))


def reference(text: str, term: Term, known: Mapping[str, Sequence[str]]) -> NamedNode | BlankNode:
    """Return what `text` refers to under `term`.

    `known` holds the entities of the file, by slug as `person/slug`, for the suggestion when the
    folder was left out. Raises ValueProblem.
    """
    if term.base == WIKIDATA:
        return item(text)
    if not term.base or _WEB_SCHEME.match(text):
        return web_iri(text)
    if term.folder:
        return _in_folder(text, term)
    if text.startswith("_:"):
        if LABEL.fullmatch(text):
            return BlankNode(text[2:])
        message = Message("label-invalid", value=quoted(text))
        raise ValueProblem(message, Message("labels-look-like"))
    folder, slash, slug = text.partition("/")
    if _MINTED.fullmatch(text) or (folder in REFERENCE_FOLDERS and slash and is_slug(slug)):
        return NamedNode(term.base + text)
    raise _no_reference(text, term, known)


def _no_reference(text: str, term: Term, known: Mapping[str, Sequence[str]]) -> ValueProblem:
    """Return what is wrong with a reference to what may lie in any folder."""
    asserted = term.form is Form.ASSERTED  # then only an event is referred to by its folder
    remedy = (
        Message("write-event-id")
        if asserted
        else Message("write-folder", folders=", ".join(REFERENCE_FOLDERS))
    )
    is_absolute = _ABSOLUTE.match(text) is not None
    folder, parted, slug = text.partition(":" if is_absolute else "/")
    meant, better = folder_meant(folder), "" if "/" in slug else suggested_slug(slug)
    if parted and meant and better and (meant == "event" or not asserted):
        remedy = Message("did-you-mean", name=f"{meant}/{better}")
    if is_absolute:
        message = _scheme_not_allowed(text)
    elif not parted:
        message = Message("reference-without-folder", value=quoted(text))
        if text in known and not asserted:
            remedy = Message("write-value", value=Lines(known[text], Message("or")))
    elif folder not in REFERENCE_FOLDERS:
        message = Message("folder-unknown", folder=quoted(folder))
    else:
        message = Message("slug-invalid", value=quoted(slug))
        remedy = remedy if better else Message("slug-form", limit=MAX_SLUG)
    return ValueProblem(message, remedy)


def folder_meant(text: str) -> str | None:
    """Return the folder that `text` may stand for: a misspelt one, or what a section is called."""
    near = nearest_key(text, _FOLDERS)
    return _FOLDERS[near] if near else None


def item(text: str) -> NamedNode:
    """Return a Wikidata item from its QID or IRI. Raises ValueProblem."""
    if _ITEM.fullmatch(text.removeprefix(WIKIDATA)):
        return NamedNode(WIKIDATA + text.removeprefix(WIKIDATA))
    page = _PAGE.fullmatch(text)
    remedy = Message("write-value", value=page[1]) if page else Message("items-look-like")
    raise ValueProblem(Message("wikidata-item-invalid", value=quoted(text)), remedy)


def _in_folder(text: str, term: Term) -> NamedNode:
    if _ABSOLUTE.match(text):
        raise ValueProblem(_scheme_not_allowed(text), Message("write-slug"))
    folder, slash, slug = text.partition("/")
    meant = folder_meant(folder) if slash else None
    if meant == term.folder and (better := suggested_slug(slug)):
        bare = Message("bare-slug-expected", key=term.key)
        raise ValueProblem(bare, Message("write-value", value=better))
    if meant and is_slug(slug):
        message = Message("folder-wrong", key=term.key, wanted=term.folder, found=folder)
        raise ValueProblem(message, Message("describe-in-section", slug=slug))
    return NamedNode(term.base + check_slug(text))


def concept(text: str, term: Term, reserved: Container[str] = ()) -> NamedNode:
    """Return the concept that `text` names: a slug of the term's vocabulary, or a web address.

    Terms of the context are `reserved`: to JSON-LD they would mean themselves where a word of a
    vocabulary is expected (JSON-LD 1.1 API, section 5.2). Raises ValueProblem.
    """
    if _ABSOLUTE.match(text):
        return web_iri(text)
    if text in reserved:
        message = Message("kind-reserved", value=quoted(text), key=term.key)
        longer = [kind for kind in kinds() if kind.startswith(f"{text}-")]
        if longer:
            raise ValueProblem(message, Message("did-you-mean", name=longer[0]))
        raise ValueProblem(message, Message("write-kind-iri", iri=f"{term.base}{text}"))
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9-]{0,99}", text):
        return NamedNode(term.base + text)
    message = Message("kind-invalid", value=quoted(text), key=term.key)
    if term.predicate.value != kg.dayOfWeek:
        raise ValueProblem(message, Message("kinds-look-like"))
    day = weekday(text)
    if day is not None:
        raise ValueProblem(message, Message("write-value", value=day))
    raise ValueProblem(message, Message("days-here", days=", ".join(weekdays())))


def typed(text: str, datatype: NamedNode) -> Literal:
    """Return a literal of `datatype`, whose lexical form is `text`. Raises ValueProblem."""
    if datatype == _EDTF:
        try:
            bounds(text)
        except EdtfError as error:
            raise ValueProblem(error.message, error.remedy) from error
    elif datatype == BOOLEAN and text not in ("true", "false"):
        message = Message("not-boolean", value=quoted(text))
        if text.lower() in ("true", "false"):
            raise ValueProblem(message, Message("write-value", value=text.lower()))
        raise ValueProblem(message, Message("write-boolean"))
    elif datatype == INTEGER and not re.fullmatch(r"-?(?:0|[1-9][0-9]{0,17})", text):
        if re.fullmatch(r"-?[0-9]+", text) and len(text.lstrip("-0")) > MAX_DIGITS:
            message = Message("integer-too-long", value=quoted(text), limit=MAX_DIGITS)
            raise ValueProblem(message, Message("write-fewer-digits", limit=MAX_DIGITS))
        message = Message("not-integer", value=quoted(text))
        raise ValueProblem(message, Message("write-digits"))
    elif datatype == DATE:
        _check_date(text)
    return Literal(text, datatype=datatype)


def _check_date(text: str) -> None:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise _no_date(text, Message("date-form"))
    try:
        date.fromisoformat(text)
    except ValueError as error:
        raise _no_date(text, Message("date-not-in-calendar", english=str(error))) from error


def _no_date(text: str, reason: Message) -> ValueProblem:
    message = Message("not-date", value=quoted(text), reason=reason)
    remedy = Message("write-date")
    advice = advised(text, remedy, is_day)
    return ValueProblem(message, advice[0] if advice else remedy)
