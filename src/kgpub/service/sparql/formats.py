"""The forms of answers, and which of them a client prefers (RFC 9110, section 12.5.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from pyoxigraph import QueryResultsFormat, RdfFormat
from werkzeug.datastructures import MIMEAccept

from kgpub.service.errors import RequestError
from kgpub.service.http.forms import preferred_of, ranges
from kgpub.service.sparql.wire import Forms


@dataclass(frozen=True)
class Form:
    """How an answer is written: its name for `format=`, its media types, the first preferred."""

    name: str
    media_types: tuple[str, ...]
    written_by: QueryResultsFormat | RdfFormat

    @property
    def content_type(self) -> str:
        """The value of the header Content-Type."""
        media_type = self.media_types[0]
        return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


JSON = Form(
    "json",
    ("application/sparql-results+json", "application/json"),
    QueryResultsFormat.JSON,
)
XML = Form(
    "xml",
    ("application/sparql-results+xml", "application/xml", "text/xml"),
    QueryResultsFormat.XML,
)
TURTLE = Form("ttl", ("text/turtle", "application/x-turtle"), RdfFormat.TURTLE)
SOLUTIONS = (
    JSON,
    XML,
    Form("csv", ("text/csv",), QueryResultsFormat.CSV),
    Form("tsv", ("text/tab-separated-values",), QueryResultsFormat.TSV),
)
"""Of SELECT."""
BOOLEANS = (JSON, XML)
"""Of ASK; the recommendation for results in CSV and TSV has none for it."""
GRAPHS = (
    TURTLE,
    Form("nt", ("application/n-triples", "text/plain"), RdfFormat.N_TRIPLES),
    Form("jsonld", ("application/ld+json", "application/json"), RdfFormat.JSON_LD),
    Form("rdf", ("application/rdf+xml", "application/xml", "text/xml"), RdfFormat.RDF_XML),
    Form("trig", ("application/trig",), RdfFormat.TRIG),
    Form("nq", ("application/n-quads",), RdfFormat.N_QUADS),
)
"""Of CONSTRUCT and DESCRIBE."""
BY_NAME: Mapping[str, Form] = {each.name: each for each in (*SOLUTIONS, *GRAPHS)}


@lru_cache(maxsize=1_000)
def negotiated(accept: str, name: str = "") -> Forms:
    """Return the forms of an answer for the value of a header Accept, see `chosen`."""
    accepted = ranges(accept)
    found = (_found(each, accepted, name) for each in (SOLUTIONS, BOOLEANS, GRAPHS))
    return Forms(*("" if form is None else form.name for form in found))


def not_acceptable(forms: tuple[Form, ...]) -> RequestError:
    """Return the refusal of a request that accepts none of `forms`."""
    return RequestError(
        406,
        "no form of the answer is among those that are accepted",
        f"Accept one of: {', '.join(each.media_types[0] for each in forms)}.",
    )


def chosen(forms: tuple[Form, ...], accept: str | None, name: str = "") -> Form:
    """Return the form of `name`, else the one that the header Accept prefers, else the first.

    Other names are passed over: clients send what other servers call theirs. Raises RequestError
    with status 406 where none is acceptable.
    """
    found = _found(forms, ranges(accept or ""), name)
    if found is None:
        raise not_acceptable(forms)
    return found


def _found(forms: tuple[Form, ...], accepted: MIMEAccept | None, name: str) -> Form | None:
    named = next((form for form in forms if form.name == name), None)
    return preferred_of(forms, accepted) if named is None else named
