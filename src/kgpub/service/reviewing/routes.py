"""`/review`: submissions shown in the browser, and forms that decide about them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kgpub.errors import CallError, KgpubError, StoreError
from kgpub.messages import LANGUAGES
from kgpub.pages.rendering import Frame, Site
from kgpub.service.accounts.accounts import FORM_FIELD, Accounts
from kgpub.service.errors import RequestError
from kgpub.service.http.codings import coding_of, shortened
from kgpub.service.http.headers import PAGE_TYPE, headers_of
from kgpub.service.http.negotiation import language_of
from kgpub.service.http.reading import parameters
from kgpub.service.limits import DEFAULT_LIMITS, MEBIBYTE
from kgpub.service.reviewing import pages
from kgpub.service.reviewing.looking import Looked
from kgpub.service.reviewing.pages import FILTERS, PATH, STYLES, Reviewer, Written
from kgpub.service.reviewing.reviews import Reviews
from kgpub.service.tokens.token import Scope
from kgpub.service.work import Work
from kgpub.submissions.deciding import (
    ArticleChanged,
    Decision,
    Invalid,
    ReasonMissing,
    Seen,
)
from kgpub.submissions.kept import DiskFull, Outdated, Repeated
from kgpub.submissions.submission import Account, Submission

MOST_LISTED = 200
EDIT = "edit"
# What is edited comes percent-encoded: nine bytes for a letter of three.
_LIMITS = replace(DEFAULT_LIMITS, body=6 * MEBIBYTE, discarded=32 * MEBIBYTE)
_NOTHING = Written()
_ID = re.compile("[a-z2-7]{16}")
_VERSION = re.compile("[0-9]{1,9}")
_DIGEST = re.compile("[0-9a-f]{64}|")
_ALERTS: tuple[tuple[type[KgpubError], str, int], ...] = (
    (ReasonMissing, "review-problem-reason", 422),
    (Invalid, "review-problem-invalid", 422),
    (ArticleChanged, "review-problem-article", 409),
    (Repeated, "review-problem-same", 409),
    (Outdated, "review-problem-outdated", 409),
    (DiskFull, "review-problem-full", 507),
)
"""What is told of errors, and with which status."""


@dataclass(frozen=True)
class Reviewing:
    """The pages."""

    site: Site
    reviews: Reviews
    accounts: Accounts
    work: Work

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route(PATH, self.list, methods=["GET"]),
            Route(f"{PATH}/{{id}}", self.show, methods=["GET"]),
            Route(f"{PATH}/{{id}}", self.decide, methods=["POST"]),
        ]

    async def list(self, request: Request) -> Response:
        """Answer with the list. Raises RequestError, StoreError."""
        try:
            reviewer = self._reviewer(request)
        except RequestError as error:
            return self._kept_out(request, error)
        given = await parameters(request, _LIMITS)
        chosen = given.get("state", "")
        if chosen not in FILTERS:
            chosen = next(iter(FILTERS))
        submissions = await self.reviews.listed(FILTERS[chosen][1], MOST_LISTED)
        frame = self._frame(request, PATH[1:], given, {"state": chosen})
        content = await self.work.run(lambda _: pages.listing(frame, submissions, chosen, reviewer))
        return _answer(request, content)

    async def show(self, request: Request) -> Response:
        """Answer with the page of a submission. Raises RequestError, StoreError."""
        try:
            reviewer = self._reviewer(request)
        except RequestError as error:
            return self._kept_out(request, error)
        given = await parameters(request, _LIMITS)
        submission = await self._found(request)
        return await self._page(request, given, submission, reviewer)

    async def decide(self, request: Request) -> Response:
        """Carry out what a form says, and go on to the page. Raises RequestError, StoreError."""
        known = self.accounts.signed_in(request)
        if known is None or Scope.review not in known.scopes:  # then nothing of the form is read
            self.accounts.admitted(request, Scope.review)
        given = await parameters(request, _LIMITS)
        holder = self.accounts.admitted(request, Scope.review, given.get(FORM_FIELD, ""))
        submission = await self._found(request)
        try:
            await self._carried_out(submission, given, holder.account)
        except KgpubError as error:
            alert, status = _alert(error)
            facts = _facts(given) if given.get("action") == EDIT else None
            text = None if facts is None else facts.decode()
            written = Written(alert, given.get("reason", ""), text)
            submission = await self._found(request)
            reviewer = Reviewer(holder.account.name, self.accounts.form_token(request))
            return await self._page(request, given, submission, reviewer, written, status)
        lang = _language(request, given)
        address = f"{request.scope.get('root_path', '')}{PATH}/{submission.id}?lang={lang}"
        return RedirectResponse(address, 303, {"Cache-Control": "no-store"})

    async def _carried_out(
        self, submission: Submission, given: Mapping[str, str], by: Account
    ) -> None:
        version, article = given.get("version", ""), given.get("article", "")
        if not _VERSION.fullmatch(version) or not _DIGEST.fullmatch(article):
            raise RequestError(400, "the form does not say what was seen", "Load the page again.")
        seen = Seen(int(version), article)
        action, reason = given.get("action", ""), given.get("reason", "")
        if action == EDIT:
            await self.reviews.edit(submission, seen, _facts(given), by, reason)
        elif action in set(Decision):
            await self.reviews.decide(submission, seen, Decision(action), by, reason)
        else:
            raise RequestError(400, "there is no such decision", "Use a button of the form.")

    async def _page(
        self,
        request: Request,
        given: Mapping[str, str],
        submission: Submission,
        reviewer: Reviewer,
        written: Written = _NOTHING,
        status: int = 200,
    ) -> Response:
        frame = self._frame(request, f"{PATH[1:]}/{submission.id}", given, {})
        looked: Looked | None = None
        try:
            if written.facts is None:
                looked = await self.reviews.look(submission, frame.language)
            else:
                body = written.facts.encode()
                looked = await self.reviews.look_at(submission, body, frame.language)
        except RequestError:  # the page tells so, and the rest of it is there
            pass
        content = await self.work.run(
            lambda _: pages.page(frame, submission, looked, reviewer, written)
        )
        return _answer(request, content, status)

    def _reviewer(self, request: Request) -> Reviewer:
        """Return who looks at a page. Raises RequestError, StoreError."""
        holder = self.accounts.admitted(request, Scope.review)
        return Reviewer(holder.account.name, self.accounts.form_token(request))

    async def _found(self, request: Request) -> Submission:
        id_ = request.path_params["id"]
        missing = RequestError(404, "there is no submission at this address", f"See {PATH}.")
        if not _ID.fullmatch(id_):
            raise missing
        try:
            return await self.reviews.get(id_)
        except StoreError:
            raise
        except CallError as error:
            raise missing from error

    def _kept_out(self, request: Request, error: RequestError) -> Response:
        """Send who is not known in a browser to where one signs in. Raises RequestError."""
        if error.status != 401 or "authorization" in request.headers:
            raise error
        return RedirectResponse(
            self.accounts.sign_in(request), 303, {"Cache-Control": "no-store", "Vary": "Cookie"}
        )

    def _frame(
        self, request: Request, address: str, given: Mapping[str, str], kept: Mapping[str, str]
    ) -> Frame:
        languages = {each: f"{address}?{urlencode({**kept, 'lang': each})}" for each in LANGUAGES}
        return Frame(self.site, _language(request, given), address, languages, styles=STYLES)


def _language(request: Request, given: Mapping[str, str]) -> str:
    wanted = given.get("lang", "")
    return wanted if wanted in LANGUAGES else language_of(request)


def _facts(given: Mapping[str, str]) -> bytes:
    """Return the facts of a form, in which browsers end lines with CR and LF."""
    return given.get("facts", "").replace("\r\n", "\n").encode("utf-8", "backslashreplace")


def _alert(error: KgpubError) -> tuple[str, int]:
    """Return what is told of an error, and its status. Raises it again where a page cannot."""
    found = next(((key, code) for kind, key, code in _ALERTS if isinstance(error, kind)), None)
    if found is not None:
        return found
    if isinstance(error, RequestError | StoreError):
        raise error
    return "review-problem-long", 422


def _answer(request: Request, content: str, status: int = 200) -> Response:
    # It is for the account alone that has asked.
    headers = {**headers_of(PAGE_TYPE, ""), "Cache-Control": "no-store"}
    body, coding = shortened(content.encode(), coding_of(request))
    if coding:
        headers["Content-Encoding"] = coding
    return Response(body, status, headers, media_type=PAGE_TYPE)
