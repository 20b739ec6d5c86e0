"""What programs of editors ask of the server, as paths of an OpenAPI description."""

from __future__ import annotations

from typing import Any

from kgpub.service.api.problems import MEDIA_TYPE
from kgpub.service.reviewing.decisions import PATH
from kgpub.submissions.deciding import MAX_REASON, Decision

Json = dict[str, Any]
_REFUSALS = {
    "400": "The body is no JSON.",
    "401": "This needs a token.",
    "403": "The token does not allow this: it lacks the scope review.",
    "404": "There is no such submission.",
    "409": "It has changed since, is decided by now, or its article has another text.",
    "413": "The body is too large.",
    "415": "The body is of another media type.",
    "422": "A member is not what it should be, the reason is missing, or it is not valid any more.",
    "503": "It cannot be checked or kept at the moment.",
    "507": "The disk is full.",
}


def reviewing() -> dict[str, Json]:
    """Describe decisions."""
    problem: Json = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    refused = {
        status: {"description": why, "content": problem} for status, why in _REFUSALS.items()
    }
    decided: Json = {
        "description": "It is kept; what was accepted is published soon.",
        "headers": {"ETag": {"schema": {"type": "string"}}},
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["id", "state", "version"],
                    "properties": {
                        "id": {"type": "string"},
                        "state": {"type": "string"},
                        "version": {"type": "integer", "minimum": 0},
                    },
                }
            }
        },
    }
    id_: Json = {
        "name": "id",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "pattern": "^[a-z2-7]{16}$"},
    }
    return {
        PATH: {
            "parameters": [id_],
            "post": {
                "operationId": "decide",
                "summary": "Accept or reject a submission, or ask for changes",
                "tags": ["submissions"],
                "requestBody": {"required": True, "content": {"application/json": _body()}},
                "responses": {"200": decided, **refused},
            },
        }
    }


def _body() -> Json:
    schema: Json = {
        "type": "object",
        "required": ["action", "version"],
        "additionalProperties": False,
        "properties": {
            "action": {"enum": [each.value for each in Decision]},
            "version": {
                "type": "integer",
                "minimum": 0,
                "maximum": 2**31 - 1,
                "description": "That of the submission as it was read.",
            },
            "reason": {
                "type": "string",
                "maxLength": MAX_REASON,
                "description": "Why; to accept needs none. That of an acceptance is published.",
            },
            "article": {
                "type": "string",
                "pattern": "^(sha256:)?[0-9a-f]{64}$",
                "description": "The SHA-256 of the article's text that was looked at, where that "
                "is another by now than when the submission was sent.",
            },
        },
    }
    example: Json = {"action": "reject", "version": 1, "reason": "The article does not say so."}
    return {"schema": schema, "example": example}
