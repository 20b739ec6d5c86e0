"""The forms of documents, and which of them a client prefers."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from kgpub.pages.addresses import HTML
from kgpub.service.errors import RequestError
from kgpub.service.http.forms import preferred
from kgpub.service.http.negotiation import value_of


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
    found = preferred(offered, value_of(request, "accept"))
    if found is None:
        names = ", ".join(each.media_types[0] for each in offered)
        raise RequestError(406, "no form is among those that are accepted", f"Accept: {names}.")
    return found


def wants_page(request: Request) -> bool:
    """Whether a client is one that shows pages."""
    try:
        return form_of(request) is PAGE
    except RequestError:
        return False
