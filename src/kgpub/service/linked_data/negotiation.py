"""Which form and which language of a document a client prefers (RFC 9110, section 12.5)."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from werkzeug.datastructures import LanguageAccept, MIMEAccept
from werkzeug.http import parse_accept_header

from kgpub.messages import LANGUAGES
from kgpub.pages.addresses import HTML
from kgpub.service.errors import RequestError

_MAX_PREFERENCES = 4_000
"""Characters of a header. To read its preferences takes time that grows faster than it."""
_KURDISH = {"ku": "ckb"}
"""Kurdish without more is a macrolanguage (ISO 639-3); what we have of it is Sorani."""
_LATIN = "latn"


@dataclass(frozen=True)
class Form:
    """A form of documents: what their names end in, and its media types, the first its own."""

    ending: str
    media_types: tuple[str, ...]


PAGE = Form(HTML, ("text/html", "application/xhtml+xml"))
# Turtle is N3 too, which is what rdflib asks for.
TURTLE = Form(".ttl", ("text/turtle", "application/x-turtle", "text/n3", "text/rdf+n3"))
JSON_LD = Form(".jsonld", ("application/ld+json", "application/json"))
N_TRIPLES = Form(".nt", ("application/n-triples", "text/plain"))
DATA = (TURTLE, JSON_LD, N_TRIPLES)


def form_of(request: Request, offered: tuple[Form, ...] = (PAGE, *DATA)) -> Form:
    """Return the form that a client prefers, the first where it has no preference.

    Raises RequestError, with status 406 where none is acceptable.
    """
    accept = _header(request, "accept")
    if not accept.strip():
        return offered[0]
    accepted = parse_accept_header(accept, MIMEAccept)
    best = max(offered, key=lambda form: _preference(form, accepted))
    if not _preference(best, accepted)[0]:
        names = ", ".join(each.media_types[0] for each in offered)
        raise RequestError(406, "no form is among those that are accepted", f"Accept: {names}.")
    return best


def language_of(request: Request) -> str:
    """Return the language of the interface that a client prefers (RFC 4647, section 3.4).

    Raises RequestError.
    """
    accepted = parse_accept_header(_header(request, "accept-language"), LanguageAccept)
    for tag, quality in accepted:  # the preferred first
        primary, *others = tag.lower().split("-")
        language = _KURDISH.get(primary, primary) if _LATIN not in others else primary
        if quality > 0 and language in LANGUAGES:
            return language
    return LANGUAGES[0]


def wants_page(request: Request) -> bool:
    """Whether a client is one that shows pages."""
    try:
        return form_of(request) is PAGE
    except RequestError:
        return False


def _preference(form: Form, accepted: MIMEAccept) -> tuple[float, float]:
    own, *others = form.media_types
    quality = accepted.quality(own)
    if accepted.find(own) >= 0 and not quality:
        return 0, 0  # it is refused, whatever else it may be called
    return max(quality, *(accepted.quality(each) for each in others)), quality


def _header(request: Request, name: str) -> str:
    """Return a header that may come in several lines (RFC 9110, section 5.3)."""
    value = ", ".join(request.headers.getlist(name))
    if len(value) > _MAX_PREFERENCES:
        raise RequestError(431, f"{name} has more than {_MAX_PREFERENCES:,} characters")
    return value
