"""What programs read of articles and schemas, as paths of an OpenAPI description."""

from __future__ import annotations

from typing import Any

from kgpub.service.api.problems import MEDIA_TYPE
from kgpub.service.editing.schemas import MEDIA_TYPE as SCHEMA_TYPE
from kgpub.service.editing.schemas import NAMES

Json = dict[str, Any]
ARTICLES = "/api/articles"
SCHEMAS = "/api/schema"
PER_PAGE, MAX_PER_PAGE, MAX_FIRST = 20, 100, 100_000
MAX_WORDS = 200
"""Characters that are searched for."""
_TEXT: Json = {"type": "string"}
_TAG = "articles"
_ARTICLE: Json = {
    "description": "An article that is published; what is not known of it is left out.",
    "type": "object",
    "required": ["slug", "iri", "title"],
    "properties": {
        "slug": _TEXT,
        "iri": {"type": "string", "format": "iri"},
        "title": {"type": "object", "additionalProperties": _TEXT},
        "language": _TEXT,
        "publisher": {"description": "Slug of an organisation.", **_TEXT},
        "published": {"description": "EDTF.", **_TEXT},
        "source": {"type": "string", "format": "iri"},
        "checksum": {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"},
    },
}
_WHOLE: Json = {
    **_ARTICLE,
    "required": [*_ARTICLE["required"], "text"],
    "properties": {
        **_ARTICLE["properties"],
        "text": {"description": "Exactly as it is quoted.", **_TEXT},
    },
}
_LIST: Json = {
    "type": "object",
    "required": ["total", "from", "articles"],
    "properties": {
        "total": {"type": "integer", "minimum": 0},
        "from": {"type": "integer", "minimum": 0},
        "articles": {"type": "array", "maxItems": MAX_PER_PAGE, "items": _ARTICLE},
    },
}
_PARAMETERS: list[Json] = [
    {
        "name": "q",
        "in": "query",
        "description": "Words of the title or the slug, letters that look alike counting as one.",
        "schema": {"type": "string", "maxLength": MAX_WORDS},
        "example": "البلدية",
    },
    {
        "name": "from",
        "in": "query",
        "schema": {"type": "integer", "minimum": 0, "maximum": MAX_FIRST, "default": 0},
    },
    {
        "name": "limit",
        "in": "query",
        "schema": {
            "type": "integer",
            "minimum": 0,
            "maximum": MAX_PER_PAGE,
            "default": PER_PAGE,
        },
    },
]


def editing() -> dict[str, Json]:
    """Describe the articles and the schemas."""
    return {
        ARTICLES: {
            "get": _operation(
                "articles", "The articles that are published", _LIST, _PARAMETERS, "400"
            )
        },
        f"{ARTICLES}/{{slug}}": {
            "get": _operation(
                "article", "An article with its text", _WHOLE, [_named("slug", "example")], "404"
            )
        },
        f"{SCHEMAS}/{{name}}": {
            "get": _operation(
                "schema",
                "A JSON Schema that editors complete and check by",
                {"type": "object"},
                [_named("name", NAMES[0], list(NAMES))],
                "404",
                media_type=SCHEMA_TYPE,
            )
        },
    }


def _named(name: str, example: str, among: list[str] | None = None) -> Json:
    schema = {"enum": among} if among else _TEXT
    return {"name": name, "in": "path", "required": True, "schema": schema, "example": example}


def _operation(
    name: str,
    summary: str,
    schema: Json,
    parameters: list[Json],
    *refusals: str,
    media_type: str = "application/json",
) -> Json:
    told = {
        "400": "A parameter is wrong.",
        "404": "There is none of this name.",
        "503": "It cannot be read at the moment.",
    }
    problem: Json = {"content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    return {
        "operationId": name,
        "summary": summary,
        "tags": [_TAG],
        "parameters": parameters,
        "responses": {
            "200": {"description": "It is here.", "content": {media_type: {"schema": schema}}},
            "304": {"description": "What the client has is still so."},
            **{each: {"description": told[each], **problem} for each in (*refusals, "503")},
        },
    }
