"""`POST /api/submissions/{id}/decisions`: what the pages of a reviewer do, for programs."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kgpub.errors import KgpubError, StoreError
from kgpub.service.accounts.accounts import Accounts
from kgpub.service.api.problems import HEADERS
from kgpub.service.errors import RequestError
from kgpub.service.http.reading import body, json_value
from kgpub.service.limits import DEFAULT_LIMITS
from kgpub.service.reviewing.reviews import Reviews
from kgpub.service.submitting.answers import route
from kgpub.service.submitting.told import described, tag_of
from kgpub.service.tokens.token import Scope
from kgpub.submissions.deciding import ArticleChanged, Decision, Invalid, ReasonMissing, Seen
from kgpub.submissions.kept import Outdated
from kgpub.submissions.submission import Submission

PATH = "/api/submissions/{id}/decisions"
_LIMITS = replace(DEFAULT_LIMITS, body=65_536)
_ID = re.compile("[a-z2-7]{16}")
_DIGEST = re.compile("(?:sha256:)?([0-9a-f]{64})")
_SURROGATE = re.compile("[\ud800-\udfff]")
_KEYS = {"action": str, "version": int, "reason": str, "article": str}
_MOST = 2**31


@dataclass(frozen=True)
class Decisions:
    """The route."""

    reviews: Reviews
    accounts: Accounts

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [route(PATH, {"POST": self._decide})]

    async def _decide(self, request: Request) -> Response:
        holder = self.accounts.admitted(request, Scope.review)
        submission = await self._found(request)
        given = await _given(request)
        seen = Seen(given["version"], given.get("article", ""))
        decision, reason = Decision(given["action"]), given.get("reason", "")
        try:
            decided = await self.reviews.decide(submission, seen, decision, holder.account, reason)
        except KgpubError as error:
            raise _refusal(error) from error
        content = json.dumps(described(decided, holder), ensure_ascii=False).encode()
        headers = {**HEADERS, "ETag": tag_of(decided)}
        return Response(content, 200, headers, "application/json")

    async def _found(self, request: Request) -> Submission:
        id_ = request.path_params["id"]
        missing = RequestError(404, "there is no such submission")
        if not _ID.fullmatch(id_):
            raise missing
        try:
            return await self.reviews.get(id_)
        except StoreError:
            raise
        except KgpubError as error:
            raise missing from error


def _refusal(error: KgpubError) -> KgpubError:
    """Return an error with the status that tells it to programs."""
    if isinstance(error, RequestError | StoreError):
        return error
    status = 409 if isinstance(error, ArticleChanged | Outdated) else 422
    remedy = error.remedy
    if isinstance(error, Invalid):
        remedy = "Read its report, and ask for changes or reject it."
    if isinstance(error, ArticleChanged):
        remedy = "Send the SHA-256 of the text that you have looked at as article."
    if isinstance(error, ReasonMissing):
        remedy = "Send a reason: the submitter reads it."
    return RequestError(status, error.message, remedy)


async def _given(request: Request) -> dict[str, Any]:
    """Return the members of the body. Raises RequestError."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise RequestError(415, "the body is not application/json", "Send JSON.")
    try:
        text = (await body(request, _LIMITS)).decode("utf-8")
    except UnicodeDecodeError as error:
        raise RequestError(400, "the body is not UTF-8", "Send it as UTF-8.") from error
    given = json_value(text, "body")
    if not isinstance(given, dict):
        raise RequestError(422, "the body is no object", f"Members: {', '.join(_KEYS)}.")
    unknown = next((key for key in given if key not in _KEYS), None)
    if unknown is not None:
        raise RequestError(422, "there is an unknown member", f"Members: {', '.join(_KEYS)}.")
    for key, type_ in _KEYS.items():
        value = given.get(key)
        if key not in given and key in ("reason", "article"):
            continue
        is_text = isinstance(value, str) and not _SURROGATE.search(value)
        if type(value) is not type_ or (type_ is str and not is_text):
            what = "a whole number" if type_ is int else "a text"
            raise RequestError(422, f"{key} is not {what}", "See the description of the API.")
    if not 0 <= given["version"] < _MOST:
        raise RequestError(422, "version is none that there can be", "Read the submission again.")
    if given["action"] not in set(Decision):
        raise RequestError(422, "there is no such action", f"Actions: {', '.join(Decision)}.")
    if given.get("article"):
        digest = _DIGEST.fullmatch(given["article"])
        if digest is None:
            raise RequestError(422, "article is no SHA-256", "Send 64 hexadecimal digits.")
        given["article"] = digest[1]
    return given
