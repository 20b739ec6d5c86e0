"""What takes submissions, as it stands on the web, with tokens for it."""

from __future__ import annotations

import json
import os
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from tests.service.served import Got, fetch
from tests.service.served import running as served

from kgpub import Workspace
from kgpub.pipeline.workspace import STATE
from kgpub.service.accounts.accounts import Accounts
from kgpub.service.application import application
from kgpub.service.submitting.limits import SubmissionLimits
from kgpub.service.submitting.taking import Taking, taking_submissions
from kgpub.service.tokens.admission import Admission
from kgpub.service.tokens.keeping import KeptTokens
from kgpub.service.tokens.token import Scope, Token, minted

FACTS = """article: example
contributor: سالم
statements:
  - words: سنبدأ بإصلاح شبكة المياه
    introduced-by: وقالت حسن
    said-by: person/layla-hasan
    about: [office/mayor-of-al-waha]
"""
"""A submission about the article of `served.make_workspace` which is right."""
YAML = "application/yaml"
FEW = SubmissionLimits(processes=1, seconds=25.0, per_minute=1_000_000)


@dataclass(frozen=True)
class Place:
    """A workspace that takes submissions over HTTP."""

    workspace: Workspace
    origin: str
    taking: Taking
    accounts: dict[str, str] = field(repr=False)

    def validate(self, body: bytes | str, query: str = "", **headers: str) -> Got:
        return self.sent("/api/validate", body, query, **headers)

    def submit(self, body: bytes | str, query: str = "", by: str = "anna", **headers: str) -> Got:
        return self.sent("/api/submissions", body, query, by, **headers)

    def sent(
        self,
        path: str,
        body: bytes | str,
        query: str = "",
        by: str = "",
        method: str = "POST",
        **headers: str,
    ) -> Got:
        content = body.encode() if isinstance(body, str) else body
        told = {"content_type": YAML, **self._known(by), **headers}
        return fetch(f"{self.origin}{path}{query}", content, method, **told)

    def asked(self, path: str, by: str = "anna", method: str = "GET", **headers: str) -> Got:
        return fetch(f"{self.origin}{path}", None, method, **{**self._known(by), **headers})

    def _known(self, by: str) -> dict[str, str]:
        return {"authorization": f"Bearer {self.accounts[by]}"} if by else {}


def problem(got: Got, status: int) -> Any:
    """The problem details of an answer that has this status (RFC 9457, section 3)."""
    assert got.status == status, got.body
    assert got.headers["content-type"] == "application/problem+json"
    told = json.loads(got.body)
    assert told["status"] == status
    assert told["type"] and told["title"] and told["detail"]
    return told


def token(workspace: Workspace, name: str, *scopes: Scope) -> str:
    text, id_, digest = minted(os.urandom)
    kept = KeptTokens(workspace.root / STATE)
    kept.add(Token(id_, name, frozenset(scopes), datetime.now(UTC), None, digest))
    return text


@contextmanager
def place(workspace: Workspace, limits: SubmissionLimits = FEW) -> Iterator[Place]:
    """Take submissions of a workspace that has been built."""
    state = workspace.root / STATE
    admission = Admission(KeptTokens(state), lambda: datetime.now(UTC), time.monotonic)
    taking = taking_submissions(workspace, Accounts(admission), limits)
    known = {
        "anna": token(workspace, "Anna", Scope.submit),
        "basim": token(workspace, "باسم", Scope.submit),
        "editor": token(workspace, "Editor", Scope.review),
        "other": token(workspace, "Other", Scope.metrics),
    }

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with taking.checks:
            yield

    with served(application(taking.routes, lifespan)) as origin:
        yield Place(workspace, origin, taking, known)


def in_folder(workspace: Workspace, text: str) -> Path:
    """A file outside the workspace, for the command line to read; of a name of its own."""
    folder = workspace.root.parent / "beside"
    folder.mkdir(exist_ok=True)
    (folder / "more.yaml").write_text(text, encoding="utf-8")
    return folder / "more.yaml"
