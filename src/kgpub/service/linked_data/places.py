"""What stands at an address: a thing, whose documents are elsewhere, or a document itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kgpub.documents.build import Build
from kgpub.documents.documents import TEXT, Document, article_of
from kgpub.documents.forms import DATA, PAGE, Form
from kgpub.documents.retracted import is_gone
from kgpub.messages import LANGUAGES
from kgpub.pages import home
from kgpub.pages.addresses import FORMS, HTML, VOCABULARIES
from kgpub.pages.listing import Part
from kgpub.service.linked_data.requested import aligned, requested
from kgpub.vocabulary import terms as kg

_VOCABULARIES = {address: iri for iri, address in VOCABULARIES.items()}
_ENDINGS = (*(f".{language}{HTML}" for language in LANGUAGES), HTML, *FORMS)


@dataclass(frozen=True)
class Thing:
    """A thing: its IRI, the forms of its documents, and their addresses by their endings."""

    iri: str
    offered: tuple[Form, ...]
    address: Callable[[str], str | None]


def thing_at(build: Build, address: str, query: str = "") -> Thing | None:
    """Return the thing at an address, None where there is none that is known."""
    addresses = build.site.addresses
    base, root = build.site.base, addresses.root
    address = aligned(address, root)
    if address in ("", root):
        return Thing(base, (PAGE, *DATA), lambda ending: _of_dataset(build, ending))
    if address in _VOCABULARIES:
        return Thing(_VOCABULARIES[address], (PAGE, *DATA), lambda ending: address + ending)
    iri = requested(base, root, address, query, lambda each: _is_thing(build, each))
    if iri is None:
        return None
    is_told = build.describes(iri) or is_gone(build, iri)
    has_page = is_told or Part.of(iri).class_(base) is not None
    offered = (PAGE, *DATA) if has_page else DATA
    return Thing(iri, offered, lambda ending: addresses.document(iri, ending))


def document_at(build: Build, address: str) -> Document | None:
    """Return the document at an address; that there is anything to be told in it is not certain."""
    addresses = build.site.addresses
    address = aligned(address, addresses.root)
    name, ending = _divided(address)
    if name == home.NAME and ending.endswith(HTML):
        return Document(build.site.base, ending, address)
    if name in _VOCABULARIES and ending:
        return Document(_VOCABULARIES[name], ending, address)
    text = requested(build.site.base, addresses.root, address, "", lambda each: _has(build, each))
    if text is not None:
        return Document(text, "", address)
    described = addresses.described(address)
    if described is None:
        return None
    iri = described.iri
    if iri == build.site.base:
        target = _of_dataset(build, described.ending)
    elif _is_known(build, iri):
        target = addresses.document(iri, described.ending)
    else:
        return None
    return None if target is None else Document(iri, described.ending, target)


def _has(build: Build, iri: str) -> bool:
    if not iri.endswith(TEXT):
        return False
    return bool(build.reading.objects(article_of(iri), kg.text))


def _is_thing(build: Build, iri: str) -> bool:
    return Part(iri).class_(build.site.base) is not None or build.knows(iri)


def _is_known(build: Build, iri: str) -> bool:
    try:
        return Part.of(iri).class_(build.site.base) is not None or build.knows(iri)
    except ValueError:
        return False  # it is no IRI


def _of_dataset(build: Build, ending: str) -> str | None:
    """Return the address of a document of the base: its page is the home page."""
    if ending.endswith(HTML):
        return home.NAME + ending
    return build.site.addresses.document(build.site.base + home.DATASET, ending)


def _divided(address: str) -> tuple[str, str]:
    ending = next((each for each in _ENDINGS if address.endswith(each)), "")
    return address.removesuffix(ending), ending
