"""What else programs ask of the server, as paths of an OpenAPI description."""

from __future__ import annotations

from typing import Any

from kgpub.messages import LANGUAGES
from kgpub.service.api.schemas import DAY
from kgpub.service.sparql.formats import GRAPHS, SOLUTIONS, Form

Json = dict[str, Any]
_TEXT: Json = {"type": "string"}
_JSON = "application/json"
_QUERY = "application/sparql-query"
_FORM = "application/x-www-form-urlencoded"
_SECTIONS = ("entities", "statements", "articles")
_EXAMPLE = "SELECT ?name { ?person a kg:Person ; kg:name ?name } LIMIT 10"


def sparql() -> dict[str, Json]:
    """Describe the endpoint (SPARQL 1.1 Protocol, section 2)."""
    fields: Json = {
        "query": {"type": "string", "minLength": 1},
        "default-graph-uri": {"type": "array", "items": {"type": "string", "format": "iri"}},
        "named-graph-uri": {"type": "array", "items": {"type": "string", "format": "iri"}},
        "format": {"enum": [form.name for form in (*SOLUTIONS, *GRAPHS)]},
        "on": DAY["schema"],
    }
    parameters = [_parameter(name, schema) for name, schema in fields.items()]
    parameters[-1] |= {"description": DAY["description"]}
    parameters[0] |= {
        "description": "Without it, a GET gives the description of the service.",
        "example": _EXAMPLE,
    }
    form = {"type": "object", "required": ["query"], "properties": fields}
    body = {"required": True, "content": {_QUERY: {"schema": _TEXT}, _FORM: {"schema": form}}}
    graphs = [each for each in parameters if each["name"] != "query"]
    return {
        "/sparql": {
            "get": _asking("sparql", "Ask a SPARQL query", parameters),
            "post": {
                **_asking("sparqlByPost", "Ask a SPARQL query that may be long", graphs),
                "requestBody": body,
            },
        }
    }


def search() -> dict[str, Json]:
    """Describe the search."""
    parameters = [
        {**_parameter("q", _TEXT), "required": True, "example": "بارزاني"},
        _parameter("lang", {"enum": list(LANGUAGES)}),
        _parameter("in", {"enum": list(_SECTIONS)}),
        _parameter("from", {"type": "integer", "minimum": 0}),
        _parameter("limit", {"type": "integer", "minimum": 0}),
    ]
    sections = {name: {"type": "object"} for name in _SECTIONS}
    answer = {
        "type": "object",
        "required": ["query", "language", *_SECTIONS],
        "properties": {"query": _TEXT, "language": {"enum": list(LANGUAGES)}, **sections},
    }
    found = _answers("What was found.", {_JSON: {"schema": answer}})
    found |= {"400": _plain("A parameter is wrong."), "503": _plain("Not yet, or too much.")}
    return {
        "/api/search": {"get": _operation("search", "Search names and words", found, parameters)}
    }


def health() -> dict[str, Json]:
    """Describe whether the server can answer."""
    state = {_JSON: {"schema": {"type": "object", "required": ["status"]}}}
    ready = {
        "200": {"description": "It can answer.", "content": state},
        "503": {"description": "It cannot.", "content": state},
    }
    live = {"200": {"description": "It lives.", "content": state}}
    return {
        "/health": {"get": _operation("health", "Whether the server can answer", ready)},
        "/health/live": {"get": _operation("alive", "Whether the server lives", live)},
    }


def metrics() -> dict[str, Json]:
    """Describe the figures (Prometheus), for whom they are meant."""
    figures = {
        "200": {"description": "The figures.", "content": {"text/plain": {"schema": _TEXT}}},
        "403": _plain("They are for others."),
    }
    return {"/metrics": {"get": _operation("metrics", "Figures of the server", figures)}}


def _asking(name: str, summary: str, parameters: list[Json]) -> Json:
    return _operation(name, summary, _of_queries(), parameters)


def _of_queries() -> Json:
    types: Json = {_media_type(form): {"schema": {}} for form in (*SOLUTIONS, *GRAPHS)}
    told = {
        "400": "The query cannot be understood.",
        "403": "Nothing is updated here.",
        "406": "The answer has no form that is accepted.",
        "413": "The body is too large.",
        "415": "The body is of another media type.",
        "503": "The query takes too much, or too many are asked.",
    }
    refusals = {status: _plain(why, "text/plain") for status, why in told.items()}
    return {**_answers("The answer.", types), **refusals}


def _media_type(form: Form) -> str:
    return form.media_types[0]


def _answers(description: str, content: Json) -> Json:
    unchanged = {"description": "What the client has is still so."}
    return {"200": {"description": description, "content": content}, "304": unchanged}


def _plain(description: str, media_type: str = _JSON) -> Json:
    return {"description": description, "content": {media_type: {"schema": {}}}}


def _parameter(name: str, schema: Json) -> Json:
    return {"name": name, "in": "query", "schema": schema}


def _operation(
    name: str, summary: str, responses: Json, parameters: list[Json] | None = None
) -> Json:
    described = {"operationId": name, "summary": summary, "responses": responses}
    return {**described, "parameters": parameters} if parameters else described
