"""What programs ask of the server about submissions, as paths of an OpenAPI description."""

from __future__ import annotations

from typing import Any

from kgpub.messages import LANGUAGES
from kgpub.service.api.problems import MEDIA_TYPE
from kgpub.service.submitting.received import FACTS, MEDIA_TYPES, METADATA, MULTIPART, TEXT
from kgpub.service.submitting.reports import FORMS_OF_REPORT
from kgpub.service.submitting.schemas import report_schema, submission_schema
from kgpub.service.submitting.submissions import MOST_LISTED
from kgpub.service.submitting.told import PATH
from kgpub.service.submitting.validating import PATH as VALIDATE
from kgpub.sources.tables import TABLES
from kgpub.submissions.submission import State

Json = dict[str, Any]
_TEXT: Json = {"type": "string"}
_TAG = "submissions"
_WORDS = "سنبدأ بإصلاح شبكة المياه"
_FACTS_YAML = f"""article: example
statements:
  - words: {_WORDS}
    introduced-by: وقالت حسن
    said-by: person/layla-hasan
    about: [office/mayor-of-al-waha]
"""
_FACTS_JSON: Json = {
    "article": "example",
    "statements": [
        {
            "words": _WORDS,
            "introduced-by": "وقالت حسن",
            "said-by": "person/layla-hasan",
            "about": ["office/mayor-of-al-waha"],
        }
    ],
}
_PEOPLE = "id,name@ar,name@en\nsalim-omar,سالم عمر,Salim Omar\n"
_EXAMPLES: dict[str, object] = {
    "application/yaml": _FACTS_YAML,
    "application/json": _FACTS_JSON,
    "text/csv": _PEOPLE,
}
_REFUSALS = {
    "400": "The request cannot be understood.",
    "406": "The answer has no form that is accepted.",
    "413": "The body is too large, or unpacks to too much.",
    "415": "The body is of another media type or coding.",
    "422": "There is no report in this form; or there are errors, and nothing was kept.",
    "429": "The address asks too often.",
    "503": "It cannot be checked or kept at the moment.",
}
_OF_TOKENS = {
    "401": "This needs a token.",
    "403": "The token does not allow this.",
}
_OF_ONE = {**_OF_TOKENS, "404": "You have no such submission.", "503": "Not at the moment."}
_OF_CHANGES = {
    "409": "It is decided by now, or the same has been submitted before.",
    "412": "It has changed since it was read.",
    "428": "The header If-Match is missing.",
    "507": "The disk is full.",
}


def submitting() -> dict[str, Json]:
    """Describe validation and the queue."""
    one = f"{PATH}/{{id}}"
    kept = _answer("The submission as it stands, with its report.", submission_schema(report=True))
    return {
        VALIDATE: {
            "post": _operation(
                "validate",
                "What is wrong with a submission",
                {"200": _report("The report."), **_refused(_REFUSALS)},
                _sending(),
                _body(),
            )
        },
        PATH: {
            "post": _operation(
                "submit",
                "Submit facts; the same again is the same submission",
                {
                    "200": {**kept, "description": "It had been sent before."},
                    "201": {**kept, "description": "It is kept, and waits to be decided."},
                    **_refused({**_REFUSALS, **_OF_TOKENS, "507": _OF_CHANGES["507"]}),
                },
                _sending(),
                _body(),
            ),
            "get": _operation(
                "listSubmissions",
                "Your submissions; all of them for those who review",
                {
                    "200": _answer("Oldest first.", _list()),
                    **_refused({**_OF_TOKENS, "400": _REFUSALS["400"], "422": "No such value."}),
                },
                _listing(),
            ),
        },
        one: {
            "parameters": [_ID],
            "get": _operation(
                "readSubmission",
                "A submission as it stands",
                {"200": _answer("As it stands.", submission_schema()), **_refused(_OF_ONE)},
            ),
            "put": _operation(
                "revise",
                "Put other content in the place of what was sent",
                {"200": kept, **_refused({**_REFUSALS, **_OF_ONE, **_OF_CHANGES})},
                [*_sending(), _if_match(required=True)],
                _body(),
            ),
            "delete": _operation(
                "withdraw",
                "Withdraw a submission",
                {
                    "200": _answer("It is withdrawn.", submission_schema()),
                    **_refused({**_OF_ONE, **_OF_CHANGES}),
                },
                [_if_match(required=False)],
            ),
        },
        f"{one}/report": {
            "parameters": [_ID],
            "get": _operation(
                "readReport",
                "The report of a submission, beside what is published now",
                {"200": _report("The report."), **_refused({**_REFUSALS, **_OF_ONE})},
                [_FORMAT, _LANGUAGE],
            ),
        },
        f"{one}/content": {
            "parameters": [_ID],
            "get": _operation(
                "readContent",
                "What was sent, byte for byte",
                {
                    "200": {
                        "description": "The file.",
                        "content": {each: {"schema": {}} for each in MEDIA_TYPES},
                    },
                    **_refused(_OF_ONE),
                },
            ),
        },
    }


_ID: Json = {
    "name": "id",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "pattern": "^[a-z2-7]{16}$"},
}
_FORMAT: Json = {
    "name": "format",
    "in": "query",
    "description": "The form of the report; without it, what Accept prefers.",
    "schema": {"enum": [form.name for form in FORMS_OF_REPORT]},
}
_LANGUAGE: Json = {
    "name": "lang",
    "in": "query",
    "description": "The language of messages; without it, what Accept-Language prefers.",
    "schema": {"enum": list(LANGUAGES)},
}


def _sending() -> list[Json]:
    """Describe the parameters of what is sent."""
    return [
        _parameter("article", "The slug of the article, where the body names none.", _TEXT),
        _parameter("name", "What reports call the file; of its path the last step.", _TEXT),
        _parameter(
            "table", "What the rows of CSV are, unless the name says so.", {"enum": list(TABLES)}
        ),
        _FORMAT,
        _LANGUAGE,
    ]


def _listing() -> list[Json]:
    limit: Json = {"type": "integer", "minimum": 1, "maximum": MOST_LISTED}
    return [
        _parameter("state", "Those in this state.", {"enum": [each.value for each in State]}),
        _parameter("of", "Whose: all is for those who review.", {"enum": ["own", "all"]}),
        _parameter("limit", "How many at most; as many as may be unless it is given.", limit),
        _parameter("after", "Those after this one, by its id.", _ID["schema"]),
    ]


def _if_match(*, required: bool) -> Json:
    return {
        "name": "If-Match",
        "in": "header",
        "required": required,
        "description": "The ETag that the submission was read with.",
        "schema": {"type": "string", "pattern": r'^("[0-9]{1,9}"|\*)$'},
    }


def _parameter(name: str, description: str, schema: Json) -> Json:
    return {"name": name, "in": "query", "description": description, "schema": schema}


def _body() -> Json:
    """Describe the body: a submission in one of its formats, or a form with a new article."""
    content: Json = {}
    for media_type in MEDIA_TYPES:
        # What a submission is, the report tells, whatever it is.
        content[media_type] = {"schema": {}}
        if media_type in _EXAMPLES:
            content[media_type]["example"] = _EXAMPLES[media_type]
    parts = {name: {"type": "string"} for name in (FACTS, TEXT, METADATA, "article", "name")}
    content[MULTIPART] = {
        "schema": {
            "description": "Facts with an article that is not there yet: its text as UTF-8, and "
            "its metadata, article.yaml. Facts are YAML unless their part or file name tells "
            "another format.",
            "type": "object",
            "required": [FACTS],
            "properties": parts,
        }
    }
    return {
        "required": True,
        "description": "At most a megabyte unless the settings allow more; gzip may pack it.",
        "content": content,
    }


def _report(description: str) -> Json:
    content: Json = {form.media_types[0]: {"schema": _TEXT} for form in FORMS_OF_REPORT}
    content["application/json"] = {"schema": report_schema()}
    return {"description": description, "content": content}


def _list() -> Json:
    items: Json = {"type": "array", "items": submission_schema()}
    return {"type": "object", "required": ["submissions"], "properties": {"submissions": items}}


def _answer(description: str, schema: Json) -> Json:
    tag: Json = {"description": "Of the submission as it stands.", "schema": _TEXT}
    return {
        "description": description,
        "headers": {"ETag": tag},
        "content": {
            "application/json": {"schema": schema},
            "text/html": {"schema": _TEXT},
            "text/turtle": {"schema": _TEXT},
        },
    }


def _refused(told: dict[str, str]) -> Json:
    problem: Json = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    others: Json = {"text/html": {"schema": _TEXT}, "text/turtle": {"schema": _TEXT}}
    return {
        status: {"description": why, "content": {**problem, **(others if status == "422" else {})}}
        for status, why in sorted(told.items())
    }


def _operation(
    name: str,
    summary: str,
    responses: Json,
    parameters: list[Json] | None = None,
    body: Json | None = None,
) -> Json:
    described: Json = {"operationId": name, "summary": summary, "tags": [_TAG]}
    if parameters:
        described["parameters"] = parameters
    if body:
        described["requestBody"] = body
    return {**described, "responses": responses}
