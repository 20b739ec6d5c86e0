"""`/api/submissions`: submissions are taken, told of, revised and withdrawn."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import anyio
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kgpub.errors import CallError, StoreError
from kgpub.service.accounts.accounts import Accounts, Holder
from kgpub.service.api.problems import HEADERS
from kgpub.service.errors import RequestError
from kgpub.service.http.reading import fields_in
from kgpub.service.limits import DEFAULT_LIMITS
from kgpub.service.submitting.answers import form_of, language_asked, report, route
from kgpub.service.submitting.checks import Checks
from kgpub.service.submitting.limits import SubmissionLimits
from kgpub.service.submitting.problems import problem
from kgpub.service.submitting.received import (
    MEDIA_TYPES,
    Received,
    parameters_of,
    received,
)
from kgpub.service.submitting.reports import Outcome, ReportForm
from kgpub.service.submitting.told import (
    PATH,
    described,
    is_author,
    may_read,
    may_see,
    tag_of,
)
from kgpub.service.tokens.token import Scope
from kgpub.submissions.checking import file_name, stem_for
from kgpub.submissions.kept import Queue
from kgpub.submissions.submission import Action, Content, State, Submission

Result = TypeVar("Result")
MOST_LISTED = 100
_ID = re.compile("[a-z2-7]{16}")
_TAG = re.compile(r'"([0-9]{1,9})"')
_THREADS = 4
_TYPES = {suffix: name for name, suffix in reversed(list(MEDIA_TYPES.items()))}
_LOOK = "Look at it again."
_LONGEST = 1_000
"""Characters of a header If-Match that are read."""


@dataclass(frozen=True)
class _Checked:
    """What was sent, with the slug of its article, and what was found."""

    sent: Received
    form: ReportForm
    language: str
    outcome: Outcome

    @property
    def content(self) -> Content:
        return replace(self.sent.content, slug=self.outcome.slug)


@dataclass(frozen=True)
class Submissions:
    """The queue on the web."""

    queue: Queue
    checks: Checks
    accounts: Accounts
    limits: SubmissionLimits
    _threads: anyio.CapacityLimiter = field(
        default_factory=lambda: anyio.CapacityLimiter(_THREADS), repr=False
    )

    def routes(self) -> list[Route]:
        """Return the routes."""
        one = f"{PATH}/{{id}}"
        return [
            route(PATH, {"POST": self._receive, "GET": self._list}),
            route(one, {"GET": self._get, "PUT": self._revise, "DELETE": self._withdraw}),
            route(f"{one}/report", {"GET": self._report}),
            route(f"{one}/content", {"GET": self._content}),
        ]

    async def _receive(self, request: Request) -> Response:
        holder = self.accounts.admitted(request, Scope.submit)
        checked = await self._checked(request)
        if not checked.outcome.accepted:
            return _refused(request, checked)
        known = checked.outcome.article_digest
        kept = await self._done(lambda: self.queue.receive(checked.content, known, holder.account))
        return self._kept(request, checked, kept.submission, holder, 201 if kept.is_new else 200)

    async def _list(self, request: Request) -> Response:
        holder = self._reader(request)
        asked = _listing(request)
        everyone = asked.get("of") == "all"
        if everyone and Scope.review not in holder.scopes:
            raise RequestError(403, "others' submissions are for those who review")
        states = tuple(State) if "state" not in asked else (State(asked["state"]),)
        submitter = "" if everyone else holder.account.id
        most = int(asked.get("limit", MOST_LISTED))
        after = asked.get("after", "")
        found = await self._done(lambda: self.queue.listed(states, submitter, most, after))
        return _json({"submissions": [described(each, holder) for each in found]})

    async def _get(self, request: Request) -> Response:
        submission, holder = await self._found(request)
        return _json(described(submission, holder), headers={"ETag": tag_of(submission)})

    async def _revise(self, request: Request) -> Response:
        holder = self.accounts.admitted(request, Scope.submit)
        submission = await self._own(request, holder)
        version = _version(request, submission, required=True)
        checked = await self._checked(request, submission)
        if not checked.outcome.accepted:
            return _refused(request, checked)
        known = checked.outcome.article_digest
        revised = await self._done(
            lambda: self.queue.revise(
                submission.id, version, checked.content, known, holder.account
            )
        )
        return self._kept(request, checked, revised, holder, 200)

    async def _withdraw(self, request: Request) -> Response:
        holder = self.accounts.admitted(request, Scope.submit)
        submission = await self._own(request, holder)
        version = _version(request, submission, required=False)
        note = self.queue.note
        withdrawn = await self._done(
            lambda: note(submission.id, version, Action.withdrawn, holder.account)
        )
        return _json(described(withdrawn, holder), headers={"ETag": tag_of(withdrawn)})

    async def _report(self, request: Request) -> Response:
        submission, _ = await self._readable(request)
        parameters = parameters_of(request)
        form, language = form_of(request, parameters), language_asked(request, parameters)
        content = submission.revision.content
        name = file_name(content, submission.id)
        stem = stem_for(submission.id)
        found = await self.checks.run(form.kind, content, language, name=name, stem=stem)
        return report(request, form, language, Outcome.from_bytes(found).report)

    async def _content(self, request: Request) -> Response:
        submission, _ = await self._readable(request)
        content = submission.revision.content
        name = file_name(content, submission.id)
        headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
        media_type = _TYPES[f".{content.suffix.rpartition('.')[2]}"]
        return Response(content.body, headers=headers, media_type=media_type)

    async def _checked(self, request: Request, before: Submission | None = None) -> _Checked:
        """Read and check what is sent. Raises RequestError."""
        parameters = parameters_of(request)
        form, language = form_of(request, parameters), language_asked(request, parameters)
        sent = await received(request, self.limits.of_requests)
        stem = "" if before is None else stem_for(before.id)
        found = await self.checks.run(form.kind, sent.content, language, name=sent.name, stem=stem)
        return _Checked(sent, form, language, Outcome.from_bytes(found))

    def _kept(
        self,
        request: Request,
        checked: _Checked,
        submission: Submission,
        holder: Holder,
        status: int,
    ) -> Response:
        """Answer that a submission is in the queue, with its report."""
        headers = {"Location": f"{PATH}/{submission.id}", "ETag": tag_of(submission)}
        if checked.form.name != "json":
            found = checked.outcome.report
            return report(request, checked.form, checked.language, found, status, headers)
        told = {**described(submission, holder), "report": json.loads(checked.outcome.report)}
        return _json(told, status, headers)

    def _reader(self, request: Request) -> Holder:
        """Return who asks, if they submit or review. Raises RequestError, StoreError."""
        holder = self.accounts.signed_in(request)
        if holder is None or not holder.scopes & {Scope.submit, Scope.review}:
            return self.accounts.admitted(request, Scope.submit)
        return holder

    async def _found(self, request: Request) -> tuple[Submission, Holder]:
        """Return a submission that whoever asks may know of. Raises RequestError, StoreError."""
        holder = self._reader(request)
        return await self._of(request, lambda each: may_see(each, holder)), holder

    async def _readable(self, request: Request) -> tuple[Submission, Holder]:
        """Return a submission that whoever asks may read. Raises RequestError, StoreError."""
        holder = self._reader(request)
        return await self._of(request, lambda each: may_read(each, holder)), holder

    async def _own(self, request: Request, holder: Holder) -> Submission:
        """Return a submission that whoever asks may change. Raises RequestError, StoreError."""
        return await self._of(request, lambda each: is_author(each, holder))

    async def _of(self, request: Request, allows: Callable[[Submission], bool]) -> Submission:
        """Return a submission; one that is not for whoever asks is as one that there is not."""
        id_ = request.path_params["id"]
        if _ID.fullmatch(id_):
            try:
                found = await self._done(lambda: self.queue.get(id_))
            except StoreError:
                raise
            except CallError:
                found = None
            if found is not None and allows(found):
                return found
        raise RequestError(404, "you have no such submission", f"See yours at {PATH}.")

    async def _done(self, call: Callable[[], Result]) -> Result:
        """Return what `call` returns, which reads or writes the disk."""
        return await to_thread.run_sync(call, limiter=self._threads)


def _refused(request: Request, checked: _Checked) -> Response:
    """Answer that a submission is not taken, with its report: nothing is kept."""
    if checked.form.name != "json":
        found = checked.outcome.report
        return report(request, checked.form, checked.language, found, 422)
    message = "there are errors in the submission; nothing was kept"
    error = RequestError(422, message, "Mend what the report tells, and send it again.")
    return problem(error, {"report": json.loads(checked.outcome.report)})


def _version(request: Request, submission: Submission, *, required: bool) -> int:
    """Return the version that a client has seen (RFC 9110, section 13.1.1). Raises RequestError."""
    header = request.headers.get("if-match", "")
    if not header and required:
        remedy = "Say If-Match: and the ETag that it was read with."
        raise RequestError(428, "it is not told which version is to be changed", remedy)
    if not header or header.strip() == "*":
        return submission.version
    tags = [_TAG.fullmatch(each.strip()) for each in header[:_LONGEST].split(",")]
    if submission.version not in {int(tag[1]) for tag in tags if tag is not None}:
        told = {"ETag": tag_of(submission)}
        raise RequestError(412, "the submission has changed since", _LOOK, headers=told)
    return submission.version


def _listing(request: Request) -> Mapping[str, str]:
    """Return what a list is asked for by. Raises RequestError."""
    known = {
        "state": {state.value for state in State},
        "of": {"own", "all"},
        "limit": {str(number) for number in range(1, MOST_LISTED + 1)},
    }
    found = fields_in(request.scope["query_string"], DEFAULT_LIMITS)
    for name, value in found.items():
        if name == "after":
            if not _ID.fullmatch(value):
                raise RequestError(422, "after is no identifier", "Give that of a submission.")
            continue
        if name not in known:
            raise RequestError(
                400, "there is no such parameter", f"Parameters: {', '.join([*known, 'after'])}."
            )
        if value not in known[name]:
            remedy = f"Give a number from 1 to {MOST_LISTED}."
            if name != "limit":
                remedy = f"One of: {', '.join(sorted(known[name]))}."
            raise RequestError(422, f"{name} has no such value", remedy)
    return found


def _json(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    content = json.dumps(value, ensure_ascii=False).encode()
    return Response(content, status, {**HEADERS, **(headers or {})}, "application/json")
