"""JSON Schemas of what the interface takes and gives (draft 2020-12, as OpenAPI 3.1 has them)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kgpub.service.api.asked import MAX_TEXT
from kgpub.service.api.saved import SavedQuery
from kgpub.service.sparql.formats import JSON, Form
from kgpub.store.parameters import LEAST, MOST, TAGGED, TYPES, Parameter, web_iri_pattern

Schema = Mapping[str, Any]
_TEXT: Schema = {"type": "string"}
_ERRORS: Schema = {
    "type": "object",
    "required": ["parameter", "detail", "remedy"],
    "properties": {"parameter": _TEXT, "detail": _TEXT, "remedy": _TEXT},
}
PROBLEM: Schema = {
    "description": "What is wrong (RFC 9457), and what would mend it.",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": _TEXT,
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": _TEXT,
        "remedy": _TEXT,
        "errors": {"type": "array", "items": _ERRORS},
    },
}
TERM: Schema = {
    "type": "object",
    "required": ["type", "value"],
    "properties": {
        "type": {"enum": ["uri", "literal", "bnode"]},
        "value": _TEXT,
        "xml:lang": _TEXT,
        "datatype": _TEXT,
    },
}
SOLUTIONS: Schema = {
    "description": "Solutions (SPARQL 1.1 Query Results JSON Format, section 3.2).",
    "type": "object",
    "required": ["head", "results"],
    "properties": {
        "head": {
            "type": "object",
            "required": ["vars"],
            "properties": {"vars": {"type": "array", "items": _TEXT}},
        },
        "results": {
            "type": "object",
            "required": ["bindings"],
            "properties": {
                "bindings": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "additionalProperties": {"$ref": "#/components/schemas/Term"},
                    },
                }
            },
        },
    },
}
TRUTH: Schema = {
    "description": "Whether it is so (SPARQL 1.1 Query Results JSON Format, section 3.3).",
    "type": "object",
    "required": ["head", "boolean"],
    "properties": {"head": {"type": "object"}, "boolean": {"type": "boolean"}},
}
LISTED: Schema = {
    "description": "A saved query: its question by language, its parameters, its columns.",
    "type": "object",
    "required": ["name", "url", "question", "parameters", "columns", "formats", "paging"],
    "properties": {
        "name": _TEXT,
        "url": {"type": "string", "format": "uri-reference"},
        "question": {"type": "object", "additionalProperties": _TEXT},
        "parameters": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "type", "description"],
                "properties": {"name": _TEXT, "type": {"enum": list(TYPES)}, "description": _TEXT},
            },
        },
        "columns": {"type": "array", "items": _TEXT},
        "formats": {"type": "array", "items": _TEXT},
        "paging": {"type": "boolean"},
        "example": {"type": "object", "additionalProperties": _TEXT},
    },
}
LIST: Schema = {
    "type": "object",
    "required": ["queries"],
    "properties": {
        "queries": {"type": "array", "items": {"$ref": "#/components/schemas/SavedQuery"}}
    },
}
DAY: Schema = {
    "description": "Ask the dataset as it was on this day: without what was submitted later, with "
    "what was retracted later.",
    "schema": {"type": "string", "format": "date"},
}
"""The parameter `on`."""
COMPONENTS: Mapping[str, Schema] = {
    "Problem": PROBLEM,
    "Term": TERM,
    "Solutions": SOLUTIONS,
    "Truth": TRUTH,
    "SavedQuery": LISTED,
    "SavedQueries": LIST,
}
_TYPED: Mapping[str, Schema] = {
    "text": {"maxLength": MAX_TEXT},
    "tagged": {"pattern": f"^{TAGGED}$", "maxLength": MAX_TEXT},
    "date": {"format": "date"},
    "edtf": {"format": "edtf", "maxLength": 40},
}


def of_parameter(parameter: Parameter, prefixes: Mapping[str, str]) -> Schema:
    """Return the schema of a parameter's value."""
    if parameter.type == "integer":
        return {"type": "integer", "minimum": LEAST, "maximum": MOST}
    if parameter.type == "boolean":
        return {"type": "boolean"}
    if parameter.type == "iri":
        pattern = f"^({web_iri_pattern(parameter.name, prefixes)})$"
        return {
            "type": "string",
            "format": "iri-reference",
            "pattern": pattern,
            "maxLength": MAX_TEXT,
        }
    return {"type": "string", **_TYPED[parameter.type]}


def of_answer(query: SavedQuery, form: Form) -> Schema:
    """Return the schema of the answer to a query in a form."""
    if form.name == "jsonld":
        return {"type": ["array", "object"]}
    if form is not JSON:
        return {"type": "string"}
    if query.kind == "ASK":
        return {"$ref": "#/components/schemas/Truth"}
    columns = query.named.columns
    if not columns:
        return {"$ref": "#/components/schemas/Solutions"}
    variables: Schema = {"properties": {"vars": {"const": list(columns)}}}
    return {
        "allOf": [{"$ref": "#/components/schemas/Solutions"}, {"properties": {"head": variables}}]
    }
