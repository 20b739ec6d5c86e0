"""Decisions that come over HTTP: checked, kept, and what was accepted is published."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeVar

import anyio
from anyio import to_thread

from kgpub.service.reviewing.looking import Looked, judged, looked_at
from kgpub.service.reviewing.publication import Publication
from kgpub.service.submitting.checks import Checks
from kgpub.submissions.checking import file_name
from kgpub.submissions.deciding import Decision, Seen, decide, edit
from kgpub.submissions.kept import Queue
from kgpub.submissions.submission import Account, Content, State, Submission

Result = TypeVar("Result")
_THREADS = 4


@dataclass(frozen=True)
class Reviews:
    """The queue for those who decide."""

    queue: Queue
    checks: Checks
    publication: Publication
    _threads: anyio.CapacityLimiter = field(
        default_factory=lambda: anyio.CapacityLimiter(_THREADS), repr=False
    )

    async def get(self, id_: str) -> Submission:
        """Return a submission. Raises CallError where there is none, StoreError."""
        return await self._done(lambda: self.queue.get(id_))

    async def listed(self, states: tuple[State, ...], most: int) -> list[Submission]:
        """Return submissions, oldest first. Raises StoreError."""
        return await self._done(lambda: self.queue.listed(states, most=most))

    async def look(self, submission: Submission, language: str) -> Looked:
        """Return what is shown of a submission. Raises RequestError."""
        return await self._looked(looked_at, submission, submission.revision.content, language)

    async def decide(
        self, submission: Submission, seen: Seen, decision: Decision, by: Account, reason: str
    ) -> Submission:
        """Keep a decision. Raises as kgpub.submissions.deciding does, and RequestError."""
        found = None
        if decision is Decision.accept:
            content = submission.revision.content
            found = (await self._looked(judged, submission, content)).found
        decided = await self._done(
            lambda: decide(self.queue, submission, seen, decision, by, reason, found)
        )
        if decided.state is State.accepted:
            self.publication.ask()
        return decided

    async def edit(
        self, submission: Submission, seen: Seen, body: bytes, by: Account, reason: str
    ) -> Submission:
        """Put other facts in the place of what was submitted, and accept them; raises as above."""
        content = replace(submission.revision.content, body=body)
        found = (await self._looked(judged, submission, content)).found

        def edited() -> Submission:
            changed = edit(self.queue, submission, seen, content, by, found)
            again = Seen(changed.version, found.article_digest)
            return decide(self.queue, changed, again, Decision.accept, by, reason, found)

        decided = await self._done(edited)
        self.publication.ask()
        return decided

    async def look_at(self, submission: Submission, body: bytes, language: str) -> Looked:
        """Return what would be shown of a submission with other facts. Raises RequestError."""
        content = replace(submission.revision.content, body=body)
        return await self._looked(looked_at, submission, content, language)

    async def _looked(
        self,
        kind: Callable[..., bytes],
        submission: Submission,
        content: Content,
        language: str = "en",
    ) -> Looked:
        stem = f"submission-{submission.id}"
        name = file_name(content, "facts")
        told = await self.checks.run(kind, content, language, name=name, stem=stem)
        return Looked.from_bytes(told)

    async def _done(self, call: Callable[[], Result]) -> Result:
        return await to_thread.run_sync(call, limiter=self._threads)
