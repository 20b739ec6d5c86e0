"""The forms that documents have: what their names end in, and their media types."""

from __future__ import annotations

from dataclasses import dataclass

from kgpub.pages.addresses import HTML


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


def content_type_of(ending: str) -> str:
    """Return the media type of documents whose names end so, as the header has it."""
    forms = (form.media_types[0] for form in DATA if form.ending == ending)
    media_type = "text/html" if ending.endswith(HTML) else next(forms, "text/plain")
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
