"""The description of the interface (OpenAPI 3.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kgpub.service.api.asked import MAX_LIMIT, MAX_OFFSET, extras
from kgpub.service.api.listing import PATH as LIST_PATH
from kgpub.service.api.listing import address
from kgpub.service.api.problems import KINDS, MEDIA_TYPE
from kgpub.service.api.saved import SavedQuery
from kgpub.service.api.schemas import COMPONENTS, DAY, of_answer, of_parameter
from kgpub.store.parameters import Parameter
from kgpub.version import __version__

PATH = "/api/openapi.json"
Json = dict[str, Any]
_TAG = "saved queries"
_UNCHANGED: Json = {"description": "What the client has is still so."}
_FRESHNESS: Json = {
    "ETag": {"description": "Of the build and the query.", "schema": {"type": "string"}},
    "Cache-Control": {"schema": {"type": "string"}},
}
_EXTRAS: Mapping[str, Json] = {
    "on": dict(DAY),
    "limit": {
        "description": "How many solutions at most.",
        "schema": {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT},
    },
    "offset": {
        "description": "How many solutions to leave out before the first.",
        "schema": {"type": "integer", "minimum": 0, "maximum": MAX_OFFSET},
    },
}


def description(
    queries: Iterable[SavedQuery],
    prefixes: Mapping[str, str],
    title: str,
    public: str = "",
    beside: Mapping[str, Json] | None = None,
) -> Json:
    """Return the description of saved queries, and of the paths `beside` them.

    `public` is scheme and host as clients see them, "" for those of whoever reads it.
    """
    return {
        "openapi": "3.1.1",
        "info": {
            "title": title,
            "version": __version__,
            "description": "Questions to what is published, each with its parameters as terms.",
        },
        "servers": [{"url": public or "/"}],
        "tags": [{"name": _TAG}],
        "paths": {
            LIST_PATH: _document("listQueries", "All saved queries", "SavedQueries"),
            PATH: _document("describe", "This description", ""),
            **{address(query): {"get": _operation(query, prefixes)} for query in queries},
            **(beside or {}),
        },
        "components": {
            "schemas": dict(COMPONENTS),
            "responses": {kind.name: _problem(kind.title) for kind in KINDS.values()},
        },
    }


def _document(name: str, summary: str, schema: str) -> Json:
    described = {"$ref": f"#/components/schemas/{schema}"} if schema else {"type": "object"}
    answer = {
        "description": summary,
        "headers": _FRESHNESS,
        "content": {"application/json": {"schema": described}},
    }
    responses = {"200": answer, "304": _UNCHANGED}
    return {
        "get": {"operationId": name, "summary": summary, "tags": [_TAG], "responses": responses}
    }


def _operation(query: SavedQuery, prefixes: Mapping[str, str]) -> Json:
    named = query.named
    content = {form.media_types[0]: {"schema": of_answer(query, form)} for form in query.forms}
    return {
        "operationId": named.name,
        "summary": named.question,
        "tags": [_TAG],
        "parameters": [
            *(_parameter(query, each, prefixes) for each in named.parameters),
            *(_extra(query, name) for name in extras(query)),
        ],
        "responses": {
            "200": {"description": "The answer.", "headers": _FRESHNESS, "content": content},
            "304": _UNCHANGED,
            **{
                str(status): {"$ref": f"#/components/responses/{kind.name}"}
                for status, kind in KINDS.items()
                if status != 404
            },
        },
        "x-questions": dict(named.questions),
        "x-columns": list(named.columns),
    }


def _parameter(query: SavedQuery, parameter: Parameter, prefixes: Mapping[str, str]) -> Json:
    described: Json = {
        "name": parameter.name,
        "in": "query",
        "required": True,
        "description": parameter.description,
        "schema": of_parameter(parameter, prefixes),
    }
    if example := query.named.example.get(parameter.name):
        described["example"] = _json(parameter.type, example)
    return described


def _json(type_: str, value: str) -> object:
    if type_ == "integer":
        return int(value)
    return value == "true" if type_ == "boolean" else value


def _extra(query: SavedQuery, name: str) -> Json:
    names = [form.name for form in query.forms]
    described = {
        "format": {
            "description": "The form of the answer; without it, what Accept prefers.",
            "schema": {"enum": names},
        },
        **_EXTRAS,
    }
    return {"name": name, "in": "query", **described[name]}


def _problem(title: str) -> Json:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": title, "content": {MEDIA_TYPE: {"schema": schema}}}
