"""JSON Schemas of what is told of submissions (draft 2020-12, as OpenAPI 3.1 has them)."""

from __future__ import annotations

from typing import Any

from kgpub.messages import LANGUAGES
from kgpub.model.comparison import Outcome, Reason
from kgpub.submissions.submission import Action, State

Json = dict[str, Any]
_TEXT: Json = {"type": "string"}
_COUNT: Json = {"type": "integer", "minimum": 0}
_POSITION: Json = {"type": "integer", "minimum": 1}
_ADDRESS: Json = {"type": "string", "format": "uri-reference"}


def report_schema() -> Json:
    """Return that of a report, see `kgpub.reporting.machine.as_json`."""
    place: Json = {"file": _TEXT, "line": _POSITION, "column": _POSITION}
    problem: Json = {
        "type": "object",
        "required": [*place, "severity", "code", "message", "remedy", "related"],
        "properties": {
            **place,
            "endColumn": _POSITION,
            "severity": {"enum": ["error", "warning", "info"]},
            **dict.fromkeys(("code", "message", "remedy", "text"), _TEXT),
            "related": {"type": "array", "items": {"type": "object", "required": [*place]}},
        },
    }
    told: Json = {"type": "object", "required": ["fact", "statement", "article", "words"]}
    compared: Json = {
        "type": "object",
        "required": [*place, "outcome", "reason", "fact", "explanation", "submitted", "published"],
        "properties": {
            **place,
            "outcome": {"enum": [each.value for each in Outcome]},
            "reason": {"enum": [each.value for each in Reason]},
            "submitted": told,
            "published": {"anyOf": [told, {"type": "null"}]},
        },
    }
    return {
        "description": "What kgpub validate --format json says.",
        "type": "object",
        "required": ["kgpub", "accepted", "language", "counts", "files", "problems", "compared"],
        "properties": {
            "kgpub": _TEXT,
            "accepted": {"type": "boolean"},
            "language": {"enum": list(LANGUAGES)},
            "counts": {"type": "object", "additionalProperties": _COUNT},
            "outcomes": {"type": "object", "additionalProperties": _COUNT},
            "files": {"type": "array", "items": _TEXT},
            "problems": {"type": "array", "items": problem},
            "compared": {"anyOf": [{"type": "array", "items": compared}, {"type": "null"}]},
        },
    }


def submission_schema(*, report: bool = False) -> Json:
    """Return that of a submission, see `told.described`, with the `report` of what is sent."""
    event: Json = {
        "type": "object",
        "required": ["action", "at", "revision"],
        "properties": {
            "action": {"enum": [each.value for each in Action]},
            "at": {"type": "string", "format": "date-time"},
            "revision": _POSITION,
            **dict.fromkeys(("reason", "shapes", "file", "by"), _TEXT),
        },
    }
    required = ["id", "state", "version", "received", "article", "url"]
    return {
        "type": "object",
        "required": [*required, "report"] if report else required,
        "properties": {
            "id": _TEXT,
            "state": {"enum": [each.value for each in State]},
            "version": _POSITION,
            "received": {"type": "string", "format": "date-time"},
            "article": _TEXT,
            **dict.fromkeys(("url", "reportUrl", "contentUrl"), _ADDRESS),
            "revision": _POSITION,
            "hasArticle": {"type": "boolean"},
            "events": {"type": "array", "items": event},
            **({"report": report_schema()} if report else {}),
        },
    }
