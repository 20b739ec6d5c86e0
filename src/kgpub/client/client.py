"""The client: what can be asked of a service about submissions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, urlencode
from urllib.request import Request

from kgpub.client.errors import Refused, ServiceError
from kgpub.client.exchange import Reply, checked_address, send
from kgpub.client.report import Report, report_from
from kgpub.client.sent import (
    NewArticle,
    Submission,
    content_of,
    form,
    media_type_of,
    submission_from,
)
from kgpub.submissions.submission import State
from kgpub.version import __version__

_SUBMISSIONS = "/api/submissions"
_MOST = 100_000
"""Submissions that are listed: a service may say that there are more, whatever it has said."""
Source = str | Path | bytes
"""The path of a file, or its content."""


class Client:
    """A client of the service at `url`, such as https://facts.example.org.

    `token` is one of scope submit, needed for all but `validate`; it is sent to that host alone,
    by https or on this machine, and never shown. Messages come in `language`. Methods raise
    ServiceError where the service cannot be reached or refuses, CallError for files that cannot be
    read, and Refused where there are errors in a submission.
    """

    def __init__(
        self, url: str, *, token: str = "", language: str = "en", seconds: float = 60.0
    ) -> None:
        self._url = checked_address(url, is_secret=bool(token))
        self._token = token
        self._language = language
        self._seconds = seconds

    def __repr__(self) -> str:
        return f"Client({self._url!r})"

    def validate(
        self,
        source: Source,
        *,
        name: str = "",
        article: str = "",
        new_article: NewArticle | None = None,
    ) -> Report:
        """Return what the service says of a submission; nothing is kept.

        `name` is what its file is called, which tells its format; that of the file where a path is
        given. `article` is the slug of the article, where the file does not name it.
        """
        reply = self._sent("POST", "/api/validate", source, name, article, new_article)
        return report_from(_json(reply, 200))

    def submit(
        self,
        source: Source,
        *,
        name: str = "",
        article: str = "",
        new_article: NewArticle | None = None,
    ) -> Submission:
        """Send a submission; once this returns, it is on the disk of the service.

        What was sent before is the same submission. For the parameters see `validate`.
        """
        reply = self._sent("POST", _SUBMISSIONS, source, name, article, new_article)
        _require_sound(reply)
        return submission_from(_json(reply, 200, 201), is_new=reply.status == 201)

    def revise(
        self,
        submission: Submission,
        source: Source,
        *,
        name: str = "",
        article: str = "",
        new_article: NewArticle | None = None,
    ) -> Submission:
        """Put other content in the place of a submission that is as it was told."""
        path = f"{_SUBMISSIONS}/{quote(submission.id, safe='')}"
        headers = {"If-Match": f'"{submission.version}"'}
        reply = self._sent("PUT", path, source, name, article, new_article, headers)
        _require_sound(reply)
        return submission_from(_json(reply, 200))

    def submission(self, id_: str) -> Submission:
        """Return a submission of the account that the token is of."""
        return submission_from(
            _json(self._asked("GET", f"{_SUBMISSIONS}/{quote(id_, safe='')}"), 200)
        )

    def submissions(self, state: State | None = None) -> list[Submission]:
        """Return the submissions of the account that the token is of, oldest first."""
        query = {} if state is None else {"state": state.value}
        found: list[Submission] = []
        while listed := self._listed({**query, **({"after": found[-1].id} if found else {})}):
            found += listed
            if len(found) > _MOST:
                raise ServiceError(f"the service lists more than {_MOST:,} submissions")
        return found

    def _listed(self, query: Mapping[str, str]) -> list[Submission]:
        path = f"{_SUBMISSIONS}?{urlencode(query)}" if query else _SUBMISSIONS
        told = _json(self._asked("GET", path), 200)
        listed = told.get("submissions") if isinstance(told, dict) else None
        if not isinstance(listed, list):
            raise ServiceError("the service answers with what is no list of submissions")
        return [submission_from(each) for each in listed]

    def withdraw(self, submission: Submission) -> Submission:
        """Withdraw a submission that is as it was told."""
        path = f"{_SUBMISSIONS}/{quote(submission.id, safe='')}"
        headers = {"If-Match": f'"{submission.version}"'}
        return submission_from(_json(self._asked("DELETE", path, headers=headers), 200))

    def _sent(
        self,
        method: str,
        path: str,
        source: Source,
        name: str,
        article: str,
        new_article: NewArticle | None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        if not isinstance(source, bytes):
            name = name or Path(source).name
            source = content_of(Path(source))
        media_type = media_type_of(name)
        if new_article is not None:
            source, media_type = form(source, name, new_article)
        told = {"name": name, "article": article}
        query = urlencode({key: value for key, value in told.items() if value})
        given = {"Content-Type": media_type, **(headers or {})}
        return self._asked(method, f"{path}?{query}", source, given)

    def _asked(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        request = Request(f"{self._url}{path}", body, method=method)
        told = {
            "Accept": "application/json",
            "Accept-Language": self._language,
            "User-Agent": f"kgpub/{__version__}",
            **(headers or {}),
        }
        if self._token:
            told["Authorization"] = f"Bearer {self._token}"
        for header, value in told.items():
            request.add_header(header, value)
        return send(request, self._seconds)


def _json(reply: Reply, *statuses: int) -> object:
    """Return the JSON of an answer with one of these statuses. Raises ServiceError."""
    try:
        told: object = json.loads(reply.content)
    except (ValueError, RecursionError):
        told = None
    if reply.status in statuses and told is not None:
        return told
    if 300 <= reply.status < 400:
        message = f"the service is elsewhere: {_text(reply.headers.get('location', ''))}"
        raise ServiceError(message, "Give that address, if you trust it.", reply.status)
    problem = told if isinstance(told, dict) else {}
    detail = _text(problem.get("detail") or problem.get("message") or "")
    message = f"the service answers {reply.status}" + (f": {detail}" if detail else "")
    raise ServiceError(message, _text(problem.get("remedy") or ""), reply.status)


def _require_sound(reply: Reply) -> None:
    """Raise Refused where there are errors in what was submitted."""
    if reply.status == 422:
        try:
            told = json.loads(reply.content)
        except (ValueError, RecursionError):
            return
        if isinstance(told, dict) and "report" in told:
            raise Refused(report_from(told["report"]))


def _text(value: object) -> str:
    """Return what a service says, on one line, not too long."""
    return "".join(each if each.isprintable() else "\ufffd" for each in str(value)[:500])
