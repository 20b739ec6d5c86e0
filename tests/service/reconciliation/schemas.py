"""What the Reconciliation Service API 0.2 says its messages are, written down from its text.

Closed where the specification lists all members, so that what it does not know is found too.
"""

from __future__ import annotations

from typing import Any

import jsonschema

Schema = dict[str, Any]
TEXT: Schema = {"type": "string", "minLength": 1}


def closed(required: dict[str, Schema], optional: dict[str, Schema] | None = None) -> Schema:
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
        "additionalProperties": False,
    }


def array(items: Schema) -> Schema:
    return {"type": "array", "items": items}


NAMED = closed({"id": TEXT, "name": TEXT})
DESCRIBED = closed({"id": TEXT, "name": TEXT}, {"description": TEXT})
ADDRESS: Schema = {"type": "string", "pattern": "^https?://"}
TEMPLATE: Schema = {"type": "string", "pattern": r"^https?://.*\{\{id\}\}"}
PATH: Schema = {"type": "string", "pattern": "^/"}
SUGGEST = closed(
    {"service_url": ADDRESS, "service_path": PATH},
    {"flyout_service_path": {"type": "string", "pattern": r"\$\{id\}"}},
)
SETTING = closed(
    {"name": TEXT, "label": TEXT, "type": {"const": "number"}},
    {"default": {"type": "number"}, "help_text": TEXT},
)
MANIFEST = closed(
    {
        "versions": {"type": "array", "items": TEXT, "contains": {"const": "0.2"}},
        "name": TEXT,
        "identifierSpace": ADDRESS,
        "schemaSpace": ADDRESS,
    },
    {
        "defaultTypes": {**array(DESCRIBED), "uniqueItems": True},
        "documentation": ADDRESS,
        "logo": ADDRESS,
        "serviceVersion": TEXT,
        "view": closed({"url": TEMPLATE}),
        "preview": closed(
            {"url": TEMPLATE, "width": {"type": "integer"}, "height": {"type": "integer"}}
        ),
        "suggest": closed({}, {"entity": SUGGEST, "type": SUGGEST, "property": SUGGEST}),
        "extend": closed(
            {},
            {
                "propose_properties": closed({"service_url": ADDRESS, "service_path": PATH}),
                "property_settings": array(SETTING),
            },
        ),
        "batchSize": {"type": "integer", "minimum": 1},
    },
)
FEATURE = closed({"id": TEXT, "value": {"type": ["number", "boolean"]}})
CANDIDATE = closed(
    {
        "id": TEXT,
        "name": TEXT,
        "type": array(NAMED),
        "score": {"type": "number", "minimum": 0, "maximum": 100},
        "match": {"type": "boolean"},
    },
    {"description": TEXT, "features": array(FEATURE)},
)
RESULTS: Schema = {
    "type": "object",
    "additionalProperties": closed({"result": array(CANDIDATE)}),
}
SUGGESTED_ENTITIES = closed(
    {
        "result": array(
            closed({"id": TEXT, "name": TEXT}, {"description": TEXT, "notable": array(NAMED)})
        )
    }
)
SUGGESTED = closed({"result": array(DESCRIBED)})
FLYOUT = closed({"id": TEXT, "html": TEXT})
PROPOSAL = closed(
    {"properties": array(DESCRIBED), "type": {"type": "string"}}, {"limit": {"type": "integer"}}
)
VALUE: Schema = {
    "oneOf": [
        DESCRIBED,
        closed({"str": TEXT}),
        closed({"int": {"type": "integer"}}),
        closed({"float": {"type": "number"}}),
    ]
}
EXTENSION = closed(
    {
        "meta": array(closed({"id": TEXT, "name": TEXT}, {"type": NAMED, "service": ADDRESS})),
        "rows": {
            "type": "object",
            "additionalProperties": {"type": "object", "additionalProperties": array(VALUE)},
        },
    }
)
ERROR = closed(
    {
        "status": {"const": "error"},
        "code": {"type": "integer", "minimum": 400, "maximum": 599},
        "message": TEXT,
    },
    {"remedy": TEXT},
)


def conforms(value: object, schema: Schema) -> None:
    """Raise where a message is not as the specification says."""
    jsonschema.Draft202012Validator(schema).validate(value)
